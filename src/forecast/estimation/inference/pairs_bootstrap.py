"""Pairs cluster bootstrap: whole countries (or years) drawn with replacement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Codes, Integers, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_rows
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.inference.covariance_blocks import cluster_codes, cluster_count
from forecast.estimation.inference.disturbed_dummies import refitted_columns
from forecast.estimation.problem import Regression
from forecast.estimation.record import check_level
from forecast.specs.dimensions import Effect

CHUNK = 256  # draws at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsBootstrap:
    """Coefficients on samples of clusters.

    Attributes
    ----------
    terms : (p,) names.
    params : (draws, p) coefficients of each sample.
    cov : (p, p) their covariance, the divisor being draws - 1.
    std_errors : (p,).
    """

    terms: tuple[str, ...]
    params: Matrix
    cov: Matrix
    std_errors: Vector

    def interval(self, level: float = 0.95) -> Matrix:
        """Return percentile intervals, (p, 2)."""
        check_level(level)
        ends: Matrix = np.quantile(self.params, [0.5 - level / 2, 0.5 + level / 2], axis=0).T
        return ends


def pairs_bootstrap(
    regression: Regression,
    *,
    rng: np.random.Generator,
    draws: int = 999,
    cluster: Effect = "country",
) -> PairsBootstrap:
    """Return the coefficients of samples of clusters drawn with replacement.

    As many clusters as there are, each with all its rows (Cameron, Gelbach and Miller 2008,
    section 2). A cluster drawn twice counts as two, each with effects of its own. Swept-out
    dummies of the other dimension are estimated again. Theta of random effects stays as it is.

    Parameters
    ----------
    regression : Regression
        From ``estimation.estimate.regression``.
    rng : numpy.random.Generator
    draws : int
        At least 2.
    cluster : str
        ``country``, ``year``, or another column that the model is grouped or clustered by.

    Raises
    ------
    EstimationError
        If there are fewer than two clusters or draws.
    """
    if draws < 2:
        raise EstimationError(f"draws: found {draws}, must be at least 2")
    clusters = cluster_count(regression, cluster)
    drawn = _Drawn.of(regression, cluster)
    shares = np.full(clusters, 1 / clusters)
    found = np.empty((draws, regression.x.shape[1]))
    for start in range(0, draws, CHUNK):
        counts = rng.multinomial(clusters, shares, size=min(CHUNK, draws - start)).astype(float)
        found[start : start + CHUNK] = drawn.solved(counts)[:, : found.shape[1], 0] @ drawn.root.T
    cov = np.atleast_2d(np.cov(found, rowvar=False))
    return PairsBootstrap(
        terms=regression.terms, params=found, cov=cov, std_errors=np.sqrt(np.diag(cov))
    )


def pairs_statistics(
    regression: Regression, columns: list[int], counts: Integers, cluster: Effect = "country"
) -> tuple[Matrix, Matrix]:
    """Return what samples of clusters move coefficients by, and their clustered errors there.

    Parameters
    ----------
    regression : Regression
    columns : (k,) places of the coefficients.
    counts : (draws, G) how often each cluster is in each sample.
    cluster : str

    Returns
    -------
    Matrix, Matrix
        (draws, k) each; errors without small-sample factor.
    """
    drawn = _Drawn.of(regression, cluster)
    loads = np.zeros((drawn.products.shape[1], len(columns)))
    loads[: len(drawn.root)] = drawn.root[columns].T
    sample = loads.T @ drawn.products.sum(axis=0)  # Z'Z is the identity
    moves, errors = (np.empty((len(counts), len(columns))) for _ in range(2))
    for start in range(0, len(counts), CHUNK):
        part = counts[start : start + CHUNK].astype(float)
        solved = drawn.solved(part, loads)
        gamma, influence = solved[:, :, 0], solved[:, :, 1:]
        moves[start : start + CHUNK] = gamma @ loads - sample
        scores = drawn.products - np.einsum("gqr,br->bgq", drawn.moments, gamma)
        own = np.einsum("bgq,bqk->bgk", scores, influence)
        errors[start : start + CHUNK] = np.sqrt(np.einsum("bg,bgk->bk", part, own**2))
    return moves, errors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """What samples of clusters are fitted from: Z_g'Z_g (G, q, q), Z_g'y_g (G, q), root (p, p)."""

    moments: Matrix
    products: Matrix
    root: Matrix

    @classmethod
    def of(cls, regression: Regression, cluster: Effect) -> _Drawn:
        fit = least_squares(regression)
        z = refitted_columns(fit.q, regression, cluster)
        codes = cluster_codes(regression, cluster)
        moments, products = _by_cluster(z, regression.y, codes)
        return cls(moments=moments, products=products, root=fit.root)

    def solved(self, counts: Matrix, loads: Matrix | None = None) -> Matrix:
        """Return the samples' coefficients on Z, and the solutions of ``loads``, (draws, q, 1+)."""
        left = np.tensordot(counts, self.moments, axes=1)
        right = (counts @ self.products)[:, :, None]
        if loads is not None:
            wide = np.broadcast_to(loads, (len(counts), *loads.shape))
            right = np.concatenate([right, wide], axis=2)
        # of least norm where dummies are dependent or a sample has too few distinct clusters
        return np.asarray(np.linalg.pinv(left, rcond=1e-11, hermitian=True) @ right)


def _by_cluster(z: Matrix, y: Vector, codes: Codes) -> tuple[Matrix, Matrix]:
    """Return Z_g'Z_g, (G, q, q), and Z_g'y_g, (G, q)."""
    members = group_rows(codes)
    moments = np.stack([z[rows].T @ z[rows] for rows in members])
    return moments, np.stack([z[rows].T @ y[rows] for rows in members])
