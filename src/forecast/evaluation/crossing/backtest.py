"""Rolling-origin backtest of passing the high-income line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.crosscountry.crossing_pool import forecast_crossing_pool
from forecast.crosscountry.history import mean_known
from forecast.crosscountry.income_record import IncomeRecord
from forecast.crosscountry.passing import antithetic_walks, share_passing
from forecast.errors import ALL_ECONOMIES, DataError
from forecast.evaluation.rolling import check_rolling
from forecast.panel import Panel
from forecast.randomness.tasks import in_parallel
from forecast.statistics.income_classes.class_lines import class_line

CROSSING_HORIZONS = (1, 3, 5, 10)
CROSSING_ORIGINS = (1997, 2024)
CROSSING_MODELS = ("pool", "climatology", "zero_drift", "drift", "logistic_hazard")
LOWEST = np.log(0.2)  # of the line: an economy below it is no case
MIN_ECONOMIES = 10  # below it nothing is pooled, and a score says nothing of a method
MIN_YEARS = 10  # of relative income, through the origin
DRAWS = 2000
_PENALTY = 1.0  # on the hazard's coefficients: with few crossings so far they stay finite


def income_over_line(annual: Panel, thresholds: pd.DataFrame, line: str = "high") -> pd.DataFrame:
    """Return the log of GNI per capita (Atlas method) over the line of an income class.

    Parameters
    ----------
    annual : Panel
        With ``gni_pc_atlas``, current US$.
    thresholds : pandas.DataFrame
        ``year`` and the columns of `CLASS_LINES`: the class begins above this, current US$.
    line : str
        Class that is entered: a key of `CLASS_LINES`.

    Returns
    -------
    pandas.DataFrame
        Years of the line by countries; NaN where income is not known.

    Raises
    ------
    DataError
        If the column is missing.
    SpecError
        If the line is unknown.
    """
    published = class_line(thresholds, line)
    income = annual.require(["gni_pc_atlas"])["gni_pc_atlas"].unstack("country")
    years = range(int(published.index.min()), int(published.index.max()) + 1)
    ratio = income.reindex(years).div(published.reindex(years), axis=0)
    return pd.DataFrame(np.log(ratio.where(ratio > 0)))


def forecast_crossing_at(
    past: pd.DataFrame,
    horizons: Sequence[int],
    models: Sequence[str],
    seed: int,
    record: IncomeRecord | None = None,
) -> pd.DataFrame:
    """Return each model's probability of passing the line from the last year of ``past``.

    ``zero_drift`` and ``drift`` are random walks with the economy's own volatility of the last
    ten years, without and with its mean change of those years. ``logistic_hazard`` is the yearly
    chance given relative income, compounded. ``pool`` is that of ``forecast_crossing_pool``.

    Parameters
    ----------
    past : pandas.DataFrame
        ``income_over_line`` through the origin; nothing later.
    horizons : sequence of int
        Years within which the line may be passed.
    models : sequence of str
        Among ``CROSSING_MODELS``; ``climatology`` has no forecast here.
    seed : int
        Of the draws of the walks.
    record : IncomeRecord or None
        What the pool learns from, read through the last year of ``past``; ``past`` alone if not
        given.

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, probability`` of economies between 20 and 100 % of the
        line with ``MIN_YEARS`` years.
    """
    chosen = economies_below(past)
    if not len(chosen):
        return pd.DataFrame(columns=["model", "origin", "horizon", "country", "probability"])
    known = _record(past) if record is None else record.through(int(past.index[-1]))
    named = [model for model in models if model != "climatology"]
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "model": model,
                    "origin": int(past.index[-1]),
                    "horizon": horizon,
                    "country": past.columns.to_numpy()[chosen],
                    "probability": chance,
                }
            )
            for model in named
            for horizon, chance in _chances(model, past, known, chosen, horizons, seed).items()
        ],
        ignore_index=True,
    )


def economies_below(past: pd.DataFrame) -> Integers:
    """Return the columns of the economies that are cases from the last year of ``past``.

    Between 20 and 100 % of the line, with ``MIN_YEARS`` years of relative income.
    """
    levels = past.to_numpy(dtype=np.float64)
    now = levels[-1]
    long = np.isfinite(levels).sum(axis=0) >= MIN_YEARS
    return np.flatnonzero((now >= LOWEST) & (now <= 0) & long)


def backtest_crossing(
    ratios: pd.DataFrame,
    *,
    record: IncomeRecord | None = None,
    origins: tuple[int, int] = CROSSING_ORIGINS,
    horizons: Sequence[int] = CROSSING_HORIZONS,
    models: Sequence[str] = CROSSING_MODELS,
    seed: int = 0,
    jobs: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return probabilities of passing the line from every origin beside what came.

    Parameters
    ----------
    ratios, record
        ``income_over_line`` and ``income_record``, of the same line.
    origins : (int, int)
        First and last year from which is forecast.
    horizons, models, seed
        As for ``forecast_crossing_at``. ``climatology`` is the share of events among the very
        cases of a horizon: a constant that knows the future, so a hard rival.
    jobs : int, processes; the numbers do not depend on it
    progress : function of a message

    Returns
    -------
    pandas.DataFrame
        The columns of ``forecast_crossing_at`` and ``event``: 1 where income was above the line
        in any of the years of the horizon. Cases whose future is not known whole are left out.

    Raises
    ------
    ProjectionError
        If a model is unknown, or an origin lies outside the data.
    DataError
        If fewer than ``MIN_ECONOMIES`` economies have a case.
    """
    first, last = origins
    within = (int(ratios.index[0]) + MIN_YEARS, int(ratios.index[-1]) - min(horizons))
    check_rolling(models, CROSSING_MODELS, origins, within, "the table of relative income")
    asked = models if any(m != "climatology" for m in models) else ("zero_drift",)
    known = _record(ratios) if record is None else record
    progress(f"crossing: origins {first}-{last}")
    from_year = partial(_forecast_from, ratios, known, tuple(horizons), tuple(asked), seed)
    years = [(year,) for year in range(first, last + 1)]
    made = in_parallel(from_year, years, jobs, seconds=0.2)
    cases = pd.concat([f for f in made if len(f)] or made[:1], ignore_index=True)
    cases["event"] = passing_events(ratios, cases)
    cases = cases.dropna(subset=["event"])
    _check_many(cases["country"].nunique())
    if "climatology" in models:
        base = cases[cases["model"] == cases["model"].iloc[0]].assign(model="climatology")
        share = base.groupby("horizon")["event"].transform("mean")
        cases = pd.concat([cases, base.assign(probability=share)])
    return cases[cases["model"].isin(models)].reset_index(drop=True)


