"""The long-run coefficients that countries share: their likelihood and its maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Matrix, Vector
from forecast.errors import EstimationError

MOST = 500  # steps of Newton's method
NEAR = 1e-8  # Newton decrement below which the likelihood's own rounding must not stop a step
DONE = 1e-20


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRun:
    """The likelihood of common long-run coefficients at one value, all else maximised.

    Attributes
    ----------
    theta : (k,).
    loglik : of all countries, normal errors with a variance a country.
    gradient : (k,).
    expected : (k, k) information on theta, what it shares with each country's speed of adjustment
        and short run taken off (Pesaran, Shin and Smith 1999).
    observed : (k, k) minus the second derivatives of the concentrated likelihood.
    towards : (k, k) whose inverse times the gradient is the step of back-substitution.
    """

    theta: Vector
    loglik: float
    gradient: Vector
    expected: Matrix
    observed: Matrix
    towards: Matrix


def long_run(roots: Cube, sizes: Vector, starts: list[Vector]) -> tuple[LongRun, int]:
    """Return the maximum of the likelihood, and how many the starts led to.

    Newton's method, and where the likelihood is not concave the back-substitution of Pesaran, Shin
    and Smith (1999); a step that lowers the likelihood is halved.

    Parameters
    ----------
    roots : (N, m, 2 + k) by country the triangular factor of change, lagged level and drivers
        after the short run and the constant were projected out, so that inner products are theirs.
    sizes : (N,) rows of each country.
    starts : values (k,) to begin from.

    Raises
    ------
    EstimationError
        If no start leads to a maximum.
    """
    # in units of one size, so that drivers' units decide nothing
    scale = np.sqrt(np.sum(roots[:, :, 2:] ** 2, axis=(0, 1)))
    scaled = np.concatenate([roots[:, :, :2], roots[:, :, 2:] / scale], axis=2)
    ends = [end for start in starts if (end := _climbed(scaled, sizes, start * scale)) is not None]
    if not ends:
        raise EstimationError(
            "the likelihood of the long-run coefficients has no maximum that Newton's method finds"
        )
    best = max(ends, key=lambda end: end.loglik)
    heights = np.sort([end.loglik for end in ends])
    maxima = 1 + int(np.sum(np.diff(heights) > 1e-6))
    found = LongRun(
        theta=best.theta / scale,
        loglik=best.loglik,
        gradient=best.gradient * scale,
        expected=best.expected * np.outer(scale, scale),
        observed=best.observed * np.outer(scale, scale),
        towards=best.towards * np.outer(scale, scale),
    )
    return found, maxima


def _climbed(roots: Cube, sizes: Vector, start: Vector) -> LongRun | None:
    here = _at(roots, sizes, start)
    for _ in range(MOST):
        concave = np.linalg.eigvalsh(here.observed)[0] > 0
        step = np.linalg.solve(here.observed if concave else here.towards, here.gradient)
        decrement = float(step @ here.gradient)
        if concave and decrement < DONE:
            return here
        there = _at(roots, sizes, here.theta + step)
        while not there.loglik > here.loglik and not (concave and decrement < NEAR):
            step = step / 2
            if not np.abs(step).max() > 1e-14 * np.abs(here.theta).max():  # nor is it a number
                return None
            there = _at(roots, sizes, here.theta + step)
        if concave and decrement < NEAR and _stalls(there, decrement):
            return there
        here = there
    return None


def _stalls(there: LongRun, decrement: float) -> bool:
    """Say whether what is left of the gradient is rounding: Newton's method squares its error."""
    left = float(there.gradient @ np.linalg.solve(there.observed, there.gradient))
    return left >= decrement / 4


def _at(roots: Cube, sizes: Vector, theta: Vector) -> LongRun:
    change, x = roots[:, :, 0], roots[:, :, 2:]
    gap = roots[:, :, 1] - x @ theta
    length = np.sum(gap**2, axis=1)
    speed = np.sum(gap * change, axis=1) / length
    error = change - speed[:, None] * gap
    squares = np.sum(error**2, axis=1)
    precision = sizes / squares
    xe = np.einsum("nmk,nm->nk", x, error)
    xgap = np.einsum("nmk,nm->nk", x, gap)
    slope = (speed[:, None] * xgap - xe) / length[:, None]  # of the speed in theta
    weight = precision * speed**2
    towards = np.einsum("n,nmk,nml->kl", weight, x, x)
    half = speed[:, None] * xe / squares[:, None]
    return LongRun(
        theta=theta,
        loglik=float(-0.5 * np.sum(sizes * (np.log(2 * np.pi / precision) + 1))),
        gradient=-np.sum((precision * speed)[:, None] * xe, axis=0),
        expected=towards - np.einsum("n,nk,nl->kl", weight / length, xgap, xgap),
        observed=towards
        - np.einsum("n,nk,nl->kl", precision * length, slope, slope)
        - 2 * np.einsum("n,nk,nl->kl", sizes, half, half),
        towards=towards,
    )
