"""Swept-out effects that come back when rows of some clusters are weighed or left out."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.estimation.algebra.absorbing import absorb, effect_columns
from forecast.estimation.inference.covariance_blocks import cluster_codes, is_nested
from forecast.estimation.problem import EffectBlock, Regression
from forecast.specs.dimensions import Effect


def refitted_columns(q: Matrix, regression: Regression, cluster: Effect) -> Matrix:
    """Return orthonormal columns, (m, p + d), that weighted rows are fitted on again.

    The first p are ``q``, orthonormal columns of X. The others span the disturbed dummies, to which
    X is orthogonal as they were swept out of it; dependent ones are left out.
    """
    dummies = disturbed_dummies(regression, cluster)
    if dummies is None:
        return q
    # dummies have one unit and few of them are nearly dependent: their products keep the digits
    values, vectors = np.linalg.eigh(dummies.T @ dummies)
    kept = values > 1e-10 * values[-1]
    return np.hstack([q, dummies @ (vectors[:, kept] / np.sqrt(values[kept]))])


def disturbed_dummies(regression: Regression, cluster: Effect) -> Matrix | None:
    """Return swept-out columns that weighted residuals are no longer orthogonal to.

    Residuals sum to zero over each group of a swept effect. Weights that are constant within the
    clusters keep those sums where a group lies within one cluster, and break the others.

    Raises
    ------
    EstimationError
        If the effects not nested in the clusters have more than 8,000 columns.
    """
    if regression.dummies is not None:
        return regression.dummies
    codes = cluster_codes(regression, cluster)
    nested = [one for one in regression.blocks if is_nested(one.codes, codes)]
    apart = [one for one in regression.blocks if not is_nested(one.codes, codes)]
    if not apart:
        return None
    root = np.ones(len(codes)) if regression.weights is None else np.sqrt(regression.weights)
    columns = effect_columns(apart, root).toarray()
    if "const" in regression.terms:
        nested.append(EffectBlock(codes=np.zeros(len(codes), dtype=np.int64)))
    return absorb(columns, nested, root).values if nested else columns
