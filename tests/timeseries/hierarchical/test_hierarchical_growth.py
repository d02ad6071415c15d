"""The hierarchical growth model: simulated truth, the prior alone, and what it says of data."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.random import Generator
from numpy.testing import assert_array_equal
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import EstimationError
from forecast.timeseries.hierarchical.chain_diagnostics import effective_size
from forecast.timeseries.hierarchical.growth import hierarchical_growth
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.posterior import hierarchical_posterior
from forecast.timeseries.hierarchical.record import (
    HierarchicalPosterior,
    HierarchicalPrior,
    LevelPanel,
    Sampling,
)

Array = NDArray[np.float64]

PRIOR = HierarchicalPrior()
SHORT = Sampling(draws=60, burn=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Parameters by name, all levels (N, T + 1 + H), and the panel of the first T + 1 years."""

    parameters: dict[str, float]
    levels: Array
    panel: LevelPanel


def draw_parameters(prior: HierarchicalPrior, n: int, rng: Generator) -> dict[str, Array]:
    """Return one draw of the prior, written down from its definition."""

    def spread(mean: float) -> float:
        return float(np.sqrt(2 * mean**2 / rng.gamma(3)))

    centre_m = rng.normal(prior.momentum.centre, prior.momentum.centre_std)
    centre_n = rng.normal(prior.noise.centre, prior.noise.centre_std)
    spread_m, spread_n = spread(prior.momentum.spread), spread(prior.noise.spread)
    logit = np.log(prior.persistence / (1 - prior.persistence))
    steps = prior.half_life_std * np.linspace(-3, 3, 25)
    chance = np.exp(-0.5 * (steps / prior.half_life_std) ** 2)
    half_life = prior.half_life * np.exp(rng.choice(steps, p=chance / chance.sum()))
    half_spread = rng.choice(prior.half_life_spreads)
    grid = np.array(prior.half_lives)
    chance = np.exp(-0.5 * (np.log(grid / half_life) / half_spread) ** 2)
    own = rng.choice(grid, size=n, p=chance / chance.sum())
    between, within = spread(prior.between_std), spread(prior.within_std)
    centre = rng.normal(prior.target, prior.target_std)
    means = rng.normal(centre, between, prior.groups)
    group = rng.choice(prior.groups, size=n, p=rng.dirichlet(np.ones(prior.groups)))
    target = rng.normal(means[group], within)
    target[0] = rng.normal(0, prior.leader_std)
    found = {
        "momentum_centre": centre_m, "momentum_spread": spread_m,
        "noise_centre": centre_n, "noise_spread": spread_n,
        "persistence": 1 / (1 + np.exp(-rng.normal(logit, prior.persistence_std))),
        "half_life": half_life, "half_life_spread": half_spread,
        "between": between, "within": within,
        "tails": rng.choice(prior.tails),
        "volatility_memory": rng.choice(prior.volatility_memory),
        "volatility_change": spread(prior.volatility_change),
        "factor_std": spread(prior.factor_std),
        "drift_change_std": spread(prior.drift_change_std),
        "first_drift": rng.normal(prior.drift, prior.drift_std),
        "momentum_std": np.exp(rng.normal(centre_m, spread_m, n)),
        "noise": np.exp(rng.normal(centre_n, spread_n, n)),
        "speed": 1 - 0.5 ** (1 / own), "target": target,
    }  # fmt: skip
    return {name: np.asarray(value, dtype=np.float64) for name, value in found.items()}


