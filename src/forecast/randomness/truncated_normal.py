"""Exact draws from multivariate normals cut to boxes, each with its own mean and covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import log_ndtr, ndtri_exp

from forecast.arrays import Array, Integers
from forecast.errors import EstimationError

NEWTON_STEPS = 100
# Largest element of the gradient at the saddle point.
SETTLED = 1e-8
# Proposals a draw before it is given up. Minimax tilting accepts most of them.
PROPOSALS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """Sequential form: x = mean + root z, with unit-diagonal bounds low, high on z given before.

    ``link`` (d, r, r) is the root over its diagonal, less the identity.
    """

    link: Array
    low: Array
    high: Array

    def some(self, rows: Integers) -> _Problem:
        return _Problem(link=self.link[rows], low=self.low[rows], high=self.high[rows])


def truncated_normal(
    mean: Array, covariance: Array, low: Array, high: Array, rng: Generator
) -> Array:
    """Return one exact draw from each of many normals cut to a box.

    Minimax exponential tilting (Botev, 2017, Journal of the Royal Statistical Society B 79):
    components are proposed one after the other from shifted truncated normals, the shifts being
    chosen so that the largest possible weight is smallest, and accepted with probability weight
    over that bound. The bound is the maximum of a concave function, so accepted draws have the
    distribution exactly.

    Parameters
    ----------
    mean : (d, r)
    covariance : (d, r, r) positive definite.
    low, high : (r,) bounds, infinite where there is none.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (d, r)

    Raises
    ------
    EstimationError
        If a box is so improbable that a draw is not accepted in 10,000 proposals.
    """
    draws, r = mean.shape
    root = np.linalg.cholesky(covariance)
    size = np.diagonal(root, axis1=1, axis2=2)
    problem = _Problem(
        link=root / size[:, :, None] - np.eye(r),
        low=(low - mean) / size,
        high=(high - mean) / size,
    )
    shift, bound = _tilted(problem)
    out = np.empty((draws, r))
    left = np.arange(draws)
    for _ in range(PROPOSALS):
        z, log_weight = _propose(problem.some(left), shift[left], rng)
        accept = rng.standard_exponential(len(left)) > bound[left] - log_weight
        out[left[accept]] = z[accept]
        left = left[~accept]
        if not len(left):
            return np.asarray(mean + (root @ out[:, :, None])[:, :, 0])
    raise EstimationError(
        f"conditions: {len(left)} of {draws} parameter draws make the intervals all but impossible"
    )


def truncated_standard(low: Array, high: Array, rng: Generator) -> Array:
    """Return standard normal draws between ``low`` and ``high``, exact in far tails."""
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    log_a, log_b = log_ndtr(a), log_ndtr(b)
    # log of Phi(b) - u (Phi(b) - Phi(a)).
    share = rng.random(a.shape) * -np.expm1(log_a - log_b)
    x = np.clip(ndtri_exp(log_b + np.log1p(-share)), a, b)
    return np.asarray(np.where(flip, -x, x))


def log_between(low: Array, high: Array) -> Array:
    """Return log(Phi(high) - Phi(low)), accurate in both tails."""
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    upper = log_ndtr(b)
    return np.asarray(upper + np.log(-np.expm1(log_ndtr(a) - upper)))


def _propose(problem: _Problem, shift: Array, rng: Generator) -> tuple[Array, Array]:
    """Return proposals z (d, r) and their log weights (d,)."""
    d, r = shift.shape
    z, log_weight = np.zeros((d, r)), np.zeros(d)
    for i in range(r):
        drift = (problem.link[:, i, :i] * z[:, :i]).sum(axis=1) + shift[:, i]
        a, b = problem.low[:, i] - drift, problem.high[:, i] - drift
        z[:, i] = shift[:, i] + truncated_standard(a, b, rng)
        log_weight += log_between(a, b) + shift[:, i] * (shift[:, i] / 2 - z[:, i])
    return z, log_weight


def _tilted(problem: _Problem) -> tuple[Array, Array]:
    """Return shifts (d, r) and bounds on the log weight (d,): the saddle point, by Newton.

    Where Newton fails, no shift and the sum of each component's largest log probability serve:
    exact too, but slower.
    """
    d, r = problem.low.shape
    width = problem.high - problem.low
    bound = log_between(problem.low, problem.high)[:, 0]
    bound = bound + log_between(-width[:, 1:] / 2, width[:, 1:] / 2).sum(axis=1)
    shift = np.zeros((d, r))
    if r == 1:
        return shift, bound
    at, norm = np.zeros((d, 2 * (r - 1))), np.full(d, np.inf)
    for _ in range(NEWTON_STEPS):
        value, gradient, hessian = _saddle(problem, at)
        norm = np.abs(gradient).max(axis=1)
        if (norm < SETTLED).all():
            break
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        # A long step from far out may leave the region where the quadratic model holds.
        length = np.sqrt((step**2).sum(axis=1, keepdims=True))
        step *= np.minimum(1.0, 5.0 * np.sqrt(r) / np.maximum(length, 1e-300))
        at = np.where(norm[:, None] < SETTLED, at, at - step)
    good = norm < SETTLED
    shift[:, :-1] = np.where(good[:, None], at[:, r - 1 :], 0.0)
    # The maximum of a concave function is at most its gradient times the distance away.
    return shift, np.where(good, value + 100 * SETTLED, bound)


def _saddle(problem: _Problem, at: Array) -> tuple[Array, Array, Array]:
    """Return psi(x, shift), its gradient and Hessian in (x, shift) but their last elements."""
    d, r = problem.low.shape
    x, shift = np.zeros((d, r)), np.zeros((d, r))
    x[:, :-1], shift[:, :-1] = at[:, : r - 1], at[:, r - 1 :]
    drift = shift + (problem.link @ x[:, :, None])[:, :, 0]
    a, b = problem.low - drift, problem.high - drift
    log_mass = log_between(a, b)
    value = (log_mass + shift * (shift / 2 - x)).sum(axis=1)
    density_a, density_b = (
        np.exp(-(edge**2) / 2 - log_mass) / np.sqrt(2 * np.pi) for edge in (a, b)
    )
    p = density_a - density_b
    by_x = -shift[:, :-1] + (p[:, None, :] @ problem.link)[:, 0, :-1]
    by_shift = (shift - x + p)[:, :-1]
    a, b = np.where(np.isinf(a), 0.0, a), np.where(np.isinf(b), 0.0, b)
    slope = -(p**2) + a * density_a - b * density_b
    scaled = slope[:, :, None] * problem.link
    xx = (problem.link.swapaxes(1, 2) @ scaled)[:, :-1, :-1]
    mixed = scaled[:, :-1, :-1] - np.eye(r - 1)
    mm = (1 + slope[:, :-1, None]) * np.eye(r - 1)
    hessian = np.concatenate(
        [
            np.concatenate([xx, mixed.swapaxes(1, 2)], axis=2),
            np.concatenate([mixed, mm], axis=2),
        ],
        axis=1,
    )
    return value, np.concatenate([by_x, by_shift], axis=1), hessian
