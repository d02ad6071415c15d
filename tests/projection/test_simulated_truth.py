"""The whole chain on worlds whose law is known: whether its intervals hold what came.

Growth, employment, prices, the real exchange rate, the basket and the United States are simulated
from a known VARX for 45 years and on; the chain sees the 45 years: a density of growth, the
accounts, the crossing. Its income and crossing year are compared with the simulated ones by
randomised ranks, which are uniform where it is calibrated. A crossing year is discrete and a path
may never cross: rank u = P(before) + V P(in the year itself), V uniform, "never" being the last
year of all; the central interval of probability p then holds the outcome where |u - 1/2| < p / 2,
with probability exactly p (randomised probability integral transform, Czado, Gneiting and Held,
2009).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats

from forecast.income import nominal_system
from forecast.income.accounts import simulate_accounts
from forecast.income.atlas import rounded_income
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.nominal_system import NOMINAL_SYSTEMS, REAL_RATE, VARIABLES
from forecast.income.sdr_deflator import sdr_inflation
from forecast.projection.scenarios.crossing import crossing
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.timeseries.systems.varx import (
    VarxDraws,
    VarxPosterior,
    VarxPrior,
    draw_varx,
    varx_posterior,
)
from forecast.timeseries.univariate.random_walk_drift import random_walk_drift_growth

# The simulated world has no level that moves with productivity.
FIXED_LEVEL = [name for name, system in NOMINAL_SYSTEMS.items() if system.elasticity == 0]
Array = NDArray[np.float64]

KNOWN, AHEAD, BEFORE = 45, 25, 60
HORIZONS = (1, 5, 10, 20)
LEVELS = (0.5, 0.8, 0.95)
DRAWS = 399
RATIO = 0.45  # of income to the line today: about half of the worlds cross within ten years
INCOME_NOISE, LINE_NOISE = 0.5, 0.7  # log points x 100, about the size of China's


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The law of a world: one draw of a VARX, and growth that is independent over years."""

    parameters: VarxDraws
    reverts: bool
    growth: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the chain may see, and what came after (years 1 to ``AHEAD``).

    ``shift`` was taken from the real rate, which the history counts from zero.
    """

    history: NominalHistory
    shift: float
    income: Array
    line: Array


@pytest.fixture(scope="module")
def china(starter: DataPackage) -> NominalHistory:
    """Return China's nominal history, near which the worlds are."""
    table = starter.annual().frame.xs("CHN", level="country")
    line = starter.table("thresholds").set_index("year")["high_above"]
    return nominal_history(table, line, sdr_inflation(starter.table("sdr_parts"), starter.annual()))


def posterior_of(china: NominalHistory, name: str) -> VarxPosterior:
    """Return the posterior of a nominal system on China's record."""
    system = NOMINAL_SYSTEMS[name]
    values = china.rates[list(VARIABLES)].to_numpy(copy=True)
    if not system.reverts:
        values[:, REAL_RATE] = np.diff(values[:, REAL_RATE], prepend=0.0)
    persistence = np.zeros(len(VARIABLES))
    persistence[REAL_RATE] = system.persistence
    return varx_posterior(values, china.rates["growth"].to_numpy(), system.prior, persistence)


def mean_world(china: NominalHistory, name: str) -> World:
    """Return the world at China's posterior mean: one truth in all replications."""
    posterior = posterior_of(china, name)
    sigma = posterior.scale / (posterior.dof - posterior.size - 1)
    parameters = VarxDraws(
        coefficients=posterior.mean[None], root=np.linalg.cholesky(sigma)[None], rejected=0.0
    )
    return World(
        parameters=parameters, reverts=NOMINAL_SYSTEMS[name].reverts, growth=_growth(china)
    )


def drawn_world(china: NominalHistory, name: str, rng: Generator) -> World:
    """Return a world drawn from China's posterior: another truth in each replication."""
    return World(
        parameters=draw_varx(posterior_of(china, name), 1, rng),
        reverts=NOMINAL_SYSTEMS[name].reverts,
        growth=_growth(china),
    )


def _growth(china: NominalHistory) -> tuple[float, float]:
    return float(china.rates["growth"].mean()), float(china.rates["growth"].std())


