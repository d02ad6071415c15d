"""Exponential smoothing with additive errors: the state and fit at each point of a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from forecast.arrays import Array, Cube, Draws, Vector

# Single precision serves a coarse search.
Floats = TypeVar("Floats", Array, NDArray[np.float32])

# Bounds of R's forecast package, ets(bounds = "usual"): 0 < alpha < 1, 0 < beta < alpha,
# 0.8 <= phi <= 0.98.
LOWEST, HIGHEST = 1e-4, 0.9999
DAMPING = (0.8, 0.98)


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """What the data say about the last state, given smoothing parameters; one row a grid point.

    The starting state enters the errors linearly, so it is estimated by least squares, and under
    a flat prior it and the last state are normal given sigma.

    Attributes
    ----------
    sse : (g,) least sum of squared one-step errors.
    log_det : (g,) log determinant of X'X, X the errors' derivatives by the starting state.
    state : (g, k) level and, where k is 2, slope in the last year.
    root : (g, k, k) square root of the state's covariance over sigma^2.
    n_obs : observations of the level.
    """

    sse: Vector
    log_det: Vector
    state: Draws
    root: Cube
    n_obs: int

    @property
    def degrees(self) -> int:
        """Observations less the starting state's elements."""
        return self.n_obs - int(self.state.shape[1])

    @property
    def log_marginal(self) -> Vector:
        """Log likelihood with the start (flat) and sigma^2 (1/sigma^2) integrated out."""
        return np.asarray(-0.5 * self.log_det - 0.5 * self.degrees * np.log(self.sse))


def smooth(level: Vector, grid: Draws) -> Smoothed:
    """Return the fit of an innovations state-space model at each point of a grid.

    The model is y_t = l + phi b + e_t, l' = l + phi b + alpha e_t, b' = phi b + beta e_t
    (Hyndman, Koehler, Snyder and Grose, 2002, International Journal of Forecasting 18, table 1:
    beta there is beta here over alpha).

    Parameters
    ----------
    level : (n,) log level, x 100.
    grid : (g, 3) alpha, beta and phi; (g, 1) alpha alone, without a slope.

    Returns
    -------
    Smoothed
    """
    g, k = len(grid), min(grid.shape[1], 2)
    # Three series at once: the data from a start of zero, and each unit start without data.
    start = np.zeros((2, 1 + k, g))
    start[0, 1] = 1.0
    if k == 2:
        start[1, 2] = 1.0
    observed = np.zeros((len(level), 1 + k, 1))
    observed[:, 0, 0] = level
    full = grid if k == 2 else np.column_stack([grid, np.zeros((g, 2))])
    errors, states = recursion(observed, start, full.T[:, None, :])
    q, r = np.linalg.qr(errors[:, 1:].transpose(2, 0, 1))
    joint = np.einsum("gnk,ng->gk", q, errors[:, 0])
    inverse = np.linalg.inv(r)
    first = -np.einsum("gij,gj->gi", inverse, joint)
    effect = states[:k, 1:].transpose(2, 0, 1)
    left = errors[:, 0] + np.einsum("nkg,gk->ng", errors[:, 1:], first)
    return Smoothed(
        sse=np.asarray((left**2).sum(axis=0)),
        log_det=2 * np.log(np.abs(np.diagonal(r, axis1=1, axis2=2))).sum(axis=1),
        state=states[:k, 0].T + np.einsum("gij,gj->gi", effect, first),
        root=effect @ inverse,
        n_obs=len(level),
    )


def recursion(observed: Floats, start: Floats, params: Floats) -> tuple[Floats, Floats]:
    """Return one-step errors and the last states, for any number of series at once.

    Parameters
    ----------
    observed : (n, ...) series.
    start : (2, ...) levels and slopes before the first observation.
    params : (3, ...) alpha, beta, phi; trailing dimensions broadcast.

    Returns
    -------
    errors : (n, ...)
    states : (2, ...) levels and slopes after the last observation.
    """
    alpha, beta, phi = params
    level, slope = start
    shape: tuple[int, ...] = np.broadcast_shapes(observed.shape[1:], level.shape, alpha.shape)
    errors = np.empty((len(observed), *shape), dtype=observed.dtype)
    for t, value in enumerate(observed):
        slope = phi * slope
        ahead = level + slope
        errors[t] = value - ahead
        level = ahead + alpha * errors[t]
        slope = slope + beta * errors[t]
    return errors, np.stack(np.broadcast_arrays(level, slope))
