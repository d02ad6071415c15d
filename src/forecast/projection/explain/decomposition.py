"""What the uncertainty of the answer comes from: Shapley effects of the random factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from forecast.arrays import Array, Paths
from forecast.errors import ProjectionError
from forecast.faces import Face
from forecast.income.atlas import rounded_income
from forecast.income.threshold import rounded_threshold
from forecast.projection.drivers.effects import CoefficientDraws, draw_effect_coefficients
from forecast.projection.explain.shapley import closed_variance, members, shapley_values
from forecast.projection.futures.draw_futures import draw_accounts, draw_growth
from forecast.projection.futures.futures import Setting
from forecast.projection.scenarios.crossing import crossing
from forecast.randomness.allot import allot
from forecast.randomness.streams import FACTORS, Streams
from forecast.randomness.tasks import iterate_parallel

Progress = Callable[[str], None]

DRAWS = 4000
BY = (2030, 2035)
BATCHES = 40
SECONDS = 1e-6  # to draw one year of one path
OF_GROWTH = ("model", "coefficients", "shocks", "drivers")
MEASURES = ("shapley", "alone", "total")
CROSSING_YEAR = "crossing_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceShares:
    """How the variance of outcomes divides among random factors.

    Attributes
    ----------
    factors : (k,) names.
    shares : measure to (k, outcomes)
        ``shapley``: sums to one. ``alone``: variance of the conditional mean given the factor,
        over the variance (first-order index). ``total``: what is left when all others are known
        (total index). NaN where the outcome does not vary.
    errors : measure to (k, outcomes), Monte Carlo standard errors.
    variance : (outcomes,)
    """

    factors: tuple[str, ...]
    shares: dict[str, Array]
    errors: dict[str, Array]
    variance: Array


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decomposition(Face):
    """`VarianceShares` of one economy's baseline.

    Attributes
    ----------
    country : str
    outcomes : tuple of (name, year)
        ``crossing_year`` up to the horizon, one later where a path never crosses; ``crossed``, 1
        where income has passed the line by the year; ``log_ratio``, 100 times the log of income
        over the line in the year.
    draws : int
    found : VarianceShares
    """

    country: str
    outcomes: tuple[tuple[str, int], ...]
    draws: int
    found: VarianceShares

    def facts(self) -> Mapping[str, object]:
        """Return whose uncertainty is divided, among what."""
        outcomes = [f"{name} {year}" for name, year in self.outcomes]
        factors = list(self.found.factors)
        return {
            "country": self.country, "outcomes": outcomes, "factors": factors, "draws": self.draws
        }  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """Return `tidy`."""
        return self.tidy()

    def tidy(self) -> pd.DataFrame:
        """Return ``country, outcome, year, variance, factor, measure, share, std_error``."""
        rows = [
            {
                "country": self.country,
                "outcome": name,
                "year": year,
                "variance": self.found.variance[i],
                "factor": factor,
                "measure": measure,
                "share": self.found.shares[measure][j, i],
                "std_error": self.found.errors[measure][j, i],
            }
            for i, (name, year) in enumerate(self.outcomes)
            for measure in MEASURES
            for j, factor in enumerate(self.found.factors)
        ]
        return pd.DataFrame(rows)


def decompose(
    setting: Setting,
    streams: Streams,
    by: Sequence[int] = BY,
    draws: int = DRAWS,
    progress: Progress = lambda message: None,
) -> Decomposition:
    """Decompose the variance of the crossing year and of relative income into `FACTORS`.

    Every factor has two independent sets of random numbers, and the baseline is evaluated with
    each combination of them (`variance_shares`): 2^k times, growth once for those combinations
    that differ in nothing that it depends on. A factor that moves nothing is left out and has
    share zero.

    Parameters
    ----------
    setting : Setting
    streams : Streams
        The second set of each factor starts from its seed plus one.
    by : sequence of int
        Projected years for ``crossed`` and ``log_ratio``.
    draws : int
        Paths of each evaluation.
    progress : callable

    Raises
    ------
    ProjectionError
        If a year is not projected, or there are fewer than `BATCHES` draws.
    """
    beyond = [year for year in by if year not in setting.years]
    if beyond:
        raise ProjectionError(
            f"by: found {beyond[0]}, must be {setting.years[0]} to {setting.years[-1]}"
        )
    if draws < BATCHES:
        raise ProjectionError(f"draws: found {draws}, must be {BATCHES} or more")
    sizes = setting.sizes(draws)
    active = _active(setting, streams, sizes[0], progress)
    values = _evaluated(setting, streams, sizes, active, by, progress)
    found = variance_shares(values, active, tuple(FACTORS))
    outcomes = [(CROSSING_YEAR, int(setting.years[-1]))]
    outcomes += [(name, year) for name in ("crossed", "log_ratio") for year in by]
    return Decomposition(
        country=setting.plan.country, outcomes=tuple(outcomes), draws=draws, found=found
    )


def variance_shares(
    values: Array, active: Sequence[str], factors: Sequence[str] | None = None
) -> VarianceShares:
    """Return Shapley effects, first-order and total indices from all 2^k evaluations.

    Shapley effects: Owen (2014), Song, Nelson and Staum (2016). The worth of a group of factors
    is the variance of the conditional mean given them, estimated by `closed_variance`. Standard
    errors by the jackknife over `BATCHES` runs of draws.

    Parameters
    ----------
    values : (2^k, outcomes, draws)
        Row a: the outcome with the first random numbers of the factors whose bits are set in a,
        the second of the others.
    active : (k,) factors, bit by bit.
    factors : sequence of str, optional
        All factors to report; those not in ``active`` get zeros.
    """
    centred = values - values.mean(axis=(0, 2), keepdims=True)
    edges = np.linspace(0, values.shape[2], BATCHES + 1).astype(int)
    parts = np.stack([_products(centred[:, :, a:b]) for a, b in pairwise(edges)], axis=-1)
    worth = closed_variance(parts)  # sums over draws, (2^k, outcomes, batches)
    whole = worth.sum(axis=-1)
    left_out = _shares(whole[..., None] - worth)
    names = tuple(factors or active)
    place = [names.index(name) for name in active]
    shares, errors = {}, {}
    for measure, found in _shares(whole[..., None]).items():
        spread = left_out[measure].std(axis=-1) * np.sqrt(BATCHES - 1)
        shares[measure] = _placed(found[..., 0], place, len(names))
        errors[measure] = _placed(spread, place, len(names))
    return VarianceShares(
        factors=names, shares=shares, errors=errors, variance=whole[-1] / values.shape[2]
    )


def _products(centred: Array) -> Array:
    """Return sums of products of evaluations, (2^k, 2^k, outcomes)."""
    y = centred.transpose(1, 0, 2)
    return np.asarray((y @ y.transpose(0, 2, 1)).transpose(1, 2, 0))


def _shares(worth: Array) -> dict[str, Array]:
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(worth[-1] > 0, worth / worth[-1], np.nan)
    players = members(len(worth).bit_length() - 1).shape[1]
    single = 1 << np.arange(players)
    return {
        "shapley": shapley_values(relative),
        "alone": relative[single],
        "total": relative[-1] - relative[len(worth) - 1 - single],
    }


def _placed(values: Array, place: list[int], count: int) -> Array:
    out = np.zeros((count, values.shape[1]))
    out[place] = values
    out[:, np.isnan(values).any(axis=0)] = np.nan
    return out


def _active(setting: Setting, streams: Streams, draws: int, progress: Progress) -> tuple[str, ...]:
    """Return the factors whose random numbers move income or the line."""
    progress("finding the factors at work")
    whole = _income_and_line(setting, _growth(setting, streams, draws), streams)
    found = []
    for factor in FACTORS:
        other = _mixed(streams, set(FACTORS) - {factor})
        moved = _income_and_line(setting, _growth(setting, other, draws), other)
        if not all(np.array_equal(a, b) for a, b in zip(whole, moved, strict=True)):
            found.append(factor)
    return tuple(found)


def _evaluated(
    setting: Setting,
    streams: Streams,
    sizes: Sequence[int],
    active: tuple[str, ...],
    by: Sequence[int],
    progress: Progress,
) -> Array:
    """Return outcomes under all combinations of `active`, (2^k, outcomes, draws).

    A task is a block of draws and the combinations that share their growth.
    """
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, inside in enumerate(members(len(active))):
        first = [factor for factor, kept in zip(active, inside, strict=True) if kept]
        groups.setdefault(tuple(f for f in OF_GROWTH if f in first), []).append(number)
    tasks = [
        (streams.at(block), size, numbers)
        for block, size in enumerate(sizes)
        for numbers in groups.values()
    ]
    edges = np.cumsum([0, *sizes])
    out = np.empty((2 ** len(active), 1 + 2 * len(by), edges[-1]))
    combined = partial(_combined, setting, active, by)
    seconds = SECONDS * max(sizes) * len(setting.years) * 2 ** len(active) / len(groups)
    found = iterate_parallel(combined, tasks, seconds=seconds)
    for count, (rows, (_, _, numbers)) in enumerate(zip(found, tasks, strict=True)):
        block = count // len(groups)
        out[numbers, :, edges[block] : edges[block + 1]] = rows
        if (count + 1) % max(len(tasks) // 8, 1) == 0:
            progress(f"{count + 1} of {len(tasks)} parts")
    return out


def _combined(
    setting: Setting,
    active: tuple[str, ...],
    by: Sequence[int],
    streams: Streams,
    draws: int,
    numbers: Sequence[int],
) -> Array:
    """Return outcomes of one block under combinations of equal growth, (n, outcomes, draws)."""
    inside = members(len(active))
    rows, growth = [], None
    for number in numbers:
        first = {factor for factor, kept in zip(active, inside[number], strict=True) if kept}
        mixed = _mixed(streams, first)
        if growth is None:
            growth = _growth(setting, mixed, draws)
        rows.append(_outcomes(setting, *_income_and_line(setting, growth, mixed), by))
    return np.stack(rows)


def _mixed(streams: Streams, first: set[str]) -> Streams:
    seeds = {f: seed if f in first else seed + 1 for f, seed in streams.seeds.items()}
    return replace(streams, seeds=seeds)


def _growth(setting: Setting, streams: Streams, draws: int) -> Paths:
    coefficients = _coefficients(setting, streams, draws)
    return draw_growth(setting, streams, draws, coefficients).baseline.growth


def _coefficients(setting: Setting, streams: Streams, draws: int) -> CoefficientDraws:
    """Return coefficients of which each draw has its own for every model.

    In a run the i-th draw of a model takes the model's i-th vector, so that another allotment of
    models would shuffle coefficients too; here the two must not move together.
    """
    weights = setting.plan.effect_weights
    codes = allot(weights, draws, streams.generator("model", "effects"))
    beta = {
        name: draw_effect_coefficients(setting.estimates, {name: 1.0}, draws, streams).beta[name]
        for name in weights
    }
    kept = {name: beta[name][codes == code] for code, name in enumerate(weights)}
    return CoefficientDraws(models=tuple(weights), assignment=codes, beta=kept)


def _income_and_line(setting: Setting, growth: Paths, streams: Streams) -> tuple[Paths, Paths]:
    """Return income and line as they are compared.

    Of a pool every draw has shocks of its own in each nominal system: as for coefficients, a
    draw's system is chosen after the systems are simulated, so that another choice does not deal
    out other shocks.
    """
    if setting.chain is not None:
        accounts = draw_accounts(setting, growth, streams)
        return accounts.income, accounts.line
    plan = setting.plan
    codes = allot(plan.nominal_weights, len(growth), streams.generator("model", "nominal"))[:, None]
    each = []
    for name in plan.nominal_weights:
        alone = replace(setting, plan=replace(plan, nominal_weights={name: 1.0}))
        each.append(draw_accounts(alone, growth, streams))
    income = np.choose(codes, [accounts.income for accounts in each])
    line = np.choose(codes, [accounts.threshold for accounts in each])
    return rounded_income(income), rounded_threshold(line)


def _outcomes(setting: Setting, income: Paths, line: Paths, by: Sequence[int]) -> Array:
    years = setting.years
    first = crossing(income, line, years).first
    censored = np.where(first == 0, years[-1] + 1, first)
    ratio = 100 * np.log(income / line)
    crossed = [(censored <= year).astype(float) for year in by]
    relative = [ratio[:, int(year - years[0])] for year in by]
    return np.stack([censored.astype(float), *crossed, *relative])
