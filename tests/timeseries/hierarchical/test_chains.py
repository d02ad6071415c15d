"""Several chains: what they are worth, and that nothing but the seed decides them."""

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.randomness.workers import at_most
from forecast.timeseries.hierarchical.chain_diagnostics import (
    bulk_size,
    effective_size,
    split_r_hat,
    tail_size,
)
from forecast.timeseries.hierarchical.chains import (
    GROWTH_AHEAD,
    expected_growth,
    hierarchical_chains,
)
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.posterior import hierarchical_posterior
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries" / "chain_sizes.txt"
FOUR = Sampling(draws=20, burn=10, thin=2, chains=4)


@pytest.fixture(scope="module")
def panel() -> LevelPanel:
    """Five economies of 30 years, one with a hole."""
    growth = np.random.default_rng(3).normal(2, 2, (5, 30))
    levels = 900 + np.cumsum(growth, axis=1)
    levels[3, 10:12] = np.nan
    return LevelPanel(
        years=np.arange(1990, 2020), countries=("A", "B", "C", "D", "E"), levels=levels, leader="A"
    )


@pytest.fixture(scope="module")
def drawn(panel: LevelPanel) -> HierarchicalPosterior:
    """Return four short chains, drawn in one process."""
    with at_most(1):
        return hierarchical_chains(panel, 5, FOUR)


def test_sizes_are_those_of_r() -> None:
    """Normal, heavy-tailed and tied values, against R's posterior (chain_sizes.R)."""
    x = np.zeros((4, 500))
    for chain in range(4):
        for i in range(1, 500):
            place = np.sin((i + 1) * 12.9898 + (chain + 1) * 78.233) * 437.585453
            x[chain, i] = 0.8 * x[chain, i - 1] + place - np.floor(place) - 0.5
    told = np.loadtxt(REFERENCE)

    for values, (r_hat, basic, bulk, tail) in zip((x, x**3, np.round(4 * x)), told, strict=True):
        assert_allclose(split_r_hat(values), r_hat, atol=1e-6)
        # R adds half a term of the sum after its last pair: less than one per cent of the sizes.
        assert_allclose(effective_size(values), basic, rtol=0.01)
        assert_allclose(bulk_size(values), bulk, rtol=0.01)
        assert_allclose(tail_size(values), tail, rtol=0.01)


def test_the_number_of_processes_changes_nothing(
    panel: LevelPanel, drawn: HierarchicalPosterior, processes_used: list[int]
) -> None:
    """Two processes draw the bytes that one does, and what is told of them."""
    with at_most(2):
        two = hierarchical_chains(panel, 5, FOUR)

    assert processes_used == [2]
    assert drawn.size == 80
    for name in (field.name for field in fields(drawn)):
        one, other = getattr(drawn, name), getattr(two, name)
        pairs = one.items() if isinstance(one, dict) else [(name, one)]
        for key, value in pairs:
            assert_array_equal(value, other[key] if isinstance(other, dict) else other)


def test_chains_start_apart_and_are_told_of(drawn: HierarchicalPosterior) -> None:
    """Four chains differ; each quantity has three numbers, growth three an economy."""
    tails = drawn.tails.reshape(4, -1)

    assert len(np.unique(tails[:, 0])) > 1
    assert {"tails", "persistence", "half_life", GROWTH_AHEAD} <= set(drawn.mixing)
    assert drawn.mixing["tails"].shape == (3,)
    assert drawn.mixing[GROWTH_AHEAD].shape == (5, 3)
    assert drawn.mixing["tails"][0] == split_r_hat(tails)


def test_one_chain_is_the_sampler_itself(panel: LevelPanel) -> None:
    """Past origins' chain has the sampler's own draws, from the priors' centres."""
    short = Sampling(draws=10, burn=5)

    found = hierarchical_chains(panel, 5, short)

    assert_array_equal(
        found.level, hierarchical_posterior(panel, np.random.default_rng(5), sampling=short).level
    )
    assert found.mixing == {}


def test_growth_without_shocks_is_what_is_expected(drawn: HierarchicalPosterior) -> None:
    """Paths of the model whose shocks are nil grow by it, to rounding."""
    still = replace(
        drawn,
        factor_std=0 * drawn.factor_std,
        drift_change_std=0 * drawn.drift_change_std,
        momentum_std=0 * drawn.momentum_std,
        noise=0 * drawn.noise,
    )
    order = np.random.default_rng(1).spawn(2)[0].permutation(np.arange(80))

    paths = hierarchical_paths(still, still.countries, 10, 80, np.random.default_rng(1))

    found = (paths[:, :, -1] - paths[:, :, 0]) / 10
    assert_allclose(found, expected_growth(drawn, 10)[order], rtol=0, atol=1e-9)


def test_panels_are_equal_where_what_they_hold_is(panel: LevelPanel) -> None:
    """Missing values compare as equal; another number, name or year does not."""
    assert replace(panel, levels=panel.levels.copy()) == panel
    assert len({panel, replace(panel, levels=panel.levels.copy())}) == 1
    for other in ({"levels": panel.levels + 1}, {"leader": "B"}, {"years": panel.years + 1}):
        assert replace(panel, **other) != panel
