"""Least squares by a column-scaled, pivoted QR decomposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.problem import Regression

# Columns scaled to length 1: a pivot below this share of the first is rounding. NIST's Filip, the
# hardest of its problems that still has an answer in double precision, keeps pivots above it.
RANK = 2.3e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A least-squares solution.

    Attributes
    ----------
    params : (p,) coefficients.
    residuals : (m,).
    bread : (p, p) inverse of X'X.
    df_resid : rows less coefficients less absorbed effects.
    rss : sum of squared residuals.
    """

    params: Vector
    residuals: Vector
    bread: Matrix
    df_resid: int
    rss: float


def least_squares(regression: Regression) -> Fit:
    """Return the coefficients that minimise the sum of squared residuals.

    Columns are scaled to length 1 (to the nearest power of two), then decomposed by Householder QR
    with column pivoting (Golub and Van Loan 2013, section 5.4). X'X is never formed: that would
    lose half of the digits.

    Parameters
    ----------
    regression : Regression
        y (m,) and X (m, p), effects already swept out.

    Returns
    -------
    Fit

    Raises
    ------
    EstimationError
        If a column is zero, columns are collinear (named, with those that make them up), or no
        degrees of freedom are left.
    """
    y, x = regression.y, regression.x
    rows, columns = x.shape
    df_resid = rows - columns - regression.absorbed
    if df_resid < 1:
        taken = f" and {regression.absorbed} absorbed effects" if regression.absorbed else ""
        raise EstimationError(
            f"{rows} rows are too few for {columns} coefficients{taken}: at least "
            f"{columns + regression.absorbed + 1} are needed"
        )
    lengths = np.linalg.norm(x, axis=0)
    if not lengths.all():
        name = regression.terms[int(np.argmin(lengths))]
        raise EstimationError(f"{name!r} is zero in every row after the model's transformation")
    scale = np.exp2(np.round(np.log2(lengths)))  # a power of two divides without rounding
    q, r, pivot = linalg.qr(x / scale, mode="economic", pivoting=True, check_finite=False)
    least = max(RANK, rows * np.finfo(float).eps, 8 * regression.rounding)
    _full_rank(r, [regression.terms[j] for j in pivot], least)
    inverse = linalg.solve_triangular(r, np.eye(columns), check_finite=False)
    params = np.empty(columns)
    params[pivot] = linalg.solve_triangular(r, q.T @ y, check_finite=False)
    bread = np.empty((columns, columns))
    bread[np.ix_(pivot, pivot)] = inverse @ inverse.T
    params /= scale
    bread /= np.outer(scale, scale)
    residuals = y - x @ params
    return Fit(
        params=params,
        residuals=residuals,
        bread=bread,
        df_resid=df_resid,
        rss=float(residuals @ residuals),
    )


def _full_rank(r: Matrix, names: Sequence[str], least: float) -> None:
    """Raise EstimationError where the pivots end early, naming what each lost column is made of."""
    pivots = np.abs(np.diag(r))
    rank = int(np.sum(pivots > least * pivots[0]))
    if rank == len(names):
        return
    weights = linalg.solve_triangular(r[:rank, :rank], r[:rank, rank])
    makers = [n for n, w in zip(names[:rank], weights, strict=True) if abs(w) > 1e-6]
    raise EstimationError(
        f"the regressors are collinear: {names[rank]!r} is a combination of "
        f"{', '.join(repr(n) for n in makers)}; leave one of them out"
    )
