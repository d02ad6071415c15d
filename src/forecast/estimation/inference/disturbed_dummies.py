"""Swept-out effects that come back when rows of some clusters are weighed or left out."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.estimation.algebra.grouping import group_count, group_means
from forecast.estimation.algebra.least_squares import Fit
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect


def refitted_columns(fit: Fit, regression: Regression, cluster: Effect) -> Matrix:
    """Return orthonormal columns, (m, p + d), that weighted rows are fitted on again.

    The first p are ``fit.q``. The others span the disturbed dummies, to which X is orthogonal as
    they were swept out of it; dependent ones are left out.
    """
    dummies = disturbed_dummies(regression, cluster)
    if dummies is None:
        return fit.q
    # dummies have one unit and few of them are nearly dependent: their products keep the digits
    values, vectors = np.linalg.eigh(dummies.T @ dummies)
    kept = values > 1e-10 * values[-1]
    return np.hstack([fit.q, dummies @ (vectors[:, kept] / np.sqrt(values[kept]))])


def disturbed_dummies(regression: Regression, cluster: Effect) -> Matrix | None:
    """Return swept-out columns that weighted residuals are no longer orthogonal to.

    Residuals sum to zero over each group of a swept effect. Weights that are constant within the
    clusters keep those sums for the clusters' own dimension, and break them for the other one.
    """
    if regression.dummies is not None:
        return regression.dummies
    other: Effect = "year" if cluster == "country" else "country"
    if other not in regression.effects:
        return None
    codes, others = regression.country, regression.year
    if cluster == "year":
        codes, others = others, codes
    dummies: Matrix = (others[:, None] == np.arange(group_count(others))).astype(float)
    if cluster in regression.effects:
        dummies -= group_means(dummies, codes, group_count(codes))[codes]
    elif "const" in regression.terms:
        dummies -= dummies.mean(axis=0)
    else:
        return dummies
    return dummies[:, 1:]  # they sum to zero: the first is minus the others
