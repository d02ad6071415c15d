"""Coefficients with each cluster of rows left out in turn, without estimating again."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from forecast.arrays import Matrix
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import Fit
from forecast.estimation.inference.covariance_blocks import cluster_codes
from forecast.estimation.inference.disturbed_dummies import disturbed_dummies
from forecast.estimation.problem import Regression
from forecast.specs.model import Effect


def leave_one_out(fit: Fit, regression: Regression, cluster: Effect) -> Matrix:
    """Return the coefficients without each country, or each year: (G, p).

    b - (Z'Z - Z_g'Z_g)^-1 Z_g'e_g (MacKinnon, Nielsen and Webb 2023, equation 20), Z the
    regressors and those swept-out dummies that leaving rows out disturbs. Where a cluster alone
    identifies a coefficient the solution of least norm is taken. What the transformation itself
    has estimated (theta of random effects) stays as it is.
    """
    codes = cluster_codes(regression, cluster)
    clusters, count = group_count(codes), regression.x.shape[1]
    dummies = disturbed_dummies(regression, cluster)
    z = regression.x if dummies is None else np.column_stack([regression.x, dummies])
    lengths = np.linalg.norm(z, axis=0)
    scale = np.where(lengths > 0, lengths, 1.0)
    z = z / scale
    moments = z.T @ z
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(clusters + 1))
    found = np.empty((clusters, count))
    for g in range(clusters):
        rows = order[bounds[g] : bounds[g + 1]]
        part = z[rows]
        left = moments - part.T @ part
        score = part.T @ fit.residuals[rows]
        try:
            factor = linalg.cho_factor(left, check_finite=False)
            change = linalg.cho_solve(factor, score, check_finite=False)
            if dummies is not None:  # dummies may be dependent: the factor then is rounding
                sound = np.linalg.norm(left @ change - score) <= 1e-9 * np.linalg.norm(score)
                change = change if sound else linalg.pinvh(left) @ score
        except linalg.LinAlgError:
            change = linalg.pinvh(left) @ score
        found[g] = fit.params - (change / scale)[:count]
    return found
