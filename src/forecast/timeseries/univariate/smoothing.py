"""Exponential smoothing with additive errors: the state and fit at each point of a grid."""

from __future__ import annotations

from collections.abc import Sequence
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
# What each form moves, as 0 or 1, of the shares of alpha, beta / alpha and phi.
FREE = {"ANN": (1.0, 0.0, 0.0), "AAN": (1.0, 1.0, 0.0), "AAdN": (1.0, 1.0, 1.0)}
# Of a range, over which searches take differences for derivatives.
STEP = 1e-4


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StartBasis:
    """The errors' derivatives by the starting state at each point of a grid, orthonormal.

    They depend on the parameters and the number of years alone, not on the data.

    Attributes
    ----------
    params : (3, g) alpha, beta, phi.
    columns : (k, n, g) orthonormal columns; zero where a form has no slope.
    length : (k, g) lengths of the columns before they were made units.
    overlap : (g,) of the second column on the first, over the first's squared length.
    effect : (2, k, g) of each unit start on the last level and slope.
    sign : (g,) sign that Householder's reflections give the second column: equal random numbers
        give the draws that they gave when this was LAPACK's QR decomposition.
    """

    params: Draws
    columns: Cube
    length: Draws
    overlap: Vector
    effect: Cube
    sign: Vector


def start_basis(n: int, params: Draws, k: int = 2) -> StartBasis:
    """Return the starting state's columns for ``n`` years, by Gram and Schmidt.

    Parameters
    ----------
    n : int
    params : (3, g) alpha, beta, phi; 0 for beta and phi is a form without slope.
    k : elements of the starting state.
    """
    return _basis(*recursion(np.zeros((n, k, 1)), _unit_starts(k), params[:, None, :]), params)


def _unit_starts(k: int) -> Cube:
    """Return starts (2, k, 1), of a level of one and of a slope of one."""
    unit = np.zeros((2, k, 1))
    unit[np.arange(k), np.arange(k)] = 1.0
    return unit


