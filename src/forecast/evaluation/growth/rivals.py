"""The simple forecasts of average growth that every method must beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Mask
from forecast.crosscountry.history import History, mean_known
from forecast.evaluation.growth.convergence import convergence
from forecast.timeseries.batch.arima import batch_arima
from forecast.timeseries.batch.ets import batch_ets
from forecast.timeseries.batch.theta import batch_theta

Forecast = Callable[[History, Sequence[int], Mask], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A forecast of average growth from the last year of a history.

    Attributes
    ----------
    forecast : function of a history, H horizons and which economies are eligible (N,)
        Returns (H, N), % a year; NaN where an economy is not eligible.
    pools : bool
        Whether a forecast depends on which other economies are eligible.
    """

    forecast: Forecast
    pools: bool = False


def alone(model: Callable[[Array, Sequence[int]], Array]) -> Rival:
    """Return the rival that applies a model of growth (T, N) to each eligible economy alone.

    ``model`` returns the average growth (H, N), % a year, over each of H horizons.
    """

    def forecast(history: History, horizons: Sequence[int], eligible: Mask) -> Array:
        found = np.full((len(horizons), len(eligible)), np.nan)
        if eligible.any():
            found[:, eligible] = model(history.growth()[:, eligible], horizons)
        return found

    return Rival(forecast=forecast)


def zero_drift(growth: Array, horizons: Sequence[int]) -> Array:
    """Return no growth (H, N): the random walk of log output."""
    return np.zeros((len(horizons), growth.shape[1]))


def drift(growth: Array, horizons: Sequence[int]) -> Array:
    """Return each economy's mean growth (H, N), % a year, over its last ten years."""
    return np.tile(mean_known(growth[-10:]), (len(horizons), 1))


def country_mean(growth: Array, horizons: Sequence[int]) -> Array:
    """Return each economy's mean growth (H, N), % a year, over all its years."""
    return np.tile(mean_known(growth), (len(horizons), 1))


def world_mean(history: History, horizons: Sequence[int], eligible: Mask) -> Array:
    """Return for all (H, N) the mean of the last twenty years' rates of eligible economies."""
    return _same(_mean_of(history.growth()[-20:, eligible]), horizons, eligible)


def fixed_shrinkage(history: History, horizons: Sequence[int], eligible: Mask) -> Array:
    """Return 0.3 of the own ten-year mean and 0.7 of ``world_mean`` (H, N), % a year."""
    own = drift(history.growth(), horizons)
    return 0.3 * own + 0.7 * world_mean(history, horizons, eligible)


def long_shrinkage(history: History, horizons: Sequence[int], eligible: Mask) -> Array:
    """Return 0.3 of the own ten-year mean and 0.7 of the mean of all rates ever seen (H, N)."""
    growth = history.growth()
    return 0.3 * drift(growth, horizons) + 0.7 * _same(_mean_of(growth), horizons, eligible)


def autoregression(growth: Array, horizons: Sequence[int]) -> Array:
    """Return average growth (H, N), % a year, from an ARIMA(1,1,0) with drift of log output.

    Least squares of growth on its first lag and a constant, economy by economy, the slope held
    between -0.95 and 0.95 (a root outside would explode over long horizons). With mean ``m``,
    slope ``b`` and last growth ``g`` the average of the next ``h`` years is
    ``m + (g - m) b (1 - b^h) / ((1 - b) h)``.
    """
    now, before = growth[1:], growth[:-1]
    both = np.isfinite(now) & np.isfinite(before)
    y, x = np.where(both, now, np.nan), np.where(both, before, np.nan)
    y_mean, x_mean = mean_known(y), mean_known(x)
    spread = mean_known((x - x_mean) ** 2)
    joint = mean_known((x - x_mean) * (y - y_mean))
    slope = np.clip(joint / np.where(spread > 0, spread, np.nan), -0.95, 0.95)
    mean = (y_mean - slope * x_mean) / (1 - slope)
    years = np.asarray(horizons, dtype=np.float64)[:, None]
    left = slope * (1 - slope**years) / ((1 - slope) * years)
    return np.asarray(mean + (growth[-1] - mean) * left)


# A model of each economy's growth alone takes one line.
GROWTH_RIVALS: dict[str, Rival] = {
    "zero_drift": alone(zero_drift),
    "drift": alone(drift),
    "country_mean": alone(country_mean),
    "world_mean": Rival(forecast=world_mean, pools=True),
    "fixed_shrinkage": Rival(forecast=fixed_shrinkage, pools=True),
    "long_shrinkage": Rival(forecast=long_shrinkage),
    "convergence": Rival(forecast=convergence, pools=True),
    "autoregression": alone(autoregression),
    "auto_arima": alone(batch_arima),
    "ets": alone(batch_ets),
    "theta": alone(batch_theta),
}


def rival_points(
    history: History, horizons: Sequence[int], models: Sequence[str], eligible: Sequence[Mask]
) -> dict[str, Array]:
    """Return each rival's forecasts from the last year of ``history``, for each set of economies.

    Parameters
    ----------
    history : History
        Through the start of the forecast; nothing later is known.
    horizons : sequence of H int
        Years ahead.
    models : sequence of str
        Among ``GROWTH_RIVALS``.
    eligible : sequence of S arrays (N,)
        Sets of economies, the first the widest.

    Returns
    -------
    dict of model to (S, H, N)
        Average growth, % a year; NaN outside the set.
    """
    found = {}
    for model in models:
        rival = GROWTH_RIVALS[model]
        widest = rival.forecast(history, horizons, eligible[0])
        made = [
            rival.forecast(history, horizons, some) if rival.pools else widest for some in eligible
        ]
        found[model] = np.stack(
            [np.where(some, points, np.nan) for some, points in zip(eligible, made, strict=True)]
        )
    return found


def _same(value: float, horizons: Sequence[int], eligible: Mask) -> Array:
    return np.full((len(horizons), len(eligible)), value)


def _mean_of(growth: Array) -> float:
    known = np.isfinite(growth)
    return float(growth[known].mean()) if known.any() else float("nan")
