"""Rolling origins over one history: the loop that growth and relative income share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array, Arrays
from forecast.crosscountry.history import History
from forecast.errors import DataError
from forecast.evaluation.growth.origin import (
    GROWTH_FORECASTS,
    MIN_PAST,
    PATH,
    GrowthDensities,
    Points,
    forecast_growth_at,
    horizons_learned,
    points_at,
    start_years,
)
from forecast.evaluation.growth.rivals import GROWTH_RIVALS
from forecast.evaluation.rolling import check_rolling
from forecast.evaluation.scores.scores import energy_sample
from forecast.randomness.resumable import Store, content_key, resume

POINTS_SECONDS = 0.014  # one start year
DENSITIES_SECONDS = 0.3  # one origin
_KEPT = ("mean", "scale", "degrees", "shocks", "countries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """What a backtest is asked: as the parameters of ``backtest_growth``.

    Attributes
    ----------
    origins : first and last.
    horizons, models : what is forecast, by whom.
    seed : of all randomness.
    jobs : processes.
    step : years from one origin to the next.
    """

    origins: tuple[int, int]
    horizons: tuple[int, ...]
    models: tuple[str, ...]
    seed: int
    jobs: int | None
    step: int = 1


def backtest_history(
    history: History,
    asked: Rolling,
    *,
    source: str,
    levels: bool,
    progress: Callable[[str], None],
    store: Store | None,
) -> pd.DataFrame:
    """Return forecasts of ``history.log_output`` from every origin beside what came.

    Parameters
    ----------
    history : History
        Whole; each forecast is given what ends in its origin.
    asked : Rolling
    source : str
        Named in errors.
    levels : bool
        Forecast the level, 100 x log, at the horizon, not the average growth until then.
    progress, store
        As for ``backtest_growth``.

    Returns
    -------
    pandas.DataFrame
        As ``backtest_growth``.

    Raises
    ------
    ProjectionError
        If a model is unknown, or an origin leaves no past or no future.
    DataError
        If no economy is a case.
    """
    within = (int(history.years[0]) + MIN_PAST, int(history.years[-1]) - min(asked.horizons))
    check_rolling(asked.models, GROWTH_FORECASTS, asked.origins, within, source)
    kept: Store = {} if store is None else store
    frames = [
        _beside_outcome(densities, history, levels)
        for densities in _all_densities(history, asked, kept, progress)
    ]
    cases = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    cases = cases.dropna(subset=["outcome", "mean"]).reset_index(drop=True)
    if cases.empty:
        raise DataError(f"{source}: no economy has {MIN_PAST} growth rates and a future")
    return cases


def _all_densities(
    history: History, asked: Rolling, kept: Store, progress: Callable[[str], None]
) -> Iterator[GrowthDensities]:
    """Yield the densities from each origin, the rivals' points made once for all of them."""
    learned = horizons_learned(asked.horizons)
    rivals = tuple(m for m in asked.models if m in GROWTH_RIVALS)
    starts = start_years(history, asked.origins[1])
    tasks = [(year,) for year in starts]
    keys = [_key("points", history, year, learned, rivals) for year in starts]
    tell = _every(f"rivals, starts {starts[0]}-{starts[-1]}", progress)
    points_of = partial(_points, history, learned, rivals)
    made = resume(points_of, tasks, keys, kept, asked.jobs, tell, seconds=POINTS_SECONDS)
    points: Points = dict(zip(starts, made, strict=True))
    settings = asked.horizons, asked.models, asked.seed
    years = range(asked.origins[0], asked.origins[1] + 1, asked.step)
    found = resume(
        partial(_densities, history, *settings, points),
        [(year,) for year in years],
        [_key("densities", history, year, *settings) for year in years],
        kept,
        asked.jobs,
        _every(f"origins {years[0]}-{years[-1]}", progress),
        seconds=DENSITIES_SECONDS,
    )
    for year, arrays in zip(years, found, strict=True):
        yield GrowthDensities(origin=year, models=asked.models, horizons=asked.horizons, **arrays)


def _points(history: History, learned: Sequence[int], rivals: Sequence[str], year: int) -> Arrays:
    return points_at(history.through(year), learned, rivals)


def _key(what: str, history: History, year: int, *settings: object) -> str:
    """Return the key of what a history through a year and settings determine."""
    past = history.through(year)
    return content_key(what, *(getattr(past, field.name) for field in fields(past)), *settings)


def _densities(
    history: History,
    horizons: Sequence[int],
    models: Sequence[str],
    seed: int,
    points: Points,
    year: int,
) -> Arrays:
    known = {start: made for start, made in points.items() if start <= year}
    made = forecast_growth_at(history.through(year), horizons, models, seed, known)
    return {name: getattr(made, name) for name in _KEPT}


def _every(what: str, progress: Callable[[str], None]) -> Callable[[int, int], None]:
    """Return a function that tells of about every fifth of the tasks done."""

    def tell(done: int, total: int) -> None:
        if done in (0, total) or done % max(total // 5, 1) == 0:
            progress(f"{what}: {done} of {total}")

    return tell


def _beside_outcome(made: GrowthDensities, history: History, levels: bool) -> pd.DataFrame:
    """Return the frame of densities with ``outcome``, ``relative_income`` and ``energy``."""
    place = {code: i for i, code in enumerate(history.countries)}
    column = np.array([place[c] for c in made.countries], dtype=np.int64)
    start, logs = made.origin - int(history.years[0]), 100 * history.log_output[:, column]
    ends = [start + h for h in made.horizons]
    unknown = np.full(len(column), np.nan)
    came = np.stack([logs[end] if end < len(logs) else unknown for end in ends])
    years = np.array(made.horizons, dtype=np.float64)[:, None]
    if levels:
        made = replace(made, mean=logs[start] + years * made.mean, scale=years * made.scale)
    else:
        came = (came - logs[start]) / years
    count = len(made.models)
    frame = made.frame().assign(outcome=np.tile(came.ravel(), count))
    gap = history.relative_level()[start, column]
    frame["relative_income"] = np.tile(gap, count * len(made.horizons))
    frame["energy"] = _energy(made, came).ravel()
    return frame


def _energy(made: GrowthDensities, came: Array) -> Array:
    """Return the energy score of paths (M, H, n), told at the last horizon of the path."""
    found = np.full(made.mean.shape, np.nan)
    if made.shocks.shape[2] == 0:
        return found
    outcome = came[[made.horizons.index(h) for h in PATH]].T
    rows = np.flatnonzero(np.isfinite(outcome).all(axis=1))
    told = made.horizons.index(PATH[-1])
    for model in range(len(made.models)):
        found[model, told, rows] = energy_sample(outcome[rows], made.paths(model)[rows])
    return found
