"""What several covariances are made of: cluster codes, sandwich, leverages."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError, choose
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import Fit
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect


def cluster_codes(regression: Regression, dimension: Effect) -> Codes:
    """Return the rows' codes by country, year or another column that the model is grouped by."""
    own = {"country": regression.country, "year": regression.year, **regression.groups}
    return choose(dimension, own, "cluster", EstimationError)


def cluster_count(regression: Regression, dimension: Effect) -> int:
    """Return the number of clusters of a dimension; EstimationError where fewer than two."""
    clusters = group_count(cluster_codes(regression, dimension))
    if clusters < 2:
        raise EstimationError(
            f"covariance: found {clusters} cluster by {dimension}, at least 2 are needed"
            + (" (the between estimator has no years)" if dimension == "year" else "")
        )
    return clusters


def is_nested(groups: Codes, clusters: Codes) -> bool:
    """Say whether every group lies within one cluster."""
    first = np.full(group_count(groups), -1)
    first[groups[::-1]] = clusters[::-1]
    return bool((first[groups] == clusters).all())


def sandwich(fit: Fit, meat: Matrix) -> Matrix:
    """Return the covariance of the coefficients from that of the scores on Q, symmetric."""
    matrix: Matrix = fit.root @ meat @ fit.root.T
    return (matrix + matrix.T) / 2


def outer_sandwich(fit: Fit, scores: Matrix) -> Matrix:
    """Return the covariance that sums the outer products of ``scores`` (g, p) on Q."""
    moves = scores @ fit.root.T
    matrix: Matrix = moves.T @ moves
    return matrix


def leverages(fit: Fit, regression: Regression) -> Vector:
    """Return the diagonal of X (X'X)^-1 X', (m,): of the transformed columns, as in plm.

    Raises
    ------
    EstimationError
        If a row has leverage one: no residual is left to weigh.
    """
    found: Vector = np.einsum("ij,ij->i", fit.q, fit.q)
    if (found >= 1 - 1e-10).any():
        country, year = regression.index[int(np.argmax(found))]
        raise EstimationError(
            f"covariance: row {country} {year} has leverage one; HC2 and HC3 do not exist"
        )
    return found
