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
    params : (p,) coefficients, root Q'y.
    residuals : (m,).
    q : (m, p) orthonormal columns that span those of X.
    root : (p, p) with X root = Q, so that root root' is the inverse of X'X. What a covariance sums
        is formed on Q, where X's units and levels do not exist, and root brings it back.
    df_resid : rows less coefficients less absorbed effects.
    rss : sum of squared residuals.
    """

    params: Vector
    residuals: Vector
    q: Matrix
    root: Matrix
    df_resid: int
    rss: float


def least_squares(regression: Regression) -> Fit:
    """Return the coefficients that minimise the sum of squared residuals.

    Columns are scaled to length 1 (to the nearest power of two), then decomposed by Householder QR
    with column pivoting (Golub and Van Loan 2013, section 5.4). X'X is never formed: that would
    lose half of the digits. Beside a constant the other columns are measured from their means
    first, which where the constant is a column of ones takes off a far level without rounding.

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
    df_resid = regression.n_obs - columns - regression.absorbed
    if df_resid < 1:
        taken = f" and {regression.absorbed} absorbed effects" if regression.absorbed else ""
        raise EstimationError(
            f"{regression.n_obs} rows are too few for {columns} coefficients{taken}: at least "
            f"{columns + regression.absorbed + 1} are needed"
        )
    lengths = np.linalg.norm(x, axis=0)
    if not lengths.all():
        name = regression.terms[int(np.argmin(lengths))]
        raise EstimationError(f"{name!r} is zero in every row after the model's transformation")
    least = max(RANK, rows * np.finfo(float).eps)
    constant = regression.terms.index("const") if "const" in regression.terms else 0
    near, level = _from_means(regression, lengths, least)
    scale = np.exp2(np.round(np.log2(np.linalg.norm(near, axis=0))))  # divides without rounding
    q, r, pivot = linalg.qr(near / scale, mode="economic", pivoting=True, check_finite=False)
    heights = np.zeros(columns) if level is None else level * lengths[constant] / scale
    rounded = np.finfo(float).eps * lengths / scale
    names, least = [regression.terms[j] for j in pivot], max(least, 8 * regression.rounding)
    root = np.empty_like(r)
    root[pivot] = _triangle(r, names, least, heights[pivot], rounded[pivot])
    root /= scale[:, None]
    params = root @ (q.T @ y)
    residuals = y - near @ params
    if level is not None:
        params[constant] -= level @ params
        root[constant] -= level @ root
    return Fit(
        params=params,
        residuals=residuals,
        q=q,
        root=root,
        df_resid=df_resid,
        rss=float(residuals @ residuals),
    )


def orthonormal(columns: Matrix) -> Matrix:
    """Return an orthonormal basis of the span of columns, collinear ones left out."""
    lengths = np.linalg.norm(columns, axis=0)
    columns = columns[:, lengths > 0] / lengths[lengths > 0]
    q, r, _ = linalg.qr(columns, mode="economic", pivoting=True, check_finite=False)
    pivots = np.abs(np.diag(r))
    least = max(RANK, len(columns) * np.finfo(float).eps)
    basis: Matrix = q[:, : int(np.sum(pivots > least * pivots[0]))] if len(pivots) else q
    return basis


def beyond(basis: Matrix, columns: Matrix) -> Matrix:
    """Return columns (n, k) without their projection on orthonormal ones (n, q)."""
    for _ in range(2):  # the second pass removes the rounding of the first
        columns = columns - basis @ (basis.T @ columns)
    return columns


def _from_means(
    regression: Regression, lengths: Vector, least: float
) -> tuple[Matrix, Vector | None]:
    """Return columns less their levels beside the constant, and these levels (p,), if there is one.

    Raises EstimationError where nothing but rounding is left of a column.
    """
    x = regression.x
    if "const" not in regression.terms:
        return x, None
    place = regression.terms.index("const")
    constant = x[:, place]
    level = (constant @ x) / float(constant @ constant)
    level[place] = 0.0
    near = x - constant[:, None] * level
    flat = np.linalg.norm(near, axis=0) <= least * lengths
    if flat.any():
        raise EstimationError(
            f"the regressors are collinear: {regression.terms[int(np.argmax(flat))]!r} is a "
            f"combination of 'const'; leave one of them out"
        )
    return near, level


def _triangle(
    r: Matrix, names: Sequence[str], least: float, heights: Vector, rounded: Vector
) -> Matrix:
    """Return the solution of R root = I, or raise EstimationError where columns are collinear.

    They are where the pivots end early, or where what is left of a column beside the others is
    rounding of their levels. The first such column is named, with those that make it up.

    Parameters
    ----------
    r : (p, p) of the scaled columns.
    names : (p,).
    least : of the first pivot, what a pivot must have.
    heights : (p,) levels taken off beside the constant, in the columns' lengths.
    rounded : (p,) rounding of the columns, in their lengths.
    """
    pivots = np.abs(np.diag(r))
    rank = int(np.sum(pivots > least * pivots[0]))
    if rank == len(names):
        root: Matrix = linalg.solve_triangular(r, np.eye(rank), check_finite=False)
        lost = np.flatnonzero(rounded @ np.abs(root) > 1 / 8)
        if not len(lost):
            return root
        rank = max(int(lost[0]), 1)
    weights = linalg.solve_triangular(r[:rank, :rank], r[:rank, rank])
    makers = [n for n, w in zip(names[:rank], weights, strict=True) if abs(w) > 1e-6]
    left = heights[rank] - weights @ heights[:rank]
    if abs(left) > 1e-6 * max(1.0, abs(heights[rank])):
        makers.append("const")
    raise EstimationError(
        f"the regressors are collinear: {names[rank]!r} is a combination of "
        f"{', '.join(repr(n) for n in makers)}; leave one of them out"
    )