def live(world: World, rng: Generator) -> Life:
    """Return one life of a world: accounts by their definitions, a loop over years."""
    years = BEFORE + KNOWN + AHEAD
    growth = world.growth[0] + world.growth[1] * rng.standard_normal(years)
    b, root = world.parameters.coefficients[0], world.parameters.root[0]
    n = len(VARIABLES)
    rows = np.zeros((years, n))
    for t in range(1, years):
        x = np.concatenate([[1.0], rows[t - 1], [growth[t], growth[t - 1]]])
        rows[t] = x @ b + root @ rng.standard_normal(n)
    employment, inflation, real, sdr, usa = rows.T
    if not world.reverts:
        real = np.cumsum(real)
    depreciation = inflation - sdr - np.diff(real, prepend=0.0)
    price, rate = np.exp(np.cumsum(inflation) / 100), np.exp(np.cumsum(depreciation) / 100)
    basket = np.exp(np.cumsum(usa - sdr) / 100)  # local prices of a US$ basket, U / Q
    now = BEFORE + KNOWN - 1
    line = np.full(years, 10_000.0)
    for t in range(3, years):
        smoothed = np.log(basket[t - 2 : t + 1].sum() / basket[t - 3 : t].sum())
        noise = LINE_NOISE * rng.standard_normal()
        line[t] = line[t - 1] * np.exp((usa[t] + noise) / 100 - smoothed)
    line *= 10_000 / line[now]
    local = np.cumsum(growth + employment + inflation) + INCOME_NOISE * rng.standard_normal(years)
    income = np.empty(years)
    for t in range(2, years):
        ago = [rate[t - k] * price[t] / price[t - k] / (line[t] / line[t - k]) for k in range(3)]
        income[t] = np.exp(local[t] / 100) / np.mean(ago)
    scale = RATIO * 10_000 / income[now]
    income *= scale
    paths = pd.DataFrame(rows, columns=list(VARIABLES)).assign(
        growth=growth, exchange_rate=depreciation, real_rate=real, line=line, rate=rate, price=price
    )
    return Life(
        history=_seen(paths.iloc[: now + 1], float(income[now])),
        shift=float(real[BEFORE - 1]),
        income=income[now + 1 :],
        line=line[now + 1 :],
    )


def _seen(paths: pd.DataFrame, income: float) -> NominalHistory:
    """Return what the chain is given: 45 years of rates, three of levels."""
    rate, price, line = (paths[name].to_numpy()[-3:] for name in ("rate", "price", "line"))
    factor = np.mean(rate * price[-1] / price / (line[-1] / line))
    rates = paths.iloc[BEFORE:].drop(columns=["line", "rate", "price"])
    rates["real_rate"] -= paths["real_rate"].iloc[BEFORE - 1]
    return NominalHistory(
        base_year=2025,
        rates=rates.set_axis(range(2026 - KNOWN, 2026)),
        derived=(),
        exchange_rate=rate,
        deflator=price / price[-1],
        threshold=line,
        income=income,
        income_local=float(income * factor),
        income_noise=INCOME_NOISE,
        threshold_noise=LINE_NOISE,
    )


def ranks(life: Life, weights: dict[str, float], rng: Generator) -> dict[str, float]:
    """Return where what came lies in the chain's distribution, 0 to 1."""
    density = random_walk_drift_growth(life.history.rates["growth"], AHEAD, DRAWS, rng)
    share = pd.Series(70.0, index=range(2025, 2025 + AHEAD + 1))
    streams = Streams.of_seed(int(rng.integers(2**62)))
    accounts = simulate_accounts(life.history, density.draws, share, weights, streams)
    found = {
        f"income, {h}": _rank(accounts.income[:, h - 1], float(life.income[h - 1]), rng)
        for h in HORIZONS
    }
    found |= {
        f"line, {h}": _rank(accounts.threshold[:, h - 1], float(life.line[h - 1]), rng)
        for h in HORIZONS
    }
    found |= {
        f"ratio, {h}": _rank(
            (accounts.income / accounts.threshold)[:, h - 1],
            float(life.income[h - 1] / life.line[h - 1]),
            rng,
        )
        for h in HORIZONS
    }
    first = crossing(rounded_income(accounts.income), accounts.line, accounts.years).first
    came = crossing(life.income[None], life.line[None], accounts.years).first
    never = int(accounts.years[-1]) + 1
    drawn, year = np.where(first == 0, never, first), never if came[0] == 0 else came[0]
    return found | {"crossing": _rank(drawn.astype(np.float64), float(year), rng)}


def _rank(draws: Array, outcome: float, rng: Generator) -> float:
    """Return the randomised rank of the outcome among draws and itself."""
    below, same = int((draws < outcome).sum()), int((draws == outcome).sum())
    return float((below + rng.random() * (same + 1)) / (len(draws) + 1))


def coverage(found: list[dict[str, float]]) -> pd.DataFrame:
    """Return the share inside each central interval, by quantity."""
    table = pd.DataFrame(found)
    return pd.DataFrame({p: ((table - 0.5).abs() < p / 2).mean() for p in LEVELS})


