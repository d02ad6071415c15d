"""Exponential smoothing of many series at once: a grid, then least squares by Levenberg's steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Draws, Integers, Mask
from forecast.timeseries.univariate.smoothing import FREE, STEP, Floats, form_params, recursion

# The grid from which the search starts.
GRID = {
    "ANN": ((0.02, 0.1, 0.25, 0.45, 0.65, 0.85, 1.0), (0.0,), (0.0,)),
    "AAN": ((0.03, 0.2, 0.5, 0.8, 1.0), (0.0, 0.1, 0.35, 1.0), (0.0,)),
    "AAdN": ((0.03, 0.35, 0.7, 1.0), (0.0, 0.2, 0.9), (0.0, 0.6, 1.0)),
}
ITERATIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyFits:
    """Several forms of exponential smoothing fitted to each of n series.

    Attributes
    ----------
    forms : names of the f forms.
    params : (3, f, n) alpha, beta, phi.
    state : (2, f, n) level and slope after the last observation.
    sse : (f, n) sum of squared one-step errors.
    """

    forms: tuple[str, ...]
    params: Cube
    state: Cube
    sse: Draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Errors of each form and series with the starting state concentrated out.

    ``first`` and ``second`` are the orthonormal columns of the starting state, (T, f, n).
    """

    errors: Cube
    first: Cube
    second: Cube
    start: Cube
    state: Cube
    sse: Draws


def fit_many(level: Draws, begin: Integers, forms: tuple[str, ...]) -> ManyFits:
    """Return the least-squares fit of each form to each series.

    The search begins at the best point of a coarse grid and takes Gauss-Newton steps, damped
    after Levenberg (1944) and Marquardt (1963), with the starting state concentrated out
    (variable projection; Kaufman, 1975, for leaving out the projection's own derivative).
    Parameters stay within the bounds of ``smoothing``.

    Parameters
    ----------
    level : (T, n) log levels, x 100; zero before a series begins.
    begin : (n,) row of the first observation.
    forms : names in ``FREE``.

    Returns
    -------
    ManyFits
    """
    free = np.array([FREE[form] for form in forms]).T[:, :, None]
    shares = np.stack([_grid_start(level, begin, form) for form in forms], axis=1)
    entry = np.zeros(level.shape)
    entry[begin, np.arange(level.shape[1])] = 1.0
    best = _evaluate(level, entry, form_params(shares, forms), forms)
    damping = np.full(best.sse.shape, 1e-3)
    trial, at = best, shares
    for _ in range(ITERATIONS):
        move = _step(level, entry, best, shares, free, damping, forms)
        at = np.clip(shares + move, 0.0, 1.0)
        trial = _evaluate(level, entry, form_params(at, forms), forms)
        better = trial.sse < best.sse
        shares = np.where(better, at, shares)
        best = _merge(better, trial, best)
        damping = np.where(better, damping / 10, damping * 20)
    return ManyFits(forms=forms, params=form_params(shares, forms), state=best.state, sse=best.sse)


def _grid_start(level: Draws, begin: Integers, form: str) -> Draws:
    """Return shares (3, n) of the grid point with the least sum of squares.

    Series are moved to begin in the same row, so that the starting state's columns, which depend
    on the parameters and the years since the beginning alone, are common to all.
    """
    shares = np.stack(np.meshgrid(*GRID[form], indexing="ij"), axis=0).reshape(3, -1)
    # Single precision picks a starting point as well as double does, in half the time.
    params = form_params(shares[:, None, :], (form,)).astype(np.float32)
    rows, n = level.shape
    after = np.arange(rows)[:, None] + begin
    moved = np.where(after < rows, level[np.minimum(after, rows - 1), np.arange(n)], 0.0)
    moved = (moved / np.abs(moved).max(axis=0, initial=1e-300)).astype(np.float32)
    columns = 1 if form == "ANN" else 2
    unit = np.zeros((2, columns, 1), dtype=np.float32)
    unit[0, 0] = 1.0
    unit[1, columns - 1] = 1.0 if columns == 2 else 0.0
    x, _ = recursion(np.zeros((rows, columns, 1), dtype=np.float32), unit, params)
    errors, _ = recursion(moved[:, :, None], np.zeros((2, n, 1), dtype=np.float32), params)
    errors *= (after < rows)[:, :, None]
    sse = np.einsum("tng,tng->ng", errors, errors)
    sse -= _explained(errors, x, rows - begin)
    return np.asarray(shares[:, np.argmin(sse, axis=1)])