def simulate(prior: HierarchicalPrior, n: int, t: int, ahead: int, rng: Generator) -> Truth:
    """Return a panel of n economies, t years of growth seen and ``ahead`` more to come.

    The first economy leads. A third of the others begin late, and one ends five years early.
    """
    p = draw_parameters(prior, n, rng)
    phi, memory, change = p["persistence"], p["volatility_memory"], p["volatility_change"]
    level = rng.normal(-150, 100, n)
    level[0] = 0.0
    factor, drift = 0.0, float(p["first_drift"])
    volatility = rng.normal(0, change / np.sqrt(1 - memory**2), n)
    momentum = p["momentum_std"] * np.exp(volatility) * rng.standard_normal(n)
    levels, last_drift = [level], drift
    for year in range(1, t + ahead + 1):
        if year > 1 and (year - 1 - t) % prior.block == 0:
            volatility = memory * volatility + change * rng.standard_normal(n)
        if year > 1:
            drift += p["drift_change_std"] * rng.standard_normal()
            kick = p["momentum_std"] * np.sqrt(1 - phi**2) * np.exp(volatility)
            momentum = phi * momentum + kick * rng.standard_normal(n)
        shock = p["noise"] * np.exp(volatility) * rng.standard_t(p["tails"], n)
        step = drift + p["factor_std"] * rng.standard_normal()
        pull = p["speed"] * (level - factor - p["target"])
        level = level + step - pull + momentum + shock
        factor += step
        levels.append(level)
        last_drift = drift if year == t else last_drift
    whole = np.array(levels).T
    seen = whole[:, : t + 1].copy()
    for i in range(1, n, 3):
        seen[i, : t // 3] = np.nan
    seen[2, -5:] = np.nan
    return Truth(
        parameters={k: float(v) for k, v in p.items() if v.ndim == 0} | {"drift": last_drift},
        levels=whole,
        panel=LevelPanel(
            years=np.arange(2000 - t, 2001),
            countries=tuple(f"C{i:02d}" for i in range(n)),
            levels=seen,
            leader="C00",
        ),
    )


def _panel(seed: int = 3, n: int = 6, t: int = 30) -> LevelPanel:
    return simulate(PRIOR, n, t, 1, np.random.default_rng(seed)).panel


def test_same_seed_same_draws_and_input_untouched() -> None:
    """A fresh generator of the same seed repeats the draws; the panel stays as it was."""
    panel = _panel()
    before = panel.levels.copy()
    first, second = (
        hierarchical_growth(panel, "C01", 12, 100, np.random.default_rng(5), PRIOR, SHORT)
        for _ in range(2)
    )

    assert first.draws.shape == (100, 12)
    assert np.isfinite(first.draws).all()
    assert_array_equal(first.draws, second.draws)
    assert_array_equal(first.point, first.draws.mean(axis=0))
    assert_array_equal(panel.levels, before)


def test_faults_are_named() -> None:
    """An unknown economy, one with too few years, gaps in years and a leader unknown are errors."""
    panel = _panel()
    rng = np.random.default_rng(1)
    levels = panel.levels.copy()
    levels[3, :-5] = np.nan
    short = replace(panel, levels=levels)

    with pytest.raises(EstimationError, match="did you mean"):
        hierarchical_growth(panel, "C0", 5, 10, rng, PRIOR, SHORT)
    with pytest.raises(EstimationError, match="C03 has growth in fewer than 10 years"):
        hierarchical_growth(short, "C03", 5, 10, rng, PRIOR, SHORT)
    with pytest.raises(EstimationError, match="horizon"):
        hierarchical_growth(panel, "C01", 0, 10, rng, PRIOR, SHORT)
    with pytest.raises(EstimationError, match="leading economy"):
        replace(panel, leader="XXX")
    with pytest.raises(EstimationError, match="consecutive"):
        replace(panel, years=panel.years * 2)
    with pytest.raises(EstimationError, match="needs at least 3"):
        replace(panel, levels=np.where(np.arange(6)[:, None] < 2, levels, np.nan)).estimable()


def test_a_level_of_all_economies_says_nothing() -> None:
    """Adding a constant to all log levels (another currency) leaves every draw of growth alone."""
    panel = _panel()
    moved = replace(panel, levels=panel.levels + 500.0)
    first, second = (
        hierarchical_growth(p, "C01", 5, 60, np.random.default_rng(5), PRIOR, SHORT)
        for p in (panel, moved)
    )

    # Sums of numbers of size 1,000 in floating point, through 100 sweeps of a chaotic chain whose
    # decisions have all fallen alike.
    np.testing.assert_allclose(first.draws, second.draws, atol=1e-6)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_without_data_the_chain_returns_the_prior() -> None:
    """With the leader's first level alone, each parameter's draws have the prior's quantiles."""
    levels = np.full((5, 13), np.nan)
    levels[0, 0] = 1000.0
    panel = LevelPanel(
        years=np.arange(2000, 2013), countries=tuple("ABCDE"), levels=levels, leader="A"
    )
    levels[1:, 0] = 900.0  # states in the last year are run on from some known level
    posterior = hierarchical_posterior(
        panel, np.random.default_rng(1), PRIOR, Sampling(draws=4000, burn=400, thin=2)
    )
    rng = np.random.default_rng(2)
    prior = [draw_parameters(PRIOR, 5, rng) for _ in range(4000)]
    for name, draws in _parameters(posterior).items():
        if name == "drift":
            continue
        truth = np.array([p[name] for p in prior])
        size = effective_size(draws[None])
        for level in (0.1, 0.5, 0.9):
            share = np.mean(draws <= np.quantile(truth, level))
            expected = np.mean(truth <= np.quantile(truth, level))
            # Four Monte Carlo standard errors of a share: 42 comparisons, one in 400 runs.
            error = np.sqrt(expected * (1 - expected) * (1 / size + 1 / 4000))
            assert abs(share - expected) < 4 * error + 1e-9, (name, level, share, size)
        # Below that the comparison says little. The centre of the noise mixes slowest without
        # data: some 36 of 4,000, every other parameter above 100.
        assert size > 30, (name, size)


def _parameters(posterior: HierarchicalPosterior) -> dict[str, Array]:
    names = (
        "persistence", "tails", "volatility_memory", "volatility_change", "factor_std",
        "drift_change_std", "drift",
    )  # fmt: skip
    hyper = (
        "momentum_centre", "momentum_spread", "noise_centre", "noise_spread", "half_life",
        "half_life_spread", "between", "within",
    )  # fmt: skip
    found = {name: getattr(posterior, name) for name in names}
    return found | {name: posterior.hyper[name] for name in hyper}


def _ranks(runs: int, n: int, t: int, sampling: Sampling, seed: int) -> dict[str, Array]:
    """Return where truth lies in its posterior (0 to 1), by quantity, one value a simulation.

    Parameters and data are drawn from the prior, so that ranks are uniform whatever they are
    (Cook, Gelman and Rubin, 2006). Ties of grids are broken at random.
    """
    found: dict[str, list[float]] = {}
    for rng in np.random.default_rng(seed).spawn(runs):
        truth = simulate(PRIOR, n, t, 20, rng)
        posterior = hierarchical_posterior(truth.panel, rng, PRIOR, sampling)
        draws = _parameters(posterior)
        value = dict(truth.parameters)
        paths = hierarchical_paths(posterior, posterior.countries[:3], 20, 4 * posterior.size, rng)
        # The third economy's record ends five years early: its growth is counted from there.
        for i, start in enumerate((t, t, t - 5)):
            known = truth.levels[i, start]
            for ahead in (1, 20):
                name = f"level of C0{i}, {ahead} ahead"
                draws[name] = (paths[:, i, ahead] - known) / (ahead + t - start)
                value[name] = float(truth.levels[i, t + ahead] - known) / (ahead + t - start)
        for name, one in draws.items():
            below, same = (
                np.mean(one < value[name] - 1e-9),
                np.mean(np.abs(one - value[name]) < 1e-9),
            )
            found.setdefault(name, []).append(float(below + rng.random() * same))
    return {name: np.array(ranks) for name, ranks in found.items()}


def test_intervals_of_simulated_futures_cover() -> None:
    """Of 6 panels from the prior, 80 % intervals cover most of 36 futures.

    Futures of a panel hang together. Were all six of one the same, 2 or fewer panels of 6 inside
    would be one in 60; the truth is less dependent, and half of all is asked for.
    """
    ranks = _ranks(6, 5, 25, Sampling(draws=80, burn=60), 21)
    futures = np.concatenate([r for name, r in ranks.items() if name.startswith("level")])

    assert np.mean(np.abs(futures - 0.5) < 0.4) > 0.5


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_posterior_ranks_of_simulated_truth_are_uniform() -> None:
    """Over 80 panels from the prior every parameter and future has uniform ranks.

    Kolmogorov-Smirnov at 0.1 % each, 21 quantities: a false alarm in 2 % of seeds. Coverage of
    50 and 80 % intervals within the 99.9 % binomial band.
    """
    runs = 80
    ranks = _ranks(runs, 8, 35, Sampling(draws=400, burn=200), 22)
    for name, one in ranks.items():
        assert stats.kstest(one, "uniform").pvalue > 0.001, name
        for level in (0.5, 0.8):
            low, high = stats.binom.ppf([0.0005, 0.9995], runs, level) / runs
            covered = np.mean(np.abs(one - 0.5) < level / 2)
            assert low <= covered <= high, (name, level, covered)
