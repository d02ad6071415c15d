"""Covariance of coefficients: classical, robust, clustered, Driscoll-Kraay, panel-corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError, choose
from forecast.estimation.algebra.grouping import group_count, group_sums
from forecast.estimation.algebra.least_squares import Fit
from forecast.estimation.inference.covariance_blocks import (
    cluster_codes,
    cluster_count,
    leverages,
    outer_sandwich,
    sandwich,
)
from forecast.estimation.inference.formed import formed
from forecast.estimation.inference.leave_one_out import leave_one_out
from forecast.estimation.inference.small_sample import FEWEST, parameters
from forecast.estimation.inference.spatial import spatial_meat
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect
from forecast.specs.model import ModelSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """A covariance matrix and the t distribution that goes with it.

    Attributes
    ----------
    matrix : (p, p).
    df : degrees of freedom of t.
    stats : what the matrix was made with (clusters, lags), by name.
    notes : what a reader of the estimate must be told, one sentence each.
    """

    matrix: Matrix
    df: int
    stats: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


Kind = Callable[[Fit, Regression, ModelSpec], Covariance]


def covariance(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Return the covariance that ``spec.covariance`` names.

    Conventions, checked against R's plm, are in docs/methods/inference.md.

    Raises
    ------
    EstimationError
        If the name is unknown, there are fewer than two clusters, fewer years than lags, or a
        variance is not finite, negative or nothing but rounding.
    """
    kind = choose(spec.covariance, COVARIANCES, "covariance", EstimationError)
    found = kind(fit, regression, spec)
    usual = fit.rss / fit.df_resid * np.sum(fit.root**2, axis=1)
    formed(found.matrix, regression.terms, spec.covariance, usual)
    return found


def cluster_factor(
    regression: Regression,
    clusters: int,
    convention: bool | str = True,
    by: Sequence[Effect] = ("country",),
) -> float:
    """Return the small-sample factor G/(G-1) x (m-1)/(m-k), k as ``convention`` counts it."""
    rows = regression.n_obs
    spare = rows - parameters(regression, convention, by)
    if spare < 1:
        raise EstimationError(
            f"small_sample {convention!r}: counts {rows - spare} parameters, of {rows} rows"
        )
    return float(clusters / (clusters - 1) * (rows - 1) / spare)


