"""What one draw of cluster weights does to a coefficient's t, without estimating again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from forecast.arrays import Codes, Integers, Matrix, Vector
from forecast.errors import EstimationError, choose, unknown
from forecast.estimation.algebra.grouping import group_rows, group_sums
from forecast.estimation.algebra.least_squares import Fit, least_squares
from forecast.estimation.inference.covariance import cluster_factor
from forecast.estimation.inference.covariance_blocks import cluster_codes, cluster_count
from forecast.estimation.inference.disturbed_dummies import refitted_columns
from forecast.estimation.inference.leave_one_out import solved_without
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect

# The points that a cluster's weight takes, all equally likely: mean 0, variance 1.
WEIGHTS: dict[str, Vector] = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0]) * np.sqrt(np.repeat([1.5, 1.0, 0.5], 2)),
}

# Residuals and variance: as they are (1), or with the cluster left out (3).
WildVariant = Literal["11", "13", "31", "33"]
VARIANTS = {
    "11": "classic",
    "13": "jackknife variance",
    "31": "jackknife residuals",
    "33": "both by jackknife",
}

CHUNK = 1024  # draws at a time: the working arrays stay in cache


@dataclass(frozen=True, slots=True, kw_only=True)
class WildScores:
    """What a draw v of cluster weights does to the coefficient and to its variance.

    The coefficient moves by ``shift @ v``. Its variance, without factor, is the sum of squares
    over clusters of ``own * v - exposure @ moves @ v``.

    Attributes
    ----------
    shift, own : (G,).
    exposure : (G, q) the cluster's Z_g'Z_g times what its score is multiplied by.
    moves : (q, G) what each cluster adds at weight 1 to the q coefficients on orthonormal columns
        (regressors and swept dummies).
    """

    shift: Vector
    own: Vector
    exposure: Matrix
    moves: Matrix

    def drawn(self, points: Vector, pattern: Codes) -> Iterator[tuple[Vector, Vector]]:
        """Yield the coefficients' moves and variances of the draws, chunk by chunk.

        ``pattern`` (G, draws) is the place among ``points`` of each cluster's weight.
        """
        clusters, width = self.exposure.shape
        dense = clusters <= 2 * width
        change = np.diag(self.own) - self.exposure @ self.moves if dense else None
        for start in range(0, pattern.shape[1], CHUNK):
            v = points[pattern[:, start : start + CHUNK]]
            if change is not None:
                refitted = change @ v
            else:
                refitted = self.own[:, None] * v
                refitted -= self.exposure @ (self.moves @ v)
            yield self.shift @ v, np.einsum("gb,gb->b", refitted, refitted)


@dataclass(frozen=True, slots=True, kw_only=True)
class WildTest:
    """A coefficient's t under a null, and what weights do to it.

    Attributes
    ----------
    estimate : the coefficient.
    t, variance : of the sample, without small-sample factor.
    factor : that factor of the variance.
    scores : WildScores
    """

    estimate: float
    t: float
    variance: float
    factor: float
    scores: WildScores


def wild_test(
    regression: Regression,
    term: str,
    null: float,
    cluster: Effect,
    *,
    restricted: bool,
    variant: WildVariant = "11",
) -> WildTest:
    """Return the cluster-robust test of one coefficient, ready to be drawn again.

    Variants by MacKinnon, Nielsen and Webb (2023, sections 4 and 5): the first figure says where
    the draws' residuals come from, the second which variance t is divided by, CV1 or CV3.

    Raises
    ------
    EstimationError
        If the term or the variant is unknown, there are fewer than two clusters, or the
        coefficient's variance is zero.
    """
    choose(variant, VARIANTS, "variant", EstimationError)
    if term not in regression.terms:
        raise EstimationError(unknown(term, regression.terms, "term"))
    count, codes = cluster_count(regression, cluster), cluster_codes(regression, cluster)
    members = group_rows(codes)
    column = regression.terms.index(term)
    fit = least_squares(regression)
    z = refitted_columns(fit.q, regression, cluster)
    influence = np.zeros(z.shape[1])
    influence[: len(fit.root)] = fit.root[column]
    loads = _loads(z, influence, members, jackknife=variant[1] == "3")
    sample = group_sums(z * fit.residuals[:, None], codes, count)
    variance = float(np.sum(np.einsum("gq,gq->g", loads, sample) ** 2))
    if variance <= 0:
        raise EstimationError(f"{term!r}: its cluster-robust variance is zero")
    residuals = _residuals(
        (fit, z), regression, column, null if restricted else None, cluster,
        members if variant[0] == "3" else [],
    )  # fmt: skip
    drawn = group_sums(z * residuals[:, None], codes, count)
    jackknife = variant[1] == "3"
    return WildTest(
        estimate=float(fit.params[column]),
        t=(float(fit.params[column]) - null) / float(np.sqrt(variance)),
        variance=variance,
        factor=(count - 1) / count if jackknife else cluster_factor(regression, count),
        scores=WildScores(
            shift=drawn @ influence,
            own=np.einsum("gq,gq->g", loads, drawn),
            exposure=np.stack(
                [z[rows].T @ (z[rows] @ own) for rows, own in zip(members, loads, strict=True)]
            ),
            moves=drawn.T,
        ),
    )


def _loads(z: Matrix, influence: Vector, members: list[Integers], *, jackknife: bool) -> Matrix:
    """Return what clusters' scores are multiplied by in the variance, (G, q).

    CV1 takes the influence itself, CV3 that of a sample without the cluster.
    """
    if not jackknife:
        return np.broadcast_to(influence, (len(members), len(influence)))
    return np.stack([solved_without(z[rows], influence) for rows in members])


def _residuals(
    free: tuple[Fit, Matrix],
    regression: Regression,
    column: int,
    null: float | None,
    cluster: Effect,
    members: list[Integers],
) -> Vector:
    """Return the residuals that are drawn from, with the null imposed unless it is None.

    Those of ``members`` are taken from a fit without their cluster: (I - H_gg)^-1 times them.
    """
    fit, z = free
    found = fit.residuals.copy()
    if null is not None:
        found, q = _restricted(regression, column, null)
        z = refitted_columns(q, regression, cluster) if members else q
    for rows in members if z.shape[1] else []:
        found[rows] += z[rows] @ solved_without(z[rows], z[rows].T @ found[rows])
    return found


def _restricted(regression: Regression, column: int, null: float) -> tuple[Vector, Matrix]:
    outcome = regression.y - null * regression.x[:, column]
    if regression.x.shape[1] == 1:
        return outcome, np.empty((len(outcome), 0))
    others = replace(
        regression,
        y=outcome,
        x=np.delete(regression.x, column, axis=1),
        terms=tuple(t for j, t in enumerate(regression.terms) if j != column),
    )
    fit = least_squares(others)
    return fit.residuals, fit.q


def draw_pattern(rng: np.random.Generator, weights: str, clusters: int, draws: int) -> Codes:
    """Return which point each cluster's weight takes in each draw, (G, draws).

    Where there are no more sign patterns than draws, all of them instead.
    """
    if draws < 1:
        raise EstimationError(f"draws: found {draws}, must be at least 1")
    if is_enumerated(weights, clusters, draws):
        return (np.arange(2**clusters) >> np.arange(clusters)[:, None]) & 1
    # one byte a weight: 10,000 draws of 10,000 clusters fit in 100 MB
    codes: Codes = rng.integers(0, len(WEIGHTS[weights]), size=(clusters, draws), dtype=np.int8)
    return codes


def is_enumerated(weights: str, clusters: int, draws: int) -> bool:
    """Say whether the draws are all sign patterns rather than a random selection."""
    return weights == "rademacher" and clusters < 63 and 2**clusters <= draws
