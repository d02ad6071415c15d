"""The precision of a vector autoregression's future, banded, for many parameter draws at once.

Stacked over h years, y = (y_1', ..., y_h')' has precision K = H' (I x Sigma^-1) H with H block
lower triangular in the autoregressive coefficients, so K has p blocks below its diagonal (Chan,
Pettenuzzo, Poon and Zhu, 2025; Rue and Held, 2005, Gaussian Markov Random Fields, section 2.4).
Arrays hold the draws along their last axis.
"""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array, Integers
from forecast.timeseries.bvar.posterior import BvarDraws


def precision_blocks(parameters: BvarDraws, horizon: int) -> Array:
    """Return the blocks of K, (horizon, p + 1, n, n, draws).

    Element (t, q) is the block of years t + q (rows) and t (columns); zero beyond the horizon.
    """
    n, p, draws = parameters.size, parameters.lags, len(parameters.root)
    half = np.linalg.inv(parameters.root)
    inverse = half.swapaxes(1, 2) @ half
    lag = parameters.coefficients[:, 1:].reshape(draws, p, n, n).swapaxes(2, 3)
    c = np.concatenate([np.broadcast_to(np.eye(n), (draws, 1, n, n)), -lag], axis=1)
    out = np.zeros((horizon, p + 1, n, n, draws))
    for q in range(p + 1):
        total = np.zeros((n, n, draws))
        # Year t + q + l has y_{t+q} and y_t among its regressors; the last years have fewer such.
        for ahead in range(min(p - q, horizon - 1 - q) + 1):
            term = c[:, ahead].swapaxes(1, 2) @ inverse @ c[:, ahead + q]
            total = total + term.transpose(1, 2, 0)
            t = horizon - 1 - q - ahead
            out[t, q] = total
            if ahead == p - q:
                out[: t + 1, q] = total
    return out


def free_band(blocks: Array, free: Integers) -> Array:
    """Return the lower band of K on the free elements, (m, width, draws).

    Element (a, d) is K between free elements a + d and a. Leaving rows and columns out does not
    widen a band.
    """
    n, p = blocks.shape[2], blocks.shape[1] - 1
    band = np.zeros((len(free), n * (p + 1), blocks.shape[-1]))
    for a, column in enumerate(free):
        t, j = divmod(int(column), n)
        for d, row in enumerate(free[a : a + band.shape[1]]):
            s, i = divmod(int(row), n)
            if s - t <= p:
                band[a, d] = blocks[t, s - t, i, j]
    return band


def coupling(blocks: Array, free: Integers, fixed: Integers, values: Array) -> Array:
    """Return K between free and fixed elements times ``values`` (m, e, draws): (free, e, draws)."""
    n, p = blocks.shape[2], blocks.shape[1] - 1
    out = np.zeros((len(free), *values.shape[1:]))
    for m, known in enumerate(fixed):
        s, j = divmod(int(known), n)
        near = np.flatnonzero(np.abs(free // n - s) <= p)
        for a in near:
            t, i = divmod(int(free[a]), n)
            block = blocks[s, t - s, i, j] if t >= s else blocks[t, s - t, j, i]
            out[a] += block * values[m]
    return out


def factorise(band: Array) -> Array:
    """Return the banded Cholesky factor in the layout of `free_band`."""
    lower = band.copy()
    size, width = lower.shape[:2]
    for a in range(size):
        lower[a, 0] = np.sqrt(lower[a, 0])
        lower[a, 1:] /= lower[a, 0]
        for d in range(1, min(width, size - a)):
            lower[a + d, : width - d] -= lower[a, d] * lower[a, d:]
    return lower


def solve_lower(lower: Array, right: Array) -> Array:
    """Return L^-1 ``right`` for (m, ..., draws)."""
    out = right.copy()
    size, width = lower.shape[:2]
    for a in range(size):
        out[a] /= lower[a, 0]
        for d in range(1, min(width, size - a)):
            out[a + d] -= lower[a, d] * out[a]
    return out


def solve_upper(lower: Array, right: Array) -> Array:
    """Return L'^-1 ``right`` for (m, ..., draws)."""
    out = right.copy()
    size, width = lower.shape[:2]
    for a in range(size - 1, -1, -1):
        for d in range(1, min(width, size - a)):
            out[a] -= lower[a, d] * out[a + d]
        out[a] /= lower[a, 0]
    return out


def solve(lower: Array, right: Array) -> Array:
    """Return K^-1 ``right`` for (m, ..., draws), K = L L'."""
    return solve_upper(lower, solve_lower(lower, right))
