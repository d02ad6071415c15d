"""Covariance of coefficients: classical, clustered, two-way clustered, Driscoll-Kraay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from forecast.errors import EstimationError, choose
from forecast.estimation.grouping import group_count, group_sums
from forecast.estimation.least_squares import Fit
from forecast.estimation.record import Matrix, Regression
from forecast.specs.model import Effect, ModelSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """A covariance matrix and the t distribution that goes with it.

    Attributes
    ----------
    matrix : (p, p).
    df : degrees of freedom of t.
    stats : what the matrix was made with (clusters, lags), by name.
    """

    matrix: Matrix
    df: int
    stats: Mapping[str, float] = field(default_factory=dict)


def covariance(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Return the covariance that ``spec.covariance`` names.

    Conventions, checked against R's plm, are in docs/methods/inference.md.

    Raises
    ------
    EstimationError
        If the name is unknown, there are fewer than two clusters, or fewer years than lags.
    """
    kind = choose(spec.covariance, COVARIANCES, "covariance", EstimationError)
    return kind(fit, regression, spec)


def cluster_factor(regression: Regression, clusters: int) -> float:
    """Return the small-sample factor G/(G-1) x (m-1)/(m-k) of plm's and Stata's "sss".

    k counts the columns of X and the dummies in ``regression.counted``.
    """
    rows, columns = regression.x.shape
    spare = rows - columns - regression.counted
    return float(clusters / (clusters - 1) * (rows - 1) / spare)


def cluster_count(regression: Regression, dimension: Effect) -> int:
    """Return the number of clusters by country or year; EstimationError where fewer than two."""
    clusters = group_count(regression.country if dimension == "country" else regression.year)
    if clusters < 2:
        raise EstimationError(
            f"covariance: found {clusters} cluster by {dimension}, at least 2 are needed"
            + (" (the between estimator has no years)" if dimension == "year" else "")
        )
    return clusters


def _classical(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    return Covariance(matrix=fit.rss / fit.df_resid * fit.bread, df=fit.df_resid)


def _clustered(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Liang and Zeger (1986), Arellano (1987)."""
    clusters = cluster_count(regression, spec.cluster)
    return Covariance(
        matrix=_one_way(fit, regression, spec.cluster, small_sample=spec.small_sample),
        df=clusters - 1,
        stats={f"clusters_{spec.cluster}": float(clusters)},
    )


def _two_way_clustered(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Cameron, Gelbach and Miller (2011, equation 2.8): by country + by year - by row.

    Each part carries its own factor. Where the sum has a negative eigenvalue, it is set to zero
    (their section 2.3) and ``stats["negative_eigenvalues"]`` counts them.
    """
    countries = cluster_count(regression, "country")
    years = cluster_count(regression, "year")
    rows = len(regression.y)
    scores = regression.x * fit.residuals[:, None]
    by_row = _sandwich(fit, scores.T @ scores)
    if spec.small_sample:
        by_row *= cluster_factor(regression, rows)
    matrix = (
        _one_way(fit, regression, "country", small_sample=spec.small_sample)
        + _one_way(fit, regression, "year", small_sample=spec.small_sample)
        - by_row
    )
    stats = {"clusters_country": float(countries), "clusters_year": float(years)}
    # on the scale of the classical standard errors, so that units do not decide what is negative
    scale = np.sqrt(np.diag(fit.bread))
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    negative = values < -1e-12 * np.abs(values).max()
    if negative.any():
        fixed = (vectors * np.maximum(values, 0)) @ vectors.T
        matrix = fixed * np.outer(scale, scale)
        stats["negative_eigenvalues"] = float(negative.sum())
    return Covariance(matrix=matrix, df=min(countries, years) - 1, stats=stats)


def _driscoll_kraay(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Driscoll and Kraay (1998): Bartlett-weighted autocovariances of the years' score sums."""
    years = cluster_count(regression, "year")
    maxlag = spec.maxlag if spec.maxlag is not None else int(4 * (years / 100) ** (2 / 9))
    if maxlag >= years:
        raise EstimationError(f"maxlag: found {maxlag}, must be below the sample's {years} years")
    scores = group_sums(regression.x * fit.residuals[:, None], regression.year, years)
    meat = scores.T @ scores
    for lag in range(1, maxlag + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (maxlag + 1)) * (cross + cross.T)
    return Covariance(
        matrix=_sandwich(fit, meat),
        df=fit.df_resid,
        stats={"maxlag": float(maxlag)},
    )


def _one_way(fit: Fit, regression: Regression, by: Effect, *, small_sample: bool) -> Matrix:
    codes = regression.country if by == "country" else regression.year
    clusters = group_count(codes)
    scores = group_sums(regression.x * fit.residuals[:, None], codes, clusters)
    matrix = _sandwich(fit, scores.T @ scores)
    return matrix * cluster_factor(regression, clusters) if small_sample else matrix


def _sandwich(fit: Fit, meat: Matrix) -> Matrix:
    matrix = fit.bread @ meat @ fit.bread
    return (matrix + matrix.T) / 2


COVARIANCES: dict[str, Callable[[Fit, Regression, ModelSpec], Covariance]] = {
    "classical": _classical,
    "clustered": _clustered,
    "two_way_clustered": _two_way_clustered,
    "driscoll_kraay": _driscoll_kraay,
}
