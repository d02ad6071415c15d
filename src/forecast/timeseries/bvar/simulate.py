"""Paths of a Bayesian vector autoregression, one a parameter draw."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.timeseries.bvar.posterior import BvarDraws

# Draws carried forward together: their parameters then stay in the processor's cache. Random
# numbers are drawn before, so the size changes no result.
TOGETHER = 1000


def simulate_bvar(parameters: BvarDraws, history: Array, horizon: int, rng: Generator) -> Array:
    """Simulate every variable, shocks and parameters uncertain.

    Parameters
    ----------
    parameters : BvarDraws
        With Student t shocks or stochastic volatility where they were estimated.
    history : (t, n)
        Years up to the last known one, at least p of them.
    horizon : int
        Years to simulate.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (draws, horizon, n) in the variables' units.

    Raises
    ------
    EstimationError
        If the history is shorter than the lags or the horizon is below 1.
    """
    _check(parameters, history, horizon)
    shocks = rng.standard_normal((horizon, parameters.size, len(parameters.root)))
    multiplier = shock_sizes(parameters, horizon, rng)
    if multiplier is not None:
        shocks *= multiplier[:, None, :]
    return _forward(parameters, history, shocks)


def mean_path(parameters: BvarDraws, history: Array, horizon: int) -> Array:
    """Return the path without shocks, (draws, horizon, n): the mean given each draw's parameters.

    Raises
    ------
    EstimationError
        If the history is shorter than the lags or the horizon is below 1.
    """
    _check(parameters, history, horizon)
    return _forward(parameters, history, None, horizon)


def shock_sizes(parameters: BvarDraws, horizon: int, rng: Generator) -> Array | None:
    """Return what multiplies the shocks of each year, (horizon, draws); None where nothing does.

    Student t shocks are normal ones over the root of chi-square / degrees of freedom, the same
    for all variables of a year; under stochastic volatility, exp(h_t / 2).
    """
    out: Array | None = None
    if parameters.tails is not None:
        dof = parameters.tails
        out = np.sqrt(dof / rng.chisquare(dof, size=(horizon, len(dof))))
    if parameters.volatility is not None:
        level, persistence, std = parameters.volatility.T
        noise = rng.standard_normal((horizon, len(level)))
        sizes = np.empty_like(noise)
        for t in range(horizon):
            level = persistence * level + std * noise[t]
            sizes[t] = np.exp(level / 2)
        out = sizes if out is None else out * sizes
    return out


def _check(parameters: BvarDraws, history: Array, horizon: int) -> None:
    n, p = parameters.size, parameters.lags
    if history.ndim != 2 or history.shape[1] != n or len(history) < p:
        raise EstimationError(
            f"BVAR: history of shape {history.shape}, must have {n} variables and {p} years"
        )
    if horizon < 1:
        raise EstimationError(f"BVAR: horizon {horizon}, must be 1 or more")


def _forward(
    parameters: BvarDraws, history: Array, shocks: Array | None, horizon: int = 0
) -> Array:
    """Run the system, draws along the last axis, where numpy adds them up fastest."""
    n, p, draws = parameters.size, parameters.lags, len(parameters.root)
    horizon = horizon if shocks is None else len(shocks)
    out = np.empty((draws, horizon, n))
    for first in range(0, draws, TOGETHER):
        some = slice(first, first + TOGETHER)
        b = np.ascontiguousarray(parameters.coefficients[some].transpose(2, 1, 0))
        lag, width = b[:, 1:], b.shape[2]
        added = np.broadcast_to(b[:, 0], (horizon, n, width))
        if shocks is not None:
            root = np.ascontiguousarray(parameters.root[some].transpose(1, 2, 0))
            added = added + np.einsum("ijd,tjd->tid", root, shocks[:, :, some])
        # Years run backwards, so that lags 1 to p of a year are the p n rows after it.
        path = np.empty((horizon + p, n, width))
        path[horizon:] = history[len(history) - p :][::-1, :, None]
        for t in range(horizon):
            here = horizon - 1 - t
            before = path[here + 1 : here + 1 + p].reshape(n * p, width)
            np.einsum("ijd,jd->id", lag, before, out=path[here])
            path[here] += added[t]
        out[some] = path[:horizon][::-1].transpose(2, 0, 1)
    return out
