"""Linear quantile regression as a linear programme: the one file that knows its solver."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError


def quantile_regression(y: Vector, x: Matrix, quantile: float) -> Vector:
    """Return the coefficients of linear quantile regression (Koenker and Bassett 1978).

    Solved in its dual, max y'a subject to x'a = (1 - quantile) x'1 and 0 <= a <= 1, whose
    multipliers are the coefficients: a vertex, as R's ``rq`` returns; where several minimise the
    loss it is one of them. Columns are made orthonormal before, so that units decide no digits.

    Parameters
    ----------
    y : (n,)
    x : (n, k), constant included.
    quantile : float
        Above 0, below 1.

    Raises
    ------
    EstimationError
        If the quantile is out of bounds, columns are collinear, or the solver finds no end.
    """
    from scipy.optimize import linprog

    if not 0 < quantile < 1:
        raise EstimationError(f"quantile: found {quantile}, must be above 0 and below 1")
    scale = np.abs(x).max(axis=0, initial=0)
    if len(x) < x.shape[1] or (scale == 0).any():
        raise EstimationError("quantile regression: columns are collinear")
    basis, upper = np.linalg.qr(x / scale)
    if np.abs(np.diag(upper)).min() < len(x) * np.finfo(float).eps * np.abs(upper).max():
        raise EstimationError("quantile regression: columns are collinear")
    right = (1 - quantile) * basis.sum(axis=0)
    found = linprog(-y, A_eq=basis.T, b_eq=right, bounds=(0, 1), method="highs")
    if found.status != 0:
        raise EstimationError(f"quantile regression: {found.message}")
    slopes: Vector = np.linalg.solve(upper, -found.eqlin.marginals) / scale
    return slopes
