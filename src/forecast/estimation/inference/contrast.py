"""Hausman's statistic of the difference between two estimates."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.statistics.significance.tails import chi2_sf

UNFORMED = "the difference of the covariances is singular; the test cannot be formed"
INDEFINITE = (
    "the difference of the covariances is not positive definite; the statistic has no chi-squared "
    "distribution"
)


def contrast(difference: Vector, consistent: Matrix, efficient: Matrix) -> tuple[float, float, str]:
    """Return statistic, p-value and note of d'(V_c - V_e)^-1 d (Hausman 1978).

    Parameters
    ----------
    difference : (k,) consistent less efficient estimates.
    consistent, efficient : (k, k) their covariances.

    Returns
    -------
    tuple
        NaN and NaN where V_c - V_e is singular; the quadratic form, possibly negative, and NaN
        where it is not positive definite. The note then says so, and is empty otherwise.
    """
    # in standard-error units, so that the drivers' units do not decide definiteness
    scale = np.sqrt(np.diag(consistent))
    spread, gap = (consistent - efficient) / np.outer(scale, scale), difference / scale
    eigenvalues = np.linalg.eigvalsh(spread)
    if np.abs(eigenvalues).min() <= 1e-12:
        return float("nan"), float("nan"), UNFORMED
    statistic = float(gap @ np.linalg.solve(spread, gap))
    if eigenvalues.min() < 0:
        return statistic, float("nan"), INDEFINITE
    return statistic, float(chi2_sf(statistic, len(gap))), ""
