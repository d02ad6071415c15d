"""Linear quantile regression: the one file that knows statsmodels' engine for it."""

from __future__ import annotations

import warnings

import numpy as np

from forecast.arrays import Matrix, Vector

TOLERANCE, ROUNDS = 1e-8, 5000


def quantile_regression(y: Vector, x: Matrix, quantile: float) -> Vector:
    """Return the coefficients of linear quantile regression (Koenker and Bassett 1978).

    Iterated weighted least squares of statsmodels. Where data are tied its stop is within some
    1e-4 of the linear programme's value, not at a vertex.

    Parameters
    ----------
    y : (n,)
    x : (n, k), constant included.
    quantile : float
        Above 0, below 1.
    """
    from statsmodels.regression.quantile_regression import QuantReg

    scale = np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)  # units decide no digits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the number of rounds: the result is what it says
        found = QuantReg(y, x / scale).fit(q=quantile, p_tol=TOLERANCE, max_iter=ROUNDS)
    slopes: Vector = np.asarray(found.params) / scale
    return slopes
