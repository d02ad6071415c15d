"""Coefficients with each cluster of rows left out in turn, without estimating again."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from forecast.arrays import Matrix, Vector
from forecast.estimation.algebra.grouping import group_rows
from forecast.estimation.algebra.least_squares import Fit
from forecast.estimation.inference.covariance_blocks import cluster_codes
from forecast.estimation.inference.disturbed_dummies import refitted_columns
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect

# What is left of an orthonormal column without a cluster, below which the cluster alone made it.
ALONE = 1e-10


def leave_one_out(fit: Fit, regression: Regression, cluster: Effect) -> Matrix:
    """Return what leaving out each country, or each year, adds to the coefficients: (G, p).

    -(Z'Z - Z_g'Z_g)^-1 Z_g'e_g (MacKinnon, Nielsen and Webb 2023, equation 20), Z the regressors
    and those swept-out dummies that leaving rows out disturbs, as orthonormal columns. Where a
    cluster alone identifies a coefficient the solution of least norm on these columns is taken,
    which is the same for every unit and level of the regressors. What the transformation itself
    has estimated (theta of random effects) stays as it is.
    """
    codes = cluster_codes(regression, cluster)
    z = refitted_columns(fit.q, regression, cluster)
    moved = [-solved_without(z[g], z[g].T @ fit.residuals[g]) for g in group_rows(codes)]
    return np.stack(moved)[:, : regression.x.shape[1]] @ fit.root.T


def solved_without(part: Matrix, right: Vector) -> Vector:
    """Return (I - Z_g'Z_g)^-1 times ``right`` (q,), ``part`` being a cluster's rows (n, q) of Z.

    Z'Z = I. Of least norm where eigenvalues (all between 0 and 1) are rounding.
    """
    left = np.eye(part.shape[1]) - part.T @ part
    try:
        factor = linalg.cho_factor(left, check_finite=False)
        share, _ = linalg.lapack.dpocon(factor[0], np.linalg.norm(left, 1))
        if share > ALONE:  # of the largest eigenvalue, the least
            return np.asarray(linalg.cho_solve(factor, right, check_finite=False))
    except linalg.LinAlgError:
        pass
    values, vectors = np.linalg.eigh(left)
    kept = vectors[:, values > ALONE]
    return np.asarray(kept @ ((kept.T @ right) / values[values > ALONE]))
