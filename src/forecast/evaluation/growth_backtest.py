"""Rolling-origin backtest of average growth of output per capita."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.evaluation.error_density import fit_error_spread
from forecast.evaluation.growth_pool import forecast_growth_pool, volatility
from forecast.evaluation.growth_rivals import GROWTH_RIVALS
from forecast.evaluation.history import Array, History, growth_history, known_rates
from forecast.evaluation.rolling import check_rolling
from forecast.panel import Panel
from forecast.projection.tasks import in_parallel

GROWTH_HORIZONS = (1, 2, 3, 5, 10, 15)
GROWTH_ORIGINS = (1980, 2009)
GROWTH_MODELS = ("pool", *GROWTH_RIVALS)
MIN_PAST = 20  # growth rates that make an economy a case
MIN_PAST_PAIR = 7  # growth rates for a past pair, from which errors are learned
_COLUMNS = ("model", "origin", "horizon", "country", "mean", "scale", "degrees")
_WAVE = 10  # origins handed out between two lines of progress


def forecast_growth_at(
    history: History, horizons: Sequence[int], models: Sequence[str], seed: int
) -> pd.DataFrame:
    """Return every model's density of average growth from the last year of ``history``.

    Parameters
    ----------
    history : History
        Through the origin; a forecast sees nothing else.
    horizons : sequence of int
        Years ahead.
    models : sequence of str
        Among ``GROWTH_MODELS``.
    seed : int
        Of the pool's random cosines.

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, mean, scale, degrees``: location, scale (% a year) and
        degrees of freedom of a Student t, for economies with ``MIN_PAST`` growth rates.
    """
    growth = history.growth()
    eligible = np.flatnonzero(known_rates(growth, MIN_PAST))
    if not len(eligible):
        return pd.DataFrame(columns=list(_COLUMNS))
    now = volatility(growth)[eligible]
    then = {end: volatility(growth[: end + 1]) for end in range(MIN_PAST_PAIR, len(history.years))}
    frames = []
    for model in models:
        points = _points(history, growth, horizons, model, then, seed)
        for horizon, mean, errors, spread_then in points:
            spread = fit_error_spread(errors, spread_then)
            frames.append(
                pd.DataFrame(
                    {
                        "model": model,
                        "origin": int(history.years[-1]),
                        "horizon": horizon,
                        "country": np.array(history.countries)[eligible],
                        "mean": mean[eligible],
                        "scale": spread.scales(now),
                        "degrees": spread.degrees,
                    }
                )
            )
    return pd.concat(frames, ignore_index=True)


def backtest_growth(
    panel: Panel,
    *,
    origins: tuple[int, int] = GROWTH_ORIGINS,
    horizons: Sequence[int] = GROWTH_HORIZONS,
    models: Sequence[str] = GROWTH_MODELS,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return forecasts from every origin beside what came.

    Parameters
    ----------
    panel : Panel
        A Penn World Table: annual, PWT's own names.
    origins : (int, int)
        First and last year from which is forecast.
    horizons, models, seed
        As for ``forecast_growth_at``.
    jobs : int
        Processes; the numbers do not depend on it.
    progress : function of a message

    Returns
    -------
    pandas.DataFrame
        The columns of ``forecast_growth_at`` and ``outcome``: average growth of output per capita
        (constant national prices) over the horizon, 100 x log difference / years. Cases whose
        future is not known whole are left out.

    Raises
    ------
    ProjectionError
        If a model is unknown, or an origin leaves no past or no future.
    DataError
        If a column is missing.
    """
    history = growth_history(panel)
    within = (int(history.years[0]) + MIN_PAST, int(history.years[-1]) - min(horizons))
    check_rolling(models, GROWTH_MODELS, origins, within, panel.source)
    first, last = origins
    tasks = [
        (history.through(year), tuple(horizons), tuple(models), seed)
        for year in range(first, last + 1)
    ]
    frames = []
    for begin in range(0, len(tasks), _WAVE):
        wave = tasks[begin : begin + _WAVE]
        years = [int(task[0].years[-1]) for task in wave]
        progress(f"growth: origins {years[0]}-{years[-1]} of {first}-{last}")
        frames += in_parallel(forecast_growth_at, wave, jobs)
    forecasts = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    forecasts["outcome"] = _outcomes(history, forecasts)
    cases = forecasts.dropna(subset=["outcome"]).reset_index(drop=True)
    if cases.empty:
        raise DataError(f"{panel.source}: no economy has {MIN_PAST} growth rates and a future")
    return cases


def _points(
    history: History,
    growth: Array,
    horizons: Sequence[int],
    model: str,
    then: dict[int, Array],
    seed: int,
) -> Iterator[tuple[int, Array, Array, Array]]:
    """Yield each horizon, points (N,), and past errors and volatility then, each (M,)."""
    if model == "pool":
        rng = np.random.default_rng(seed)
        for horizon, made in forecast_growth_pool(history, horizons, MIN_PAST, rng).items():
            pairs = zip(made.past_origins, made.past_countries, strict=True)
            spread = np.array([then[int(p)][c] for p, c in pairs])
            yield horizon, made.mean, made.past_errors, spread
        return
    rival = GROWTH_RIVALS[model]
    logs = history.log_output
    for horizon in horizons:
        errors, spread_then = [np.empty(0)], [np.empty(0)]
        for start in range(MIN_PAST_PAIR, len(logs) - horizon):
            past = growth[: start + 1]
            known = known_rates(past, MIN_PAST_PAIR)
            outcome = 100 * (logs[start + horizon] - logs[start]) / horizon
            errors.append((outcome - rival(past, horizon, MIN_PAST_PAIR))[known])
            spread_then.append(then[start][known])
        point = rival(growth, horizon, MIN_PAST)
        yield horizon, point, np.concatenate(errors), np.concatenate(spread_then)


def _outcomes(history: History, forecasts: pd.DataFrame) -> Array:
    """Return what came (n,), % a year; NaN where the last year is not known."""
    start = forecasts["origin"].to_numpy(dtype=np.int64) - history.years[0]
    years = forecasts["horizon"].to_numpy(dtype=np.int64)
    place = {code: i for i, code in enumerate(history.countries)}
    column = forecasts["country"].map(place).to_numpy(dtype=np.int64)
    end = start + years
    inside = end < len(history.years)
    logs = history.log_output
    change = logs[np.where(inside, end, 0), column] - logs[start, column]
    return np.asarray(np.where(inside, 100 * change / years, np.nan))
