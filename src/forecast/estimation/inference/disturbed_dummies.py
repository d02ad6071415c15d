"""Swept-out effects that come back when rows of some clusters are weighed or left out."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.estimation.algebra.grouping import group_count, group_means
from forecast.estimation.problem import Regression
from forecast.specs.model import Effect


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