def _oracle(monkeypatch: pytest.MonkeyPatch, world: World, life: Life) -> None:
    """Let the chain know the law: parameter draws are the world's own."""
    b = world.parameters.coefficients.copy()
    if world.reverts:  # the history counts the real rate from another zero
        moved = np.zeros(len(VARIABLES))
        moved[REAL_RATE] = life.shift
        b[0, 0] += world.parameters.lag[0] @ moved - moved

    def known(posterior: VarxPosterior, draws: int, rng: Generator) -> VarxDraws:
        root = np.repeat(world.parameters.root, draws, axis=0)
        return VarxDraws(coefficients=np.repeat(b, draws, axis=0), root=root, rejected=0.0)

    monkeypatch.setattr(nominal_system, "draw_varx", known)


def _lives(
    world: World, name: str, runs: int, monkeypatch: pytest.MonkeyPatch, known: bool = False
) -> pd.DataFrame:
    found = []
    for rng in np.random.default_rng(5).spawn(runs):
        life = live(world, rng)
        if known:
            _oracle(monkeypatch, world, life)
        found.append(ranks(life, {name: 1.0}, rng))
    return coverage(found)


def _outside(covered: pd.DataFrame, runs: int, chance: float) -> list[str]:
    """Return what lies outside the binomial band that holds all but ``chance`` of samples."""
    bad = []
    for level in LEVELS:
        low, high = stats.binom.ppf([chance / 2, 1 - chance / 2], runs, level) / runs
        bad += [
            f"{name}, {100 * level:.0f} %: {share:.3f} not in {low:.3f}-{high:.3f}"
            for name, share in covered[level].items()
            if not low <= share <= high
        ]
    return bad


@pytest.mark.parametrize("name", FIXED_LEVEL)
def test_with_the_law_known_intervals_cover(
    china: NominalHistory, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Growth estimated, the VARX's parameters given: accounts and crossing cover at their rate.

    60 lives; binomial band of 99.99 %, at 80 % from 0.58 to 0.97. With 39 comparisons, hardly
    independent, a false alarm takes at most one seed in 250.
    """
    covered = _lives(mean_world(china, name), name, 60, monkeypatch, known=True)

    assert _outside(covered, 60, 1e-4) == []


@pytest.mark.parametrize("name", FIXED_LEVEL)
def test_with_the_law_estimated_intervals_nearly_cover(
    china: NominalHistory, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All estimated on 45 years: within the same wide band, which does not see a few points.

    The slow test below sees them.
    """
    covered = _lives(mean_world(china, name), name, 60, monkeypatch)

    assert _outside(covered, 60, 1e-4) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FIXED_LEVEL)
def test_with_the_law_known_800_lives_cover(
    china: NominalHistory, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """800 lives, binomial band of 99.9 %: at 80 % from 0.752 to 0.845."""
    covered = _lives(mean_world(china, name), name, 800, monkeypatch, known=True)

    assert _outside(covered, 800, 1e-3) == []


COVERED = [
    "growth_linked",
    pytest.param(
        "mean_reverting",
        marks=pytest.mark.xfail(
            strict=True, reason="near a unit root the crossing year is covered at 75 %, not 80"
        ),
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", COVERED)
def test_over_worlds_that_the_prior_allows_800_lives_cover(
    china: NominalHistory, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another law in each life, drawn from China's posterior; all estimated on 45 years.

    Income, line, their ratio and the crossing year, 50, 80 and 95 %: 800 lives, binomial band of
    99.9 %, at 80 % from 0.752 to 0.845. At 400 lives the failure that is expected does not show.
    """
    found = []
    for rng in np.random.default_rng(5).spawn(800):
        found.append(ranks(live(drawn_world(china, name, rng), rng), {name: 1.0}, rng))

    assert _outside(coverage(found), 800, 1e-3) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", COVERED)
def test_in_one_world_estimated_800_lives_cover(
    china: NominalHistory, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All estimated, one law in all lives: the same band as with the law known.

    The failure expected says what docs/methods/projection.md says; the day that it passes, the
    note there is out of date.
    """
    covered = _lives(mean_world(china, name), name, 800, monkeypatch)

    assert _outside(covered, 800, 1e-3) == []


@pytest.mark.slow
def test_a_loose_prior_covers_the_crossing_in_one_world(
    china: NominalHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the rest of the fault lies: prior standard deviations two to three times the shipped.

    500 lives, binomial band of 99.9 %: at 80 % from 0.74 to 0.856.
    """
    name = "growth_linked"
    loose = VarxPrior(lag=0.2, impact=1.0, long_run=1.0)

    def mended(
        variables: Array, growth: Array, prior: VarxPrior, persistence: Array
    ) -> VarxPosterior:
        return varx_posterior(variables, growth, loose, persistence)

    monkeypatch.setattr(nominal_system, "varx_posterior", mended)
    covered = _lives(mean_world(china, name), name, 500, monkeypatch)

    assert _outside(covered.loc[["crossing"]], 500, 1e-3) == []