def _basis(errors: Cube, effect: Cube, params: Draws) -> StartBasis:
    """Return orthonormal columns from the errors (n, k, g) that unit starts leave."""
    raw, columns = errors.transpose(1, 0, 2), np.ascontiguousarray(errors.transpose(1, 0, 2))
    k, _, g = raw.shape
    length, overlap, sign = np.zeros((k, g)), np.zeros(g), np.ones(g)
    for i in range(k):
        if i == 1:
            overlap = _dots(columns[0], columns[1])
            columns[1] -= overlap * columns[0]
            overlap /= length[0]
            sign = _reflected_sign(raw, length[0], overlap)
        length[i] = np.sqrt(_dots(columns[i], columns[i]))
        columns[i] /= np.where(length[i] > 0, length[i], 1.0)
    return StartBasis(
        params=params, columns=columns, length=length, overlap=overlap, effect=effect, sign=sign
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """The data's errors from the best starting state.

    Attributes
    ----------
    left : (n, g) errors.
    start : (k, g) starting level and slope.
    last : (2, g) level and slope in the last year.
    sse : (g,) sum of squares of ``left``.
    """

    left: Draws
    start: Draws
    last: Draws
    sse: Vector


def project_start(level: Vector, basis: StartBasis) -> Projected:
    """Return least squares on the starting state at each point of a grid."""
    return _projected(*recursion(level[:, None], np.zeros((2, 1)), basis.params), basis)


def fit_start(level: Vector, params: Draws) -> Projected:
    """Return `project_start` at params (3, g) whose basis nothing else needs, in one run."""
    observed = np.zeros((len(level), 3, 1))
    observed[:, 0, 0] = level
    start = np.concatenate([np.zeros((2, 1, 1)), _unit_starts(2)], axis=1)
    errors, last = recursion(observed, start, params[:, None, :])
    basis = _basis(errors[:, 1:], last[:, 1:], params)
    return _projected(np.ascontiguousarray(errors[:, 0]), last[:, 0], basis)


def _projected(left: Draws, last: Draws, basis: StartBasis) -> Projected:
    """Return least squares, given errors (n, g) and last states (2, g) of a start at zero."""
    length = basis.length
    start = np.empty(length.shape)
    taken = np.empty(left.shape)
    for i, column in enumerate(basis.columns):
        along = _dots(column, left)
        left -= np.multiply(along, column, out=taken)
        start[i] = -along / np.where(length[i] > 0, length[i], 1.0)
    if len(start) == 2:
        start[0] -= basis.overlap * start[1]
    last += np.einsum("ikg,kg->ig", basis.effect, start)
    return Projected(left=left, start=start, last=last, sse=_dots(left, left))


def smooth(level: Vector, basis: StartBasis) -> Smoothed:
    """Return the fit of an innovations state-space model at each point of a grid.

    The model is y_t = l + phi b + e_t, l' = l + phi b + alpha e_t, b' = phi b + beta e_t
    (Hyndman, Koehler, Snyder and Grose, 2002, International Journal of Forecasting 18, table 1:
    beta there is beta here over alpha).

    Parameters
    ----------
    level : (n,) log level, x 100.
    basis : of the grid's points and ``n`` years.

    Returns
    -------
    Smoothed
    """
    return smooth_all(level, (basis,))[0]


def smooth_all(level: Vector, bases: Sequence[StartBasis]) -> list[Smoothed]:
    """Return `smooth` of several grids, in one run."""
    params = np.concatenate([basis.params for basis in bases], axis=1)
    left, last = recursion(level[:, None], np.zeros((2, 1)), params)
    ends = np.cumsum([basis.params.shape[1] for basis in bases])[:-1]
    parts = zip(*(np.split(one, ends, axis=1) for one in (left, last)), bases, strict=True)
    return [_smoothed(_projected(*part), part[2]) for part in parts]


def _smoothed(found: Projected, basis: StartBasis) -> Smoothed:
    k, g = basis.length.shape
    root = np.zeros((g, k, k))
    root[:, :, 0] = (basis.effect[:k, 0] / basis.length[0]).T
    if k == 2:
        second = basis.effect[:, 1] - basis.overlap * basis.effect[:, 0]
        root[:, :, 1] = (basis.sign * second / basis.length[1]).T
    return Smoothed(
        sse=found.sse,
        log_det=np.asarray(2 * np.log(basis.length).sum(axis=0)),
        state=np.ascontiguousarray(found.last[:k].T),
        root=root,
        n_obs=basis.columns.shape[1],
    )


def form_params(shares: Array, forms: Sequence[str]) -> Array:
    """Return alpha, beta, phi (3, f, ...) from shares (3, f, ...) of their ranges."""
    low, high = DAMPING
    alpha = LOWEST + (HIGHEST - LOWEST) * shares[0]
    beta = LOWEST + (alpha - LOWEST) * shares[1]
    axes = (-1, *(1,) * (alpha.ndim - 1))
    slope = np.array([float(form != "ANN") for form in forms]).reshape(axes)
    damped = np.array([form == "AAdN" for form in forms]).reshape(axes)
    beta = beta * slope
    phi = np.where(damped, low + (high - low) * shares[2], slope)
    return np.stack([alpha, beta, phi])


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
    shape: tuple[int, ...] = np.broadcast_shapes(observed.shape[1:], start.shape[1:], alpha.shape)
    # Every operand is as large as the result, and each error begins as the observation: numpy is at
    # its quickest so, and calls are most of the time where arrays are small.
    errors, states, full = (np.empty((k, *shape), observed.dtype) for k in (len(observed), 2, 3))
    errors[...], states[...] = observed, start
    full[...] = params.reshape(3, *(1,) * (len(shape) - alpha.ndim), *alpha.shape)
    (level, slope), moved = states, np.empty(shape, observed.dtype)
    multiply, add, subtract = np.multiply, np.add, np.subtract
    sloped = phi.any() or beta.any()
    alpha, beta, phi = full
    if not sloped:  # no slope survives the first year
        slope[...] = 0.0
        for error in errors:
            subtract(error, level, error)
            multiply(alpha, error, moved)
            add(level, moved, level)
        return errors, states
    for error in errors:
        multiply(slope, phi, slope)
        add(level, slope, level)
        subtract(error, level, error)
        multiply(alpha, error, moved)
        add(level, moved, level)
        multiply(beta, error, moved)
        add(slope, moved, slope)
    return errors, states


def _dots(a: Draws, b: Draws) -> Vector:
    return np.asarray(np.einsum("ng,ng->g", a, b))


def _reflected_sign(raw: Cube, size: Vector, overlap: Vector) -> Vector:
    """Return the sign, (g,), of R's second diagonal element after LAPACK's reflections.

    ``raw`` holds the columns (2, n, g), the first of them beginning with -1.
    """
    first, second = raw
    both = overlap * size**2
    # The reflection's vector is (1, x_2 / (x_1 - size), ...), x the first column.
    inner = second[0] + (both - first[0] * second[0]) / (first[0] - size)
    below = second[1] + first[1] / size * inner
    return np.where(below >= 0, -1.0, 1.0)
