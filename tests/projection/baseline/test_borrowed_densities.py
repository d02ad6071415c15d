"""Densities learnt from all economies: how long their chains are, and what is told of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import forecast as fc
from forecast import catalog
from forecast.projection.baseline.borrowed_densities import (
    APART,
    CHAINS,
    HIERARCHICAL,
    PAST_CHAIN,
    WorldRecord,
    fresh_posterior,
)
from forecast.projection.baseline.hierarchical_density import level_panel
from forecast.sources.package.package import DataPackage
from forecast.timeseries.hierarchical.chains import (
    GROWTH_AHEAD,
    SCALARS,
    expected_growth,
    hierarchical_chains,
    mixing_of,
)
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling
from places import ROOT

TWO = Sampling(draws=8, burn=4, chains=2)


@pytest.fixture(scope="module")
def posterior() -> HierarchicalPosterior:
    """Return two short chains of four economies, with mixing that is made up."""
    growth = np.random.default_rng(3).normal(2, 2, (4, 25))
    levels = 900 + np.cumsum(growth, axis=1)
    panel = LevelPanel(
        years=np.arange(1990, 2015), countries=("A", "B", "C", "D"), levels=levels, leader="A"
    )
    ahead = np.ones((4, 3))
    ahead[1] = 1.0123, 9.4, 8.0
    mixing = {"tails": np.array([1.04, 5.2, 3.0]), "half_life": np.ones(3), GROWTH_AHEAD: ahead}
    return replace(hierarchical_chains(panel, 5, TWO), mixing=mixing)


def _record(posterior: HierarchicalPosterior | str) -> WorldRecord:
    return WorldRecord(posterior=posterior, shrinkage="not asked for")


def test_the_caveat_says_what_the_chains_are_worth(posterior: HierarchicalPosterior) -> None:
    """The economy's own growth and the tails: R-hat and effective draws of the bulk."""
    assert _record(posterior).caveat("B") == (
        "The density 'hierarchical' has 16 draws of several chains, worth 9 independent ones for "
        "the growth that B is expected to have over ten years (split R-hat 1.012) and 5 for how "
        "heavy the tails of annual shocks are (1.040)."
    )


def test_the_caveat_names_where_chains_have_not_met(posterior: HierarchicalPosterior) -> None:
    """Every common parameter beyond the limit, and none at it."""
    apart = {"half_life": np.array([1.456, 2, 2]), "drift": np.array([np.inf, 2, 2])}
    at = {"persistence": np.array([APART, 2, 2])}
    said = _record(replace(posterior, mixing=posterior.mixing | apart | at)).caveat("B")

    assert said.endswith("(1.040); chains have not met on half_life (1.46), drift (inf).")


def test_there_is_no_caveat_without_several_chains(posterior: HierarchicalPosterior) -> None:
    """One chain, none, or none of this economy."""
    assert _record(replace(posterior, mixing={})).caveat("B") == ""
    assert _record("not asked for").caveat("B") == ""
    assert _record(posterior).caveat("E") == ""


def test_a_run_of_the_pool_has_the_caveat(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands among the results' notes where several chains served, and not beside the chain."""

    def short(panel: LevelPanel, seed: int, sampling: Sampling) -> HierarchicalPosterior:
        asked.append(sampling)
        return fresh_posterior(panel, seed, TWO)

    asked: list[Sampling] = []
    monkeypatch.setattr("forecast.study.inputs.kept_posterior", short)
    settings = {"scenarios": ["baseline"], "draws": 100, "out": None}
    pool, chain = (fc.run(baseline=name, **settings) for name in ("pool", "chain"))

    assert asked == [CHAINS]
    told = pool.futures.setting.densities.caveat
    assert told.startswith(f"The density {HIERARCHICAL!r} has 16 draws of several chains, worth ")
    assert "CHN is expected" in told
    assert told in pool.caveats
    assert chain.futures.setting.densities.caveat == ""


def test_the_page_says_how_long_chains_are() -> None:
    """docs/methods/hierarchical_growth.md has the constants that a run and a past origin use."""
    page = (ROOT / "docs" / "methods" / "hierarchical_growth.md").read_text(encoding="utf-8")
    number = {4: "four"}

    assert (
        f"{number[CHAINS.chains].capitalize()} chains from places as far apart as the priors say, "
        f"{CHAINS.burn} sweeps thrown away and every {number[CHAINS.thin]}th of "
        f"{CHAINS.draws * CHAINS.thin:,} kept in each: {CHAINS.draws * CHAINS.chains:,} draws"
    ) in page
    assert f"takes one chain of {PAST_CHAIN.burn} and {PAST_CHAIN.draws} sweeps" in page
    assert (PAST_CHAIN.chains, PAST_CHAIN.thin) == (1, 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_shipped_chains_have_met_on_what_growth_takes(starter: DataPackage) -> None:
    """Growth over 10, 25 and 50 years of every economy, and all of a path's common shocks.

    The limits are those of Gelman et al. (2013), section 11.5: split R-hat below 1.1 and ten
    effective draws a chain; of the subject's growth that of Vehtari et al. (2021): 100 a chain.
    """
    seed, pwt = catalog.study().seed, starter.panel("pwt91")
    panel = level_panel(pwt, starter.annual(), 2024).estimable()
    found = fresh_posterior(panel, seed, CHAINS)

    assert found.size == CHAINS.draws * CHAINS.chains
    for horizon in (10, 25, 50):
        growth = expected_growth(found, horizon)
        mixing = np.array([mixing_of(one.reshape(CHAINS.chains, -1)) for one in growth.T])
        assert mixing[:, 0].max() < APART
        assert mixing[:, 1].min() > 10 * CHAINS.chains
        assert mixing[found.countries.index("CHN"), 1] > 100 * CHAINS.chains
    for name in SCALARS:
        r_hat, bulk, _ = found.mixing[name]
        assert r_hat < APART, name
        assert bulk > 10 * CHAINS.chains, name
