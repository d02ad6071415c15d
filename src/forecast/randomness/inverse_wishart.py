"""Draws from the inverse Wishart distribution, as triangular roots."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array


def inverse_wishart_roots(scale: Array, dof: float, draws: int, rng: Generator) -> Array:
    """Return lower triangular roots of inverse Wishart draws (Bartlett, 1933).

    Parameters
    ----------
    scale : (n, n) or (draws, n, n)
        Positive definite; one for all draws, or one each. The mean is scale / (dof - n - 1).
    dof : float
        Above n - 1.
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (draws, n, n), root @ root.T being the draw.
    """
    n = scale.shape[-1]
    index = np.arange(n)
    bartlett = rng.standard_normal((draws, n, n)) * (index[:, None] > index)
    bartlett[:, index, index] = np.sqrt(rng.chisquare(dof - index, size=(draws, n)))
    # W = T T' is Wishart with identity scale, so Sigma = L W^-1 L' = (L T'^-1)(L T'^-1)'.
    half = np.linalg.cholesky(scale) @ np.linalg.inv(bartlett.swapaxes(-1, -2))
    return np.asarray(np.linalg.cholesky(half @ half.swapaxes(-1, -2)))
