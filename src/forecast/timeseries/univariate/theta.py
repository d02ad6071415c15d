"""The Theta method as what it is: simple exponential smoothing with half the trend as drift."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Draws, Vector
from forecast.randomness.streams import Pair, Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth
from forecast.timeseries.univariate.ets import fit_ets
from forecast.timeseries.univariate.smoothing import HIGHEST, LOWEST, smooth

MODEL = "theta"
THETA_YEARS = 10
CELLS = 60


def theta_growth(growth: pd.Series, horizon: int, draws: int, rng: Randomness) -> GrowthDensity:
    """Return draws of growth from the Theta method on the log level.

    Assimakopoulos and Nikolopoulos (2000, International Journal of Forecasting 16) average a
    linear trend and a smoothed line of doubled curvature; Hyndman and Billah (2003, International
    Journal of Forecasting 19) show that this is simple exponential smoothing with half the
    trend's slope as drift. The point path is theirs, alpha being that of plain smoothing.

    The density takes the drift for uncertain. Halving the slope s is what Bayes' rule does when
    the drift is drawn around zero with a variance equal to V, the variance of the estimated slope
    under the model; then its posterior is normal around s / 2 with variance V / 2, and that is
    what is drawn. Alpha has a grid posterior (flat over 0 < alpha < 1, starting level and scale
    integrated out) given the drift s / 2; level and variance given alpha are exact. Where the
    slope is large against its own sampling error, as in an economy that grows by 8 % for thirty
    years, halving it is a bias, and the errors around half the slope widen the density.

    Parameters
    ----------
    growth : pandas.Series
        Growth by year, % a year; at least 10 years.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon).

    Raises
    ------
    EstimationError
        If the series is too short or broken, or does not vary.
    """
    values = checked_growth(growth, THETA_YEARS, MODEL)
    level = np.concatenate([[0.0], np.cumsum(values)])
    slope = float(slope_weights(len(level)) @ level)
    plain = fit_ets(level, "ANN")
    alpha = float(plain.params[0])
    return GrowthDensity(
        name=MODEL,
        draws=_paths(level, slope, horizon, draws, paired(rng)),
        point=_point(alpha, float(plain.state[0]), slope, level, horizon),
        notes={
            "alpha": alpha,
            "trend": slope,
            "drift": slope / 2,
            "sigma": float(np.sqrt(plain.sse / len(level))),
            "n_obs": float(len(values)),
        },
    )


def slope_weights(n: int) -> Vector:
    """Return the weights (n,) by which least squares reads a linear trend's slope off a series."""
    centred = np.arange(n) - (n - 1) / 2
    return np.asarray(centred / (centred @ centred))


def slope_variance(alpha: Vector, n: int) -> Vector:
    """Return the variance of the estimated slope over sigma^2, for each alpha.

    Under simple exponential smoothing an error stays in the level with weight alpha, so the slope
    moves by w_t + alpha times the sum of the later weights.
    """
    weights = slope_weights(n)
    later = weights.sum() - np.cumsum(weights)
    return np.asarray(((weights + np.multiply.outer(alpha, later)) ** 2).sum(axis=-1))


def _point(alpha: float, state: float, slope: float, level: Vector, horizon: int) -> Vector:
    """Return growth on Hyndman and Billah's path (their equation for X_n(h))."""
    memory = (1 - (1 - alpha) ** len(level)) / alpha
    ahead = state + slope / 2 * (np.arange(horizon) + memory)
    return np.diff(ahead, prepend=level[-1])


def _paths(level: Vector, slope: float, horizon: int, draws: int, streams: Pair) -> Draws:
    n, rng = len(level), streams.parameters
    alpha = LOWEST + (HIGHEST - LOWEST) * (np.arange(CELLS) + 0.5) / CELLS
    years = np.arange(1.0, n + 1)
    # Smoothing with drift b is smoothing without drift of what is left after b t.
    fitted = smooth(level - slope / 2 * years, alpha[:, None])
    weights = np.exp(fitted.log_marginal - fitted.log_marginal.max())
    index = rng.choice(CELLS, size=draws, p=weights / weights.sum())
    sigma = np.sqrt(fitted.sse[index] / rng.chisquare(fitted.degrees, size=draws))
    away = sigma * np.sqrt(slope_variance(alpha, n)[index] / 2) * rng.standard_normal(draws)
    state = (
        fitted.state[index, 0]
        + sigma * fitted.root[index, 0, 0] * rng.standard_normal(draws)
        - away * smooth(years, alpha[:, None]).state[index, 0]
    )
    drift = slope / 2 + away
    shocks = streams.shocks.standard_normal((draws, horizon)) * sigma[:, None]
    past = np.cumsum(shocks, axis=1) - shocks
    ahead = state[:, None] + drift[:, None] * (n + np.arange(1, horizon + 1))
    observed = ahead + alpha[index][:, None] * past + shocks
    return np.diff(observed, axis=1, prepend=level[-1])