def _explained(errors: Floats, x: Floats, count: Integers) -> Draws:
    """Return what the starting state takes off the sum of squares, (n, g), by Gram-Schmidt."""
    joint = np.einsum("tng,tkg->kng", errors, x)
    cross = np.cumsum(x[:, :, None] * x[:, None, :], axis=0)[count - 1]
    taken = joint[0] ** 2 / cross[:, 0, 0]
    if x.shape[1] == 2:
        ratio = cross[:, 0, 1] / cross[:, 0, 0]
        left = np.maximum(cross[:, 1, 1] - ratio * cross[:, 0, 1], 1e-12 * cross[:, 1, 1])
        taken = taken + (joint[1] - ratio * joint[0]) ** 2 / left
    return np.asarray(taken)


def _evaluate(level: Draws, entry: Draws, params: Cube, forms: tuple[str, ...]) -> Evaluation:
    """Return errors at given parameters, each series from its best starting state."""
    rows, n = level.shape
    observed = np.zeros((rows, 3, 1, n))
    observed[:, 0, 0] = level
    unit = np.zeros((2, rows, 3, 1, n))
    unit[0, :, 1, 0] = entry
    unit[1, :, 2, 0] = entry
    slopes = np.array([[0.0 if form == "ANN" else 1.0] for form in forms])
    errors, states = _entered(observed, unit, params)
    raw = errors[:, 0]
    size = np.sqrt(np.einsum("tfn,tfn->fn", errors[:, 1], errors[:, 1]))
    first = errors[:, 1] / size
    overlap = np.einsum("tfn,tfn->fn", first, errors[:, 2])
    second = (errors[:, 2] - overlap * first) * slopes
    length = np.sqrt(np.einsum("tfn,tfn->fn", second, second))
    length = np.where(length > 0, length, 1.0)
    second /= length
    along_first = np.einsum("tfn,tfn->fn", first, raw)
    along_second = np.einsum("tfn,tfn->fn", second, raw)
    left = raw - along_first * first - along_second * second
    slope = -along_second / length
    start = np.stack([-(along_first + overlap * slope) / size, slope])
    state = states[:, 0] + states[:, 1] * start[0] + states[:, 2] * start[1] * slopes
    sse = np.einsum("tfn,tfn->fn", left, left)
    return Evaluation(
        errors=left, first=first, second=second, start=start, state=state, sse=np.asarray(sse)
    )


def _entered(observed: Cube, unit: Cube, params: Cube) -> tuple[Cube, Cube]:
    """Run the recursion from zero states, adding ``unit`` (2, T, ...) before each observation."""
    alpha, beta, phi = params
    shape = np.broadcast_shapes(observed.shape[1:], alpha.shape, unit.shape[2:])
    errors = np.empty((len(observed), *shape))
    level, slope, gain = np.zeros(shape), np.zeros(shape), np.empty(shape)
    for t, value in enumerate(observed):
        slope += unit[1, t]
        slope *= phi
        level += unit[0, t]
        level += slope
        error = np.subtract(value, level, out=errors[t])
        level += np.multiply(alpha, error, out=gain)
        slope += np.multiply(beta, error, out=gain)
    return errors, np.stack([level, slope])


def _step(
    level: Draws,
    entry: Draws,
    now: Evaluation,
    shares: Cube,
    free: Cube,
    damping: Draws,
    forms: tuple[str, ...],
) -> Cube:
    """Return the damped Gauss-Newton step in shares, (3, f, n), zero across a bound."""
    inward = np.where(shares > 0.5, -STEP, STEP)
    moved = shares + np.eye(3)[:, :, None, None] * inward[:, None]
    params = np.stack([form_params(moved[k], forms) for k in range(3)], axis=1)
    unit = now.start[:, None, None] * entry[:, None, None, :]
    errors, _ = _entered(level[:, None, None, :], unit, params)
    jacobian = (errors - now.errors[:, None]) / inward
    for q in (now.first, now.second):
        jacobian -= np.einsum("tfn,tkfn->kfn", q, jacobian) * q[:, None]
    gradient = np.einsum("tkfn,tfn->kfn", jacobian, now.errors)
    held = ((shares <= 0) & (gradient > 0)) | ((shares >= 1) & (gradient < 0))
    open_ = free * ~held
    curvature = np.einsum("tkfn,tjfn->fnkj", jacobian, jacobian)
    curvature *= np.einsum("kfn,jfn->fnkj", open_, open_)
    diagonal = np.einsum("fnkk->fnk", curvature)
    diagonal *= 1 + damping[:, :, None]
    diagonal += np.where(diagonal > 0, 0.0, 1.0)
    step = np.linalg.solve(curvature, -(gradient * open_).transpose(1, 2, 0)[..., None])
    return np.asarray(step[..., 0].transpose(2, 0, 1))


def _merge(better: Mask, trial: Evaluation, best: Evaluation) -> Evaluation:
    return Evaluation(
        errors=np.where(better, trial.errors, best.errors),
        first=np.where(better, trial.first, best.first),
        second=np.where(better, trial.second, best.second),
        start=np.where(better, trial.start, best.start),
        state=np.where(better, trial.state, best.state),
        sse=np.where(better, trial.sse, best.sse),
    )
