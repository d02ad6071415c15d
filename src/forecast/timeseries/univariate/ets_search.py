"""The greatest likelihood of exponential smoothing: Newton's steps from several starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Draws, Integers, Mask, Vector
from forecast.timeseries.univariate.smoothing import FREE, STEP, form_params, recursion

# A centre, a point on each side, a point on each diagonal, and last the place itself. Differences
# of second order leave some 1e-7 of a range, which moves the squares by 1e-13 of themselves;
# rounding leaves less.
STENCIL = STEP * np.vstack([np.zeros(3), np.eye(3), -np.eye(3), 1.0 - np.eye(3), np.zeros(3)])
# Starts on bounds: a maximum there may be too thin for a grid's midpoints to see.
BOUNDS = {
    "ANN": ((0.0, 1.0), (0.0,), (0.0,)),
    "AAN": ((0.0, 0.5, 1.0), (0.0, 0.15, 0.65, 1.0), (0.0,)),
    "AAdN": ((0.0, 0.5, 1.0), (0.0, 1.0), (0.0, 1.0)),
}
# Steps, and how many starts of each form go on after them; the last goes on until nothing is left
# to gain.
STAGES = ((1, 4), (2, 1), (40, 1))
GAIN = 1e-12
REACH = 0.2  # of a range in one step, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Where a search stands, one row a start.

    Attributes
    ----------
    shares : (m, 3) of the ranges of alpha, beta / alpha and phi.
    reach : (m,) longest step.
    sse : (m,) sums of squared errors, the starting state concentrated out.
    gradient, curvature : (m, 3), (m, 3, 3) derivatives of ``sse`` by the shares.
    """

    shares: Draws
    reach: Vector
    sse: Vector
    gradient: Draws
    curvature: Cube

    def rows(self, rows: Integers) -> Searched:
        """Return some of the starts."""
        return Searched(
            shares=self.shares[rows],
            reach=self.reach[rows],
            sse=self.sse[rows],
            gradient=self.gradient[rows],
            curvature=self.curvature[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """A form's grid, and where searches start from it.

    Attributes
    ----------
    shares : (g, 3) of the ranges of alpha, beta / alpha and phi.
    parts : rows of each part: thirds of alpha's range, halved by beta's share.
    bounds : (b, 3) starts whatever the data are.
    """

    shares: Draws
    parts: tuple[Integers, ...]
    bounds: Draws


def search_lattice(form: str, shares: Draws) -> Lattice:
    """Return a form's grid of shares (g, 3) with its parts."""
    part = (shares[:, 0] * 3).astype(int) + 3 * (shares[:, 1] > 0.5)
    return Lattice(
        shares=shares,
        parts=tuple(np.flatnonzero(part == one) for one in np.unique(part)),
        bounds=np.stack(np.meshgrid(*BOUNDS[form], indexing="ij"), axis=-1).reshape(-1, 3),
    )


def search_starts(lattice: Lattice, sse: Vector) -> Draws:
    """Return shares (s, 3) to search from, given sums of squared errors (g,) on the grid.

    They are the best points of the grid's parts, and bounds.
    """
    best = [part[np.argmin(sse[part])] for part in lattice.parts]
    return np.concatenate([lattice.shares[best], lattice.bounds])


def search_shares(level: Vector, starts: Mapping[str, Draws]) -> dict[str, Vector]:
    """Return the shares (3,) at which each form's squared errors are least.

    Newton's steps on the sum of squares with the starting state concentrated out, no longer than
    a reach that shrinks when a step fails, within the bounds of ``smoothing``. Derivatives are
    differences over a stencil: all points of all starts are one run of the recursion.

    Parameters
    ----------
    level : (n,) log level, x 100.
    starts : dict of form to (s, 3) shares of the ranges of alpha, beta / alpha and phi.
    """
    names = [form for form, found in starts.items() for _ in found]
    shares = np.vstack(list(starts.values()))
    now = _at(level, names, shares, np.full(len(names), REACH))
    for steps, kept in STAGES:
        now = _improved(level, names, now, steps)
        order = np.argsort(now.sse, kind="stable").tolist()
        rows = [row for form in starts for row in [i for i in order if names[i] == form][:kept]]
        now, names = now.rows(np.array(rows)), [names[row] for row in rows]
    return dict(zip(starts, now.shares, strict=True))


def _improved(level: Vector, forms: Sequence[str], now: Searched, steps: int) -> Searched:
    free = np.array([FREE[form] for form in forms])
    for _ in range(steps):
        aim = _aim(now, free)
        gain = np.abs(np.einsum("mk,mk->m", now.gradient, aim - now.shares))
        if (gain <= GAIN * now.sse).all():
            break
        trial = _at(level, forms, aim, np.minimum(2 * now.reach, REACH))
        better = trial.sse < now.sse
        now = _merged(better, trial, now)
    return now


def _at(level: Vector, forms: Sequence[str], shares: Draws, reach: Vector) -> Searched:
    """Return squared errors and their derivatives at given shares, (m, 3)."""
    m, points = len(shares), len(STENCIL)
    centre = np.clip(shares, STEP, 1 - STEP)
    every = centre + STENCIL[:, None]
    every[-1] = shares
    params = form_params(every.transpose(2, 1, 0), forms).reshape(3, m * points)
    sse = _least_squares(level, params).reshape(m, points)
    middle, up, down, both = sse[:, 0], sse[:, 1:4], sse[:, 4:7], sse[:, 7:10]
    curvature = np.empty((m, 3, 3))
    for i, j, other in ((1, 2, 0), (0, 2, 1), (0, 1, 2)):
        mixed = both[:, other] - up[:, i] - up[:, j] + middle
        curvature[:, i, j] = curvature[:, j, i] = mixed
        curvature[:, other, other] = up[:, other] + down[:, other] - 2 * middle
    curvature /= STEP**2
    gradient = (up - down) / (2 * STEP)
    gradient += np.einsum("mij,mj->mi", curvature, shares - centre)
    return Searched(
        shares=shares, reach=reach, sse=sse[:, -1], gradient=gradient, curvature=curvature
    )


def _least_squares(level: Vector, params: Draws) -> Vector:
    """Return squared errors (g,) from the best starting state, at params (3, g)."""
    observed = np.zeros((len(level), 3, 1))
    observed[:, 0, 0] = level
    unit = np.zeros((2, 3, 1))
    unit[range(2), range(1, 3)] = 1.0
    errors, _ = recursion(observed, unit, params[:, None, :])
    left, first, second = errors.transpose(1, 0, 2)
    size = np.einsum("tm,tm->m", first, first)
    second -= np.einsum("tm,tm->m", first, second) / size * first
    left -= np.einsum("tm,tm->m", first, left) / size * first
    length = np.einsum("tm,tm->m", second, second)
    length[length == 0] = 1.0  # a form without slope
    left -= np.einsum("tm,tm->m", second, left) / length * second
    return np.asarray(np.einsum("tm,tm->m", left, left))


def _aim(now: Searched, free: Draws) -> Draws:
    """Return where a Newton step leads, (m, 3): downhill in every direction, none across a bound.

    Eigenvalues count by their size, so that a saddle is left.
    """
    held = ((now.shares <= 0) & (now.gradient > 0)) | ((now.shares >= 1) & (now.gradient < 0))
    open_ = free * ~held
    curvature = now.curvature * (open_[:, :, None] * open_[:, None, :])
    values, vectors = np.linalg.eigh(curvature)
    size = np.maximum(np.abs(values), 1e-12 * np.abs(values).max(axis=1, keepdims=True) + 1e-300)
    along = np.einsum("mij,mi->mj", vectors, now.gradient * open_) / size
    step = -np.einsum("mij,mj->mi", vectors, along) * open_
    longest = np.abs(step).max(axis=1, keepdims=True)
    step *= np.minimum(1.0, now.reach[:, None] / np.where(longest > 0, longest, 1.0))
    return np.asarray(np.clip(now.shares + step, 0.0, 1.0))


def _merged(better: Mask, trial: Searched, now: Searched) -> Searched:
    moved = np.abs(trial.shares - now.shares).max(axis=1)
    one, two = better[:, None], better[:, None, None]
    return Searched(
        shares=np.where(one, trial.shares, now.shares),
        reach=np.where(better, trial.reach, moved / 4),
        sse=np.where(better, trial.sse, now.sse),
        gradient=np.where(one, trial.gradient, now.gradient),
        curvature=np.where(two, trial.curvature, now.curvature),
    )