def _forecast_from(
    ratios: pd.DataFrame,
    record: IncomeRecord,
    horizons: Sequence[int],
    models: Sequence[str],
    seed: int,
    year: int,
) -> pd.DataFrame:
    past, known = ratios.loc[:year], record.through(year)
    return forecast_crossing_at(past, horizons, models, seed, known)


def _check_many(found: int) -> None:
    if found < MIN_ECONOMIES:
        raise DataError(
            f"crossing: cases of {found} economies, must be {MIN_ECONOMIES} or more: between 20 "
            f"and 100 % of the line, ten years of past, a known future; {ALL_ECONOMIES}"
        )


def _record(past: pd.DataFrame) -> IncomeRecord:
    """Return the past as a record: no years before the line's, no premium of the exchange rate."""
    return IncomeRecord(relative=past, premium=past * np.nan)


def _chances(
    model: str,
    past: pd.DataFrame,
    record: IncomeRecord,
    chosen: Integers,
    horizons: Sequence[int],
    seed: int,
) -> dict[int, Array]:
    """Return one model's probabilities (n,) by horizon. All walks share their shocks."""
    levels = past.to_numpy(dtype=np.float64)
    now = levels[-1, chosen]
    if model == "logistic_hazard":
        yearly = _hazard(levels, now)
        return {horizon: 1 - (1 - yearly) ** horizon for horizon in horizons}
    shocks = antithetic_walks(np.random.default_rng(seed), DRAWS, max(horizons))
    if model == "pool":
        countries = [str(code) for code in past.columns[chosen]]
        return forecast_crossing_pool(record, countries, -now, horizons, shocks)
    walk = _walks(levels, chosen)[model]
    return {horizon: share_passing(now, *walk, shocks[:, :horizon]) for horizon in horizons}


def _walks(levels: Array, chosen: Integers) -> dict[str, tuple[Array, Array]]:
    """Return drift and volatility (n,) of each random walk, log points a year."""
    change = np.diff(levels, axis=0)
    recent = change[-10:, chosen]
    drift = mean_known(recent)
    count = np.isfinite(recent).sum(axis=0)
    own = np.sqrt(mean_known((recent - drift) ** 2) * count / np.maximum(count - 1, 1))
    none = np.zeros(len(chosen))
    return {
        "zero_drift": (none, own),
        "drift": (drift, own),
    }


def _hazard(levels: Array, now: Array) -> Array:
    """Return the chance (n,) of passing next year: a ridge logit on log relative income."""
    before, after = levels[:-1], levels[1:]
    known = (before >= LOWEST) & (before <= 0) & np.isfinite(after)
    x = np.column_stack([np.ones(int(known.sum())), before[known] + 0.5])
    event = (after[known] > 0).astype(float)
    beta = np.array([-3.0, 0.0])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-x @ beta))
        weight = chance * (1 - chance)
        penalty = _PENALTY * np.diag([0.0, 1.0])
        gradient = x.T @ (event - chance) - penalty @ beta
        beta = beta + np.linalg.solve(
            (x * weight[:, None]).T @ x + penalty + 1e-6 * np.eye(2), gradient
        )
    return np.asarray(1 / (1 + np.exp(-(beta[0] + beta[1] * (now + 0.5)))))


def passing_events(ratios: pd.DataFrame, cases: pd.DataFrame) -> Array:
    """Return 1 where the line was passed within the horizon, NaN where that is not known.

    ``cases`` has ``origin, horizon, country``; ``ratios`` is ``relative_income``.
    """
    levels = ratios.to_numpy(dtype=np.float64)
    start = cases["origin"].to_numpy(dtype=np.int64) - int(ratios.index[0])
    column = ratios.columns.get_indexer(pd.Index(cases["country"]))
    event = np.full(len(cases), np.nan)
    for horizon in cases["horizon"].unique():
        rows = np.flatnonzero((cases["horizon"] == horizon) & (start + int(horizon) < len(levels)))
        steps = start[rows, None] + np.arange(1, int(horizon) + 1)
        ahead = levels[steps, column[rows, None]]
        came = (np.nan_to_num(ahead, nan=-1.0) > 0).any(axis=1)
        event[rows] = np.where(np.isfinite(ahead).all(axis=1), came, np.nan)
    return event
