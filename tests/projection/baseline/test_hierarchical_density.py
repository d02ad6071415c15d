"""What the hierarchical growth model is given of the project's tables, and what it gives back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.errors import EstimationError
from forecast.evaluation.scores.scores import crps_normal, crps_sample
from forecast.panel import Panel
from forecast.projection.baseline.hierarchical_density import hierarchical_density, level_panel
from forecast.sources.package.package import DataPackage
from forecast.timeseries.hierarchical.chain_diagnostics import split_r_hat
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.posterior import hierarchical_posterior
from forecast.timeseries.hierarchical.record import HierarchicalPosterior


@pytest.fixture(scope="module")
def pwt(starter: DataPackage) -> Panel:
    """Return the Penn World Table 9.1."""
    return starter.panel("pwt91")


def test_levels_are_the_tables_and_run_on_with_growth(starter: DataPackage, pwt: Panel) -> None:
    """China's level of 2017 is PWT's; its growth after that is the annual table's, to 2024."""
    panel = level_panel(pwt, starter.annual(), 2025)
    row = panel.levels[panel.countries.index("CHN")]
    table = pwt.rows("CHN")
    output = starter.annual().series("CHN", "output_per_worker")
    at = {year: i for i, year in enumerate(panel.years)}

    level = 100 * np.log(table.loc[2017, "rgdpna"] / table.loc[2017, "emp"])
    assert_allclose(row[at[2017]], level, rtol=1e-12)
    grown = 100 * np.log(output[2024] / output[2017])
    assert_allclose(row[at[2024]] - row[at[2017]], grown, rtol=1e-10)
    assert np.isnan(row[at[2025]])
    assert np.isnan(panel.levels[panel.countries.index("FRA"), at[2018]])


def test_given_growth_comes_before_the_tables(starter: DataPackage, pwt: Panel) -> None:
    """Growth that the caller knows is used where the table has other or none."""
    later = {"CHN": pd.Series({2017: 99.0, 2018: 6.0, 2025: 5.0})}
    panel = level_panel(pwt, starter.annual(), 2025, later)
    row = panel.levels[panel.countries.index("CHN")]

    assert_allclose(row[-1] - row[-2], 5.0)
    assert_allclose(row[-8] - row[-9], 6.0)  # 2018; PWT's own 2017 stays


def test_nothing_after_the_origin_is_seen(starter: DataPackage, pwt: Panel) -> None:
    """A future of noise instead of the real one gives the same levels."""
    frame = pwt.frame.copy()
    late = frame.index.get_level_values("year") > 2000
    frame.loc[late] = np.random.default_rng(1).uniform(1, 2, (int(late.sum()), frame.shape[1]))
    noisy = Panel(frame=frame, source="noise")

    found = level_panel(noisy, starter.annual(), 2000)
    expected = level_panel(pwt, starter.annual(), 2000)
    known = [expected.countries.index(c) for c in found.countries]
    assert_array_equal(found.levels, expected.levels[known])


def test_an_economy_that_is_not_there_is_named(starter: DataPackage, pwt: Panel) -> None:
    """An unknown code is an error that says so."""
    with pytest.raises(EstimationError, match="economy 'CHM' is not one of"):
        hierarchical_density(pwt, starter.annual(), "CHM", 2024, 5, 10, np.random.default_rng(1))


@pytest.fixture(scope="module")
def chains(starter: DataPackage, pwt: Panel) -> list[HierarchicalPosterior]:
    """Return two chains to 2024."""
    panel = level_panel(pwt, starter.annual(), 2024).estimable()
    return [hierarchical_posterior(panel, np.random.default_rng(seed)) for seed in (1, 2)]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_chains_agree_on_what_moves_china(chains: list[HierarchicalPosterior]) -> None:
    """R-hat of all that China's density takes from the chain is below 1.1, and its growth agrees.

    Targets of all economies together mix more slowly (docs/methods/hierarchical_growth.md); what
    they imply for growth does not.
    """
    i = chains[0].countries.index("CHN")
    for name in ("momentum", "momentum_std", "noise", "volatility", "speed"):
        draws = np.array([getattr(chain, name)[:, i] for chain in chains])
        assert split_r_hat(draws) < 1.1, name
    for name in ("drift", "factor_std", "drift_change_std", "persistence", "tails"):
        assert split_r_hat(np.array([getattr(chain, name) for chain in chains])) < 1.1, name
    gap = [c.level[:, i] - c.factor - c.target[:, i] for c in chains]
    assert split_r_hat(np.array(gap)) < 1.1
    means = []
    for chain in chains:
        paths = hierarchical_paths(chain, ["CHN"], 50, 6000, np.random.default_rng(3))[:, 0]
        means.append(np.quantile((paths[:, 50] - paths[:, 0]) / 50, [0.1, 0.5, 0.9]))
    # Two chains of some 300 effective draws, standard deviation 1.7: a tenth of that each.
    assert np.abs(means[0] - means[1]).max() < 0.5


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_width_of_the_worlds_growth_is_of_the_published_size(
    chains: list[HierarchicalPosterior], pwt: Panel
) -> None:
    """Average growth of the world over 80 years is as uncertain as others found, within half.

    Christensen, Gillingham and Nordhaus (2018): standard deviation 1.1 points, 2010-2100.
    """
    heads = pwt.through(2017).require(["emp"])["emp"].groupby("country").last()
    weights = heads.reindex(list(chains[0].countries)).to_numpy()
    paths = hierarchical_paths(chains[0], chains[0].countries, 80, 1500, np.random.default_rng(3))
    total = 100 * np.log(np.einsum("n,dnt->dt", weights, np.exp(paths[:, :, [0, 80]] / 100)))

    assert 0.7 < ((total[:, 1] - total[:, 0]) / 80).std() < 1.65


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_growth_of_all_economies_after_1997(pwt: Panel) -> None:
    """Seen from 1997, 80 % intervals of 1997-2017 hold 72 to 90 % and beat the world mean's CRPS.

    143 economies that share one factor: the band is that of some 60 independent ones at 95 %.
    """
    known = level_panel(pwt, None, 1997).estimable()
    future = level_panel(pwt, None, 2017)
    rows = [future.countries.index(code) for code in known.countries]
    came = (future.levels[rows, -1] - future.levels[rows, -21]) / 20
    kept = np.isfinite(came) & np.isfinite(known.levels[:, -1])
    codes = [code for code, keep in zip(known.countries, kept, strict=True) if keep]
    posterior = hierarchical_posterior(known, np.random.default_rng(1))
    paths = hierarchical_paths(posterior, codes, 20, 2000, np.random.default_rng(2))
    draws, outcome = (paths[:, :, -1] - paths[:, :, 0]).T / 20, came[kept]
    low, high = np.quantile(draws, [0.1, 0.9], axis=1)
    growth = np.diff(known.levels, axis=1)
    past = np.nanstd((known.levels[:, -1] - known.levels[:, -21]) / 20)
    rival = crps_normal(outcome, np.full(len(codes), np.nanmean(growth)), np.array(past))

    assert 0.72 < np.mean((outcome >= low) & (outcome <= high)) < 0.90
    assert crps_sample(outcome, draws).mean() < rival.mean()