def _classical(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    df = fit.df_resid
    if spec.small_sample not in (True, "plm"):
        df = regression.n_obs - parameters(regression, spec.small_sample)
    return Covariance(matrix=fit.rss / df * (fit.root @ fit.root.T), df=df)


def _robust(kind: str) -> Kind:
    """White (1980) and MacKinnon and White (1985): rows independent, variances unequal."""

    def made(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
        scores = fit.q * _weighed(kind, fit, regression)[:, None]
        if regression.counts and regression.weights is not None:  # a row is so many of its kind
            scores /= np.sqrt(regression.weights)[:, None]
        named = spec.small_sample if kind == "hc1" else True
        if named in (True, "plm"):
            return Covariance(matrix=outer_sandwich(fit, scores), df=fit.df_resid)
        spare = regression.n_obs - parameters(regression, named)
        scores *= np.sqrt(_spare(regression) / spare)
        return Covariance(matrix=outer_sandwich(fit, scores), df=spare)

    return made


def _weighed(kind: str, fit: Fit, regression: Regression) -> Vector:
    """Return residuals as HC0 to HC3 weigh them; m and k as small-sample factors count them."""
    if kind == "hc0":
        return fit.residuals
    if kind == "hc1":
        return fit.residuals * float(np.sqrt(regression.n_obs / _spare(regression)))
    left = 1 - leverages(fit, regression)
    weighed: Vector = fit.residuals / (np.sqrt(left) if kind == "hc2" else left)
    return weighed


def _spare(regression: Regression) -> int:
    return regression.n_obs - int(regression.x.shape[1]) - regression.counted


def _clustered_robust(kind: str) -> Kind:
    """Liang and Zeger's sum over clusters of residuals weighed row by row, as plm names them."""

    def made(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
        clusters = cluster_count(regression, spec.cluster)
        weighed = _weighed(kind, fit, regression)
        scores = group_sums(
            fit.q * weighed[:, None], cluster_codes(regression, spec.cluster), clusters
        )
        return Covariance(
            matrix=outer_sandwich(fit, scores),
            df=clusters - 1,
            stats={f"clusters_{spec.cluster}": float(clusters)},
        )

    return made


def _jackknife(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Leave-one-cluster-out: CV3 of MacKinnon, Nielsen and Webb (2023, equation 21)."""
    if spec.estimator == "iv":
        raise EstimationError("covariance 'jackknife': not for 'iv'; take 'clustered'")
    clusters = cluster_count(regression, spec.cluster)
    apart = leave_one_out(fit, regression, spec.cluster)
    return Covariance(
        matrix=(clusters - 1) / clusters * (apart.T @ apart),
        df=clusters - 1,
        stats={f"clusters_{spec.cluster}": float(clusters)},
    )


def _panel_corrected(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Beck and Katz (1995): one covariance of countries' errors, the same in every year.

    An element is the mean over the years that both countries have (pairwise, as in plm), without
    a degrees-of-freedom correction.
    """
    years, countries = cluster_count(regression, "year"), group_count(regression.country)
    resid = np.zeros((years, countries))
    resid[regression.year, regression.country] = fit.residuals
    here = np.zeros((years, countries))
    here[regression.year, regression.country] = 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = (resid.T @ resid) / (here.T @ here)
    meat = np.zeros((regression.x.shape[1],) * 2)
    for year in range(years):
        rows = np.flatnonzero(regression.year == year)
        q, who = fit.q[rows], regression.country[rows]
        meat += q.T @ sigma[np.ix_(who, who)] @ q
    return Covariance(matrix=sandwich(fit, meat), df=fit.df_resid)


def _clustered(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Liang and Zeger (1986), Arellano (1987); of several dimensions by `_several_ways`."""
    if len(spec.clusters) > 1:
        return _several_ways(fit, regression, spec, spec.clusters)
    by = spec.clusters[0]
    clusters = cluster_count(regression, by)
    scores = _cluster_sums(fit, cluster_codes(regression, by))
    if spec.small_sample:
        scores *= np.sqrt(cluster_factor(regression, clusters, spec.small_sample, [by]))
    return Covariance(
        matrix=outer_sandwich(fit, scores),
        df=clusters - 1,
        stats={f"clusters_{by}": float(clusters)},
    )


def _two_way_clustered(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    return _several_ways(fit, regression, spec, ["country", "year"])


def _several_ways(
    fit: Fit, regression: Regression, spec: ModelSpec, names: Sequence[Effect]
) -> Covariance:
    """Cameron, Gelbach and Miller (2011, equations 2.8 and 2.11): by each, less by both, ...

    Each part carries its own factor, or with ``fixest`` and ``stata`` all that of the fewest
    clusters. Where the sum has a negative eigenvalue, it is set to zero (their section 2.3) and
    ``stats["negative_eigenvalues"]`` counts them. The eigenvalues are those of the scores on Q: of
    the sum measured by (X'X)^-1. They and the repaired matrix are the same however the columns of
    X are written; eigenvalues of the sum itself change with every unit.
    """
    counts = {name: cluster_count(regression, name) for name in names}
    small, fewest = spec.small_sample, min(counts.values())
    meat = np.zeros((fit.q.shape[1],) * 2)
    for size in range(1, len(names) + 1):
        for part in combinations(names, size):
            joint = np.stack([cluster_codes(regression, name) for name in part])
            codes = np.unique(joint, axis=1, return_inverse=True)[1].ravel()
            scores = _cluster_sums(fit, codes)
            if small:
                clusters = fewest if small in FEWEST else len(scores)
                scores *= np.sqrt(cluster_factor(regression, clusters, small, names))
            meat += (-1) ** (size + 1) * (scores.T @ scores)
    stats = {f"clusters_{name}": float(count) for name, count in counts.items()}
    return Covariance(matrix=sandwich(fit, _repaired(meat, stats)), df=fewest - 1, stats=stats)


def _repaired(meat: Matrix, stats: dict[str, float]) -> Matrix:
    """Return a matrix with its negative eigenvalues set to zero, and count them in ``stats``."""
    values, vectors = np.linalg.eigh(meat)
    negative = values < -1e-12 * np.abs(values).max()
    if not negative.any():
        return meat
    stats["negative_eigenvalues"] = float(negative.sum())
    repaired: Matrix = (vectors * np.maximum(values, 0)) @ vectors.T
    return repaired


def _driscoll_kraay(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Driscoll and Kraay (1998): Bartlett-weighted autocovariances of the years' score sums.

    Bartlett's weights are those of products of moving sums: over L + 1 successive years, those
    beyond the sample's ends taken for zero, divided by the root of L + 1.
    """
    years = cluster_count(regression, "year")
    maxlag = spec.maxlag if spec.maxlag is not None else int(4 * (years / 100) ** (2 / 9))
    if maxlag >= years:
        raise EstimationError(f"maxlag: found {maxlag}, must be below the sample's {years} years")
    scores = group_sums(fit.q * fit.residuals[:, None], regression.year, years)
    padded = np.pad(scores, ((maxlag, maxlag), (0, 0)))
    moving = sliding_window_view(padded, maxlag + 1, axis=0).sum(axis=2)
    return Covariance(
        matrix=outer_sandwich(fit, moving / np.sqrt(maxlag + 1)),
        df=fit.df_resid,
        stats={"maxlag": float(maxlag)},
    )


def _conley(fit: Fit, regression: Regression, spec: ModelSpec) -> Covariance:
    """Conley (1999), with serial correlation by country as in Hsiang (2010); no factor."""
    assert spec.spatial is not None
    maxlag = spec.maxlag or 0
    scores = fit.q * fit.residuals[:, None]
    meat, near = spatial_meat(scores, regression, spec.spatial, maxlag)
    stats = {"cutoff_km": spec.spatial.cutoff, "neighbours": near, "maxlag": float(maxlag)}
    return Covariance(matrix=sandwich(fit, _repaired(meat, stats)), df=fit.df_resid, stats=stats)


def _cluster_sums(fit: Fit, codes: Codes) -> Matrix:
    """Return each cluster's sum of scores on Q, (G, p)."""
    return group_sums(fit.q * fit.residuals[:, None], codes, group_count(codes))


COVARIANCES: dict[str, Kind] = {
    "classical": _classical,
    **{kind: _robust(kind) for kind in ("hc0", "hc1", "hc2", "hc3")},
    "clustered": _clustered,
    **{f"clustered_{kind}": _clustered_robust(kind) for kind in ("hc1", "hc2", "hc3")},
    "jackknife": _jackknife,
    "two_way_clustered": _two_way_clustered,
    "driscoll_kraay": _driscoll_kraay,
    "conley": _conley,
    "panel_corrected": _panel_corrected,
}
