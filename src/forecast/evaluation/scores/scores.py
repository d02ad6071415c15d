"""Scores of numeric forecasts: arrays in, one value a case out. Lower is better throughout."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array


def rmse(outcome: Array, forecast: Array) -> float:
    """Return the root mean squared error, in the unit of the outcome."""
    return float(np.sqrt(np.mean((outcome - forecast) ** 2)))


def mae(outcome: Array, forecast: Array) -> float:
    """Return the mean absolute error, in the unit of the outcome."""
    return float(np.mean(np.abs(outcome - forecast)))


def bias(outcome: Array, forecast: Array) -> float:
    """Return the mean of forecast less outcome: positive where forecasts are too high."""
    return float(np.mean(forecast - outcome))


def crps_normal(outcome: Array, mean: Array, scale: Array) -> Array:
    """Return the continuous ranked probability score (n,) of normal forecasts.

    ``scale`` is the standard deviation. Gneiting, T. et al. (2005), Monthly Weather Review 133,
    eq. 5.
    """
    from scipy.special import ndtr

    z = (outcome - mean) / scale
    density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    return np.asarray(scale * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi)))


def crps_t(outcome: Array, mean: Array, scale: Array, degrees: Array) -> Array:
    """Return the continuous ranked probability score (n,) of Student t forecasts.

    ``degrees`` must exceed 1. Jordan, A., Krueger, F. and Lerch, S. (2019), Journal of
    Statistical Software 90(12), appendix A.
    """
    from scipy.special import betaln, stdtr

    z = (outcome - mean) / scale
    density = np.exp(_log_density_t(z, degrees))
    tail = 2 * np.sqrt(degrees) / (degrees - 1)
    ratio = np.exp(betaln(0.5, degrees - 0.5) - 2 * betaln(0.5, degrees / 2))
    body = z * (2 * stdtr(degrees, z) - 1) + 2 * density * (degrees + z**2) / (degrees - 1)
    return np.asarray(scale * (body - tail * ratio))


def crps_sample(outcome: Array, draws: Array) -> Array:
    """Return the continuous ranked probability score (n,) of draws (n, m).

    Of the draws' distribution function, E|X - y| - E|X - X'|/2 over all pairs. Gneiting, T. and
    Raftery, A. (2007), JASA 102, eq. 21.
    """
    m = draws.shape[1]
    ordered = np.sort(draws, axis=1)
    weights = 2 * np.arange(1, m + 1) - m - 1
    apart = (ordered @ weights) / m**2
    return np.asarray(np.abs(draws - outcome[:, None]).mean(axis=1) - apart)


def energy_sample(outcome: Array, draws: Array) -> Array:
    """Return the energy score (n,) of draws (n, m, d) of paths for outcomes (n, d).

    Of the draws' distribution, E|X - y| - E|X - X'|/2 over all pairs, Euclidean distances; with
    one dimension the continuous ranked probability score. Gneiting, T. and Raftery, A. (2007),
    JASA 102, eq. 22.
    """
    squares = (draws**2).sum(axis=2)
    products = draws @ draws.transpose(0, 2, 1)
    apart = np.maximum(squares[:, :, None] + squares[:, None, :] - 2 * products, 0.0)
    m = draws.shape[1]
    apart[:, np.arange(m), np.arange(m)] = 0.0
    away = np.sqrt(((draws - outcome[:, None, :]) ** 2).sum(axis=2))
    return np.asarray(away.mean(axis=1) - 0.5 * np.sqrt(apart).mean(axis=(1, 2)))


def log_score_t(outcome: Array, mean: Array, scale: Array, degrees: Array) -> Array:
    """Return minus the log density (n,) of Student t forecasts."""
    return np.asarray(np.log(scale) - _log_density_t((outcome - mean) / scale, degrees))


def pinball(outcome: Array, quantile: Array, level: float) -> Array:
    """Return the pinball loss (n,) of forecasts of the quantile at ``level``.

    Koenker, R. and Bassett, G. (1978), Econometrica 46.
    """
    miss = outcome - quantile
    return np.asarray(np.where(miss >= 0, level * miss, (level - 1) * miss))


def interval_score(outcome: Array, low: Array, high: Array, coverage: float) -> Array:
    """Return the score (n,) of central intervals meant to hold ``coverage`` of the outcomes.

    Width plus 2 / (1 - coverage) times the miss. Gneiting, T. and Raftery, A. (2007), eq. 43.
    """
    below, above = np.maximum(low - outcome, 0), np.maximum(outcome - high, 0)
    return np.asarray(high - low + 2 / (1 - coverage) * (below + above))


def covered(outcome: Array, low: Array, high: Array) -> Array:
    """Return 100 where the outcome lies in the interval and 0 where not (n,)."""
    return np.where((outcome >= low) & (outcome <= high), 100.0, 0.0)


def pit_t(outcome: Array, mean: Array, scale: Array, degrees: Array) -> Array:
    """Return the probability (n,) that Student t forecasts put below the outcome.

    Uniform on 0 to 1 where the forecasts are calibrated. Dawid, A. P. (1984), JRSS A 147.
    """
    from scipy.special import stdtr

    return np.asarray(stdtr(degrees, (outcome - mean) / scale))


def quantile_t(mean: Array, scale: Array, degrees: Array, level: float) -> Array:
    """Return the quantile (n,) at ``level`` of Student t forecasts."""
    from scipy.special import stdtrit

    return np.asarray(mean + scale * stdtrit(degrees, level))


def _log_density_t(z: Array, degrees: Array) -> Array:
    from scipy.special import betaln

    constant = -betaln(0.5, degrees / 2) - 0.5 * np.log(degrees)
    return np.asarray(constant - (degrees + 1) / 2 * np.log1p(z**2 / degrees))
