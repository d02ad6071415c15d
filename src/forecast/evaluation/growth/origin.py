"""Every model's density of average growth from one origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.arrays import Array
from forecast.crosscountry.error_density import ErrorSpread, fit_error_spread
from forecast.crosscountry.error_paths import path_shocks
from forecast.crosscountry.growth_pool import forecast_growth_pool
from forecast.crosscountry.history import History, known_rates
from forecast.crosscountry.spread_covariates import spread_covariates
from forecast.evaluation.growth.rivals import GROWTH_RIVALS, rival_points

GROWTH_HORIZONS = (1, 2, 3, 5, 10, 15)  # also those from whose past errors spreads are learned
GROWTH_FORECASTS = ("pool", *GROWTH_RIVALS)
PATH = (1, 2, 3, 5)  # horizons whose errors are drawn together
MIN_PAST = 20  # growth rates that make an economy a case
MIN_PAST_PAIR = 7  # growth rates for a past pair, from which errors are learned
DRAWS = 100

Points = Mapping[int, Mapping[str, Array]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthDensities:
    """Student t densities of M models at H horizons for n economies, from one origin.

    Attributes
    ----------
    origin : last year known.
    models, horizons : tuples of M names and H years.
    countries : (n,) codes.
    mean, scale : (M, H, n) average growth, % a year.
    degrees : (M, H) of freedom.
    shocks : (M, draws, P) joint errors over their scale at the horizons ``PATH``, or P = 0.
    """

    origin: int
    models: tuple[str, ...]
    horizons: tuple[int, ...]
    countries: NDArray[np.str_]
    mean: Array
    scale: Array
    degrees: Array
    shocks: Array

    def frame(self) -> pd.DataFrame:
        """Return ``model, origin, horizon, country, mean, scale, degrees``, one row a case."""
        m, h, n = self.mean.shape
        return pd.DataFrame(
            {
                "model": np.repeat(np.array(self.models, dtype=object), h * n),
                "origin": self.origin,
                "horizon": np.tile(np.repeat(np.array(self.horizons, dtype=np.int64), n), m),
                "country": np.tile(self.countries.astype(object), m * h),
                "mean": self.mean.ravel(),
                "scale": self.scale.ravel(),
                "degrees": np.repeat(self.degrees.ravel(), n),
            }
        )

    def paths(self, model: int) -> Array:
        """Return draws (n, draws, P) of one model's average growth at the horizons ``PATH``."""
        at = [self.horizons.index(h) for h in PATH]
        mean, scale = self.mean[model, at].T, self.scale[model, at].T
        return np.asarray(mean[:, None] + scale[:, None] * self.shocks[model])


def forecast_growth_at(
    history: History,
    horizons: Sequence[int],
    models: Sequence[str],
    seed: int,
    points: Points | None = None,
) -> GrowthDensities:
    """Return every model's density of average growth from the last year of ``history``.

    Parameters
    ----------
    history : History
        Through the origin; nothing later.
    horizons : sequence of int
        Years ahead. Spreads are learned at ``GROWTH_HORIZONS`` in any case, so that a forecast
        does not depend on which others are asked for.
    models : sequence of str
        Among ``GROWTH_FORECASTS``.
    seed : int
        Of the pool's random cosines and of the draws.
    points : mapping of year to ``points_at`` of it, optional
        At the ``horizons_learned``; made here where not given. A rival's forecast from an earlier
        year depends on nothing later, so a backtest makes it once for all origins.

    Returns
    -------
    GrowthDensities
        For economies with ``MIN_PAST`` growth rates.
    """
    learned = horizons_learned(horizons)
    points = _points(history, learned, models) if points is None else points
    eligible = np.flatnonzero(known_rates(history.growth(), MIN_PAST))
    covariates = spread_covariates(history)
    shape = (len(models), len(horizons), len(eligible))
    drawn = len(PATH) if set(PATH) <= set(horizons) and len(eligible) else 0
    mean, scale, degrees = np.empty(shape), np.empty(shape), np.empty(shape[:2])
    shocks = np.empty((len(models), DRAWS, drawn))
    for m, model in enumerate(models if len(eligible) else ()):
        point, errors = _points_and_errors(history, learned, points, model, seed)
        mean[m] = point[[learned.index(h) for h in horizons]][:, eligible]
        pairs = np.isfinite(errors).any(axis=0)
        errors, then = errors[: len(GROWTH_HORIZONS), pairs], covariates[pairs]
        spread = fit_error_spread(errors, then, GROWTH_HORIZONS)
        scale[m] = [spread.scales(covariates[-1, eligible], h) for h in horizons]
        degrees[m] = [spread.degrees(h) for h in horizons]
        if drawn:
            rng = np.random.default_rng([seed, int(history.years[-1])])
            shocks[m] = _shocks(errors, then, spread, rng)
    return GrowthDensities(
        origin=int(history.years[-1]),
        models=tuple(models),
        horizons=tuple(horizons),
        countries=np.array(history.countries)[eligible],
        mean=mean,
        scale=scale,
        degrees=degrees,
        shocks=shocks,
    )


