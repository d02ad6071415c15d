"""The simple forecasts of average growth that every method must beat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecast.evaluation.history import Array, known_rates, mean_known

Rival = Callable[[Array, int, int], Array]


def zero_drift(growth: Array, horizon: int, at_least: int) -> Array:
    """Return no growth for every economy (N,): the random walk of log output."""
    return np.zeros(growth.shape[1])


def drift(growth: Array, horizon: int, at_least: int) -> Array:
    """Return each economy's mean growth (N,), % a year, over its last ten years."""
    return mean_known(growth[-10:])


def country_mean(growth: Array, horizon: int, at_least: int) -> Array:
    """Return each economy's mean growth (N,), % a year, over all its years."""
    return mean_known(growth)


def world_mean(growth: Array, horizon: int, at_least: int) -> Array:
    """Return for all (N,) the mean of the last twenty years' rates of eligible economies.

    Eligible is an economy with ``at_least`` growth rates so far.
    """
    return np.full(growth.shape[1], _mean_of(growth[-20:], known_rates(growth, at_least)))


def fixed_shrinkage(growth: Array, horizon: int, at_least: int) -> Array:
    """Return 0.3 of the own ten-year mean and 0.7 of ``world_mean`` (N,), % a year."""
    return 0.3 * drift(growth, horizon, at_least) + 0.7 * world_mean(growth, horizon, at_least)


def long_shrinkage(growth: Array, horizon: int, at_least: int) -> Array:
    """Return 0.3 of the own ten-year mean and 0.7 of the mean of all rates ever seen (N,)."""
    everyone = np.ones(growth.shape[1], dtype=bool)
    return 0.3 * drift(growth, horizon, at_least) + 0.7 * _mean_of(growth, everyone)


def autoregression(growth: Array, horizon: int, at_least: int) -> Array:
    """Return average growth (N,), % a year, from an ARIMA(1,1,0) with drift of log output.

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
    left = slope * (1 - slope**horizon) / ((1 - slope) * horizon)
    return np.asarray(mean + (growth[-1] - mean) * left)


GROWTH_RIVALS: dict[str, Rival] = {
    "zero_drift": zero_drift,
    "drift": drift,
    "country_mean": country_mean,
    "world_mean": world_mean,
    "fixed_shrinkage": fixed_shrinkage,
    "long_shrinkage": long_shrinkage,
    "autoregression": autoregression,
}


def _mean_of(growth: Array, which: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    chosen = growth[:, which]
    known = np.isfinite(chosen)
    return float(chosen[known].mean()) if known.any() else float("nan")
