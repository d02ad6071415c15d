"""The bias of the within estimator in a first-order dynamic panel, to three orders."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Cube, Matrix


def lsdv_bias(
    levels: Cube, maps: Cube, errors: Matrix, *, gamma: float, sigma2: float, place: int
) -> Matrix:
    """Return the three terms of the bias, of order 1/T, 1/(N T) and 1/(N T^2).

    Bruno (2005, equations 3 and 4); in balanced panels Bun and Kiviet (2003). The expected
    regressors are the observed ones, the lagged outcome less what past errors put into it; T runs
    from the first period of the sample to the last.

    Bruno prints the last part of the third term as 2 tr(Pi'Pi Pi'Pi) q11^2. It lacks a factor
    sigma^2: the variance of e'Pi'Pi e is 2 sigma^4 tr(Pi'Pi Pi'Pi), and without it the estimate
    would depend on the outcome's unit. xtlsdvc computes it as printed.

    Parameters
    ----------
    levels : (N, T, p) regressors, the lagged outcome among them; zero outside the sample.
    maps : (N, T, T) within transformations, M.
    errors : (N, T) within residuals of the initial estimate, M e.
    gamma : coefficient of the lagged outcome.
    sigma2 : variance of the errors.
    place : position of the lagged outcome.

    Returns
    -------
    (3, p) array.
    """
    periods = slice(int(np.flatnonzero(maps.any(axis=(0, 2)))[0]), None)
    maps, errors = maps[:, periods, periods], errors[:, periods]
    size = errors.shape[1]
    shift = np.eye(size, k=-1)
    moved = shift @ np.linalg.inv(np.eye(size) - gamma * shift)  # L Gamma
    expected = levels[:, periods].copy()
    expected[:, :, place] -= errors @ moved.T
    pi = maps @ moved
    pi_t = pi.transpose(0, 2, 1)
    product = pi_t @ pi
    trace = float(np.einsum("ntt->", pi))
    curvature = _quadratic(expected, maps @ expected)
    curvature[place, place] += sigma2 * float(np.sum(pi**2))  # trace of Pi'Pi
    scale = np.sqrt(np.diag(curvature))  # units of the regressors must not cost digits
    q = np.linalg.inv(curvature / np.outer(scale, scale)) / np.outer(scale, scale)
    q1, q11 = q[:, place], float(q[place, place])
    middle = q @ _quadratic(expected, pi @ (maps @ expected))
    third = float(np.einsum("nij,nji->", product, pi))
    spread = _quadratic(expected, pi @ (pi_t @ expected))
    fourth = float(np.sum(product**2))  # trace of Pi'Pi Pi'Pi, Pi'Pi being symmetric
    first = sigma2 * trace * q1
    second = -sigma2 * (middle @ q1 + (np.trace(middle) + 2 * sigma2 * q11 * third) * q1)
    factor = q1 @ spread @ q1 + q11 * np.trace(q @ spread) + 2 * sigma2 * fourth * q11**2
    last = sigma2**2 * trace * (2 * q11 * (q @ spread @ q1) + factor * q1)
    return np.stack([first, second, last])


def _quadratic(left: Cube, right: Cube) -> Matrix:
    """Return the sum over countries of left' right, (p, p)."""
    found: Matrix = left.reshape(-1, left.shape[2]).T @ right.reshape(-1, right.shape[2])
    return found