def horizons_learned(horizons: Sequence[int]) -> tuple[int, ...]:
    """Return ``GROWTH_HORIZONS`` and, after them, those asked for besides."""
    return tuple(dict.fromkeys([*GROWTH_HORIZONS, *horizons]))


def start_years(history: History, last: int) -> range:
    """Return the years through ``last`` from which a rival's forecast is made."""
    return range(int(history.years[MIN_PAST_PAIR]), last + 1)


def points_at(
    history: History, horizons: Sequence[int], models: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """Return rivals' points from the last year of ``history``: model to (2, H, N), % a year.

    First for all economies with ``MIN_PAST_PAIR`` growth rates, then for those with ``MIN_PAST``.
    """
    growth = history.growth()
    sets = [known_rates(growth, least) for least in (MIN_PAST_PAIR, MIN_PAST)]
    return dict(rival_points(history, horizons, models, sets))


def _points(history: History, horizons: Sequence[int], models: Sequence[str]) -> Points:
    rivals = tuple(m for m in models if m in GROWTH_RIVALS)
    years = start_years(history, int(history.years[-1]))
    return {year: points_at(history.through(year), horizons, rivals) for year in years}


def _points_and_errors(
    history: History, horizons: Sequence[int], points: Points, model: str, seed: int
) -> tuple[Array, Array]:
    """Return points (H, N) and past errors (H, T, N) by start."""
    if model in GROWTH_RIVALS:
        return _rival(history, horizons, points, model)
    return _pool(history, horizons, seed)


def _pool(history: History, horizons: Sequence[int], seed: int) -> tuple[Array, Array]:
    made = forecast_growth_pool(history, horizons, MIN_PAST, np.random.default_rng(seed))
    errors = np.full((len(horizons), *history.log_output.shape), np.nan)
    for row, horizon in enumerate(horizons):
        found = made[horizon]
        errors[row, found.past_origins, found.past_countries] = found.past_errors
    return np.stack([made[horizon].mean for horizon in horizons]), errors


def _rival(
    history: History, horizons: Sequence[int], points: Points, model: str
) -> tuple[Array, Array]:
    logs, first = history.log_output, int(history.years[0])
    errors = np.full((len(horizons), *logs.shape), np.nan)
    for year in start_years(history, int(history.years[-1]) - 1):
        start = year - first
        for row, horizon in enumerate(horizons):
            if start + horizon < len(logs):
                outcome = 100 * (logs[start + horizon] - logs[start]) / horizon
                errors[row, start] = outcome - points[year][model][0, row]
    return points[int(history.years[-1])][model][1], errors


def _shocks(errors: Array, then: Array, spread: ErrorSpread, rng: Generator) -> Array:
    """Return joint errors over their scale (draws, P), from past errors (H, M)."""
    standard = [errors[GROWTH_HORIZONS.index(h)] / spread.scales(then, h) for h in PATH]
    degrees = np.array([spread.degrees(h) for h in PATH])
    return path_shocks(np.stack(standard), degrees, DRAWS, rng)
