"""Local linear trend of log output with a damped slope, averaged over its variances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Draws, Integers, Vector
from forecast.randomness.streams import Pair, Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth

MODEL = "local_linear_trend"
# Mean growth of output per worker in the United States, 1991-2024, % a year: World Bank, World
# Development Indicators of 2026-07-01, SL.GDP.PCAP.EM.KD (1.546).
LONG_RUN = 1.5
# The grid of the posterior; equal prior weight at each point. Slope noise is in units of the
# standard deviation of the noise in growth, log-spaced, so that "no noise" is approached, not
# piled up at; transient is the share of that noise which the level takes back a year later.
DAMPING = (0.94, 0.955, 0.97, 0.98, 0.99, 1.0)
SLOPE_NOISE = tuple(np.geomspace(0.02, 10.0, 12).tolist())
TRANSIENT = (0.0, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendState:
    """The filter's last word on a series, in units of the innovation scale.

    Attributes
    ----------
    mean : (2,) level and slope in the last year, given the series up to it.
    cov : (2, 2) their covariance over sigma^2.
    sum_squares : sum of squared one-step errors, each over its variance factor.
    log_factors : sum of the logarithms of those factors.
    n_obs : errors counted, the first two (diffuse) left out.
    """

    mean: Vector
    cov: Draws
    sum_squares: float
    log_factors: float
    n_obs: int

    @property
    def log_marginal(self) -> float:
        """Log marginal likelihood with sigma^2 integrated out under the prior 1/sigma^2."""
        return -0.5 * self.log_factors - 0.5 * self.n_obs * float(np.log(self.sum_squares))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendFit:
    """The posterior over the grid.

    Attributes
    ----------
    last : log level in the last year, less the long-run trend, x 100.
    grid : (m, 3) damping, slope noise and transient share.
    states : m filtered states.
    weights : (m,) posterior weights.
    long_run : growth towards which the slope is damped, % a year.
    """

    last: float
    grid: Draws
    states: tuple[TrendState, ...]
    weights: Vector
    long_run: float


def local_linear_trend_growth(
    growth: pd.Series,
    horizon: int,
    draws: int,
    rng: Randomness,
    long_run: float = LONG_RUN,
) -> GrowthDensity:
    """Return draws of growth from a local linear trend whose slope is damped.

    The log level is y_t = level_t + irregular_t, level_t+1 = level_t + slope_t + e_t, and
    (slope_t+1 - c) = phi (slope_t - c) + z_t with c the long-run growth (Harvey, 1989, section
    2.3; damping of Gardner and McKenzie, 1985). With some 30 annual observations maximum
    likelihood sets one or two of the variances to zero and then claims to be certain of it, so
    the densities are averaged over a grid of variance ratios and phi, weighted by the exact
    diffuse likelihood with the scale integrated out.

    Parameters
    ----------
    growth : pandas.Series
        Growth by year, % a year; at least 8 years.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks
    long_run : float
        Growth towards which the slope is damped, % a year.

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon); notes give posterior means of the grid's parameters.

    Raises
    ------
    EstimationError
        If the series is too short or broken, or does not vary.
    """
    return draw_trend(fit_trend(growth, long_run), horizon, draws, rng)


def fit_trend(growth: pd.Series, long_run: float = LONG_RUN) -> TrendFit:
    """Return the filtered grid that `local_linear_trend_growth` draws from."""
    values = checked_growth(growth, 8, MODEL) - long_run
    level = np.concatenate([[0.0], np.cumsum(values)])
    grid = np.array([(d, s, m) for d in DAMPING for s in SLOPE_NOISE for m in TRANSIENT])
    states = filter_trends(level, np.array([(*_variances(row), row[0]) for row in grid]))
    return TrendFit(
        last=float(level[-1]),
        grid=grid,
        states=tuple(states),
        weights=_weights(states),
        long_run=long_run,
    )


def draw_trend(fit: TrendFit, horizon: int, draws: int, rng: Randomness) -> GrowthDensity:
    """Return draws of growth from a fitted trend (see `local_linear_trend_growth`)."""
    streams, grid, states, weights = paired(rng), fit.grid, fit.states, fit.weights
    chosen = np.searchsorted(np.cumsum(weights), streams.parameters.random(draws), side="right")
    chosen = np.minimum(chosen, len(grid) - 1)
    paths = _simulate(fit, chosen, horizon, streams)
    return GrowthDensity(
        name=MODEL,
        draws=paths + fit.long_run,
        point=_point(fit.last, grid, states, weights, horizon) + fit.long_run,
        notes={
            "damping": float(weights @ grid[:, 0]),
            "slope_noise": float(weights @ grid[:, 1]),
            "transient": float(weights @ grid[:, 2]),
            "slope": float(weights @ [s.mean[1] for s in states]) + fit.long_run,
            "long_run": fit.long_run,
            "n_obs": float(states[0].n_obs + 1),
        },
    )


def filter_trends(level: Vector, points: Draws) -> list[TrendState]:
    """Return the filtered state of a damped local linear trend at each of several points.

    Parameters
    ----------
    level : (n,) log level, x 100.
    points : (m, 4) variances of irregular, level and slope over sigma^2, and the slope's
        autoregressive coefficient, up to 1.

    Returns
    -------
    list of TrendState
        Exact diffuse initialisation (Durbin and Koopman, 2012, chapter 5).
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(level, "local linear trend", use_exact_diffuse=True)
    return [_run_filter(model, row[:3], float(row[3])) for row in points]


