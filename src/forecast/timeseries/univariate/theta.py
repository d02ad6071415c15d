"""The Theta method as what it is: simple exponential smoothing with half the trend as drift."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from forecast.arrays import Draws, Vector, read_only
from forecast.randomness.streams import Pair, Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth
from forecast.timeseries.univariate.ets import EtsFit, fit_ets, form_grid
from forecast.timeseries.univariate.smoothing import Smoothed, project_start, smooth

MODEL = "theta"
THETA_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ThetaPosterior:
    """What a series says about the Theta method: all that draws are made from.

    Attributes
    ----------
    level : (n,) log points x 100.
    trend : its slope by least squares.
    plain : simple exponential smoothing of it.
    given : the state at each alpha, half the trend being the drift.
    """

    level: Vector
    trend: float
    plain: EtsFit
    given: Smoothed


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
    return draw_theta(fit_theta(growth), horizon, draws, rng)


def fit_theta(growth: pd.Series) -> ThetaPosterior:
    """Return what draws of `theta_growth` are made from; found once for many `draw_theta`.

    Raises
    ------
    EstimationError
        If the series is too short or broken, or does not vary.
    """
    values = checked_growth(growth, THETA_YEARS, MODEL)
    level = np.concatenate([[0.0], np.cumsum(values)])
    slope = float(slope_weights(len(level)) @ level)
    # Smoothing with drift b is smoothing without drift of what is left after b t.
    left = level - slope / 2 * np.arange(1.0, len(level) + 1)
    return ThetaPosterior(
        level=level,
        trend=slope,
        plain=fit_ets(level, "ANN"),
        given=smooth(left, form_grid(len(level), "ANN")),
    )


def draw_theta(
    posterior: ThetaPosterior, horizon: int, draws: int, rng: Randomness
) -> GrowthDensity:
    """Return the draws of `theta_growth` from a posterior found before."""
    level, slope, plain = posterior.level, posterior.trend, posterior.plain
    alpha = float(plain.params[0])
    return GrowthDensity(
        name=MODEL,
        draws=_paths(posterior, horizon, draws, paired(rng)),
        point=_point(alpha, float(plain.state[0]), slope, level, horizon),
        notes={
            "alpha": alpha,
            "trend": slope,
            "drift": slope / 2,
            "sigma": float(np.sqrt(plain.sse / len(level))),
            "n_obs": float(len(level) - 1),
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


@lru_cache(maxsize=16)
def _by_alpha(n: int) -> tuple[Vector, Vector]:
    """Return at each alpha the slope's variance over sigma^2, and the last level of 1, 2, ..., n.

    Both depend on the number of years alone.
    """
    basis = form_grid(n, "ANN")
    of_years = project_start(np.arange(1.0, n + 1), basis).last[0]
    return read_only((slope_variance(basis.params[0], n), of_years))


def _paths(posterior: ThetaPosterior, horizon: int, draws: int, streams: Pair) -> Draws:
    given, slope, rng = posterior.given, posterior.trend, streams.parameters
    n = given.n_obs
    variance, of_years = _by_alpha(n)
    weights = np.exp(given.log_marginal - given.log_marginal.max())
    index = rng.choice(len(weights), size=draws, p=weights / weights.sum())
    sigma = np.sqrt(given.sse[index] / rng.chisquare(given.degrees, size=draws))
    away = sigma * np.sqrt(variance[index] / 2) * rng.standard_normal(draws)
    state = (
        given.state[index, 0]
        + sigma * given.root[index, 0, 0] * rng.standard_normal(draws)
        - away * of_years[index]
    )
    drift = slope / 2 + away
    shocks = streams.shocks.standard_normal((draws, horizon))
    shocks *= sigma[:, None]
    # Growth is the drift, the year's shock, and what the shock before it did not leave behind.
    growth = shocks.copy()
    growth[:, 1:] -= (1 - form_grid(n, "ANN").params[0])[index][:, None] * shocks[:, :-1]
    growth += drift[:, None]
    growth[:, 0] += state + drift * n - posterior.level[-1]
    return growth