def _variances(row: Vector) -> tuple[float, float, float]:
    """Return irregular, level and slope variance factors: noise in growth has variance one."""
    _, slope_noise, transient = row
    # growth carries irregular_t - irregular_{t-1}, whose variance is twice the irregular's.
    return float(transient) / 2, 1 - float(transient), float(slope_noise) ** 2


def _run_filter(model: object, variances: Vector, damping: float) -> TrendState:
    model.update(variances)  # type: ignore[attr-defined]
    ssm = model.ssm  # type: ignore[attr-defined]
    ssm["transition", 1, 1] = damping
    result = ssm.filter()
    errors = result.forecasts_error[0, 2:]
    factors = result.forecasts_error_cov[0, 0, 2:]
    return TrendState(
        mean=np.array(result.filtered_state[:, -1]),
        cov=np.array(result.filtered_state_cov[:, :, -1]),
        sum_squares=float((errors**2 / factors).sum()),
        log_factors=float(np.log(factors).sum()),
        n_obs=len(errors),
    )


def _weights(states: list[TrendState]) -> Vector:
    log = np.array([s.log_marginal for s in states])
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _simulate(fit: TrendFit, chosen: Integers, horizon: int, streams: Pair) -> Draws:
    """Return growth less its long-run value, (draws, horizon), at the chosen points of the grid."""
    n, grid, degrees = len(chosen), fit.grid[chosen], fit.states[0].n_obs
    squares = np.array([s.sum_squares for s in fit.states])[chosen]
    sigma = np.sqrt(squares / streams.parameters.chisquare(degrees, size=n))
    mean = np.array([s.mean for s in fit.states])[chosen]
    root = _roots(np.array([s.cov for s in fit.states]))[chosen]
    around = np.einsum("nij,nj->ni", root, streams.parameters.standard_normal((n, 2)))
    state = mean + sigma[:, None] * around
    factors = np.sqrt(np.array([_variances(row) for row in fit.grid]))[chosen] * sigma[:, None]
    shocks = streams.shocks.standard_normal((horizon, 3, n)) * factors.T
    level, slope = state[:, 0], state[:, 1]
    observed = np.empty((n, horizon + 1))
    observed[:, 0] = fit.last
    for t in range(horizon):
        level = level + slope + shocks[t, 1]
        slope = grid[:, 0] * slope + shocks[t, 2]
        observed[:, t + 1] = level + shocks[t, 0]
    return np.diff(observed, axis=1)


def _roots(cov: Draws) -> Draws:
    """Return square roots of covariance matrices that may be singular, (n, 2, 2)."""
    values, vectors = np.linalg.eigh((cov + cov.transpose(0, 2, 1)) / 2)
    return np.asarray(vectors * np.sqrt(np.clip(values, 0, None))[:, None, :])


def _point(
    last: float, grid: Draws, states: Sequence[TrendState], weights: Vector, horizon: int
) -> Vector:
    """Return the posterior mean of growth less its long-run value: exact, the model is linear."""
    powers = grid[:, 0][:, None] ** np.arange(horizon)
    slopes = np.array([s.mean[1] for s in states])[:, None] * powers
    slopes[:, 0] += np.array([s.mean[0] for s in states]) - last
    return np.asarray(weights @ slopes, dtype=np.float64)
