"""Wild cluster bootstrap test of one coefficient, and its interval, by cluster scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError, choose, unknown
from forecast.estimation.algebra.grouping import group_count, group_sums
from forecast.estimation.algebra.least_squares import Fit, least_squares
from forecast.estimation.inference.covariance import cluster_factor
from forecast.estimation.inference.covariance_blocks import cluster_codes, cluster_count
from forecast.estimation.inference.disturbed_dummies import refitted_columns
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect

# The points that a cluster's weight takes, all equally likely: mean 0, variance 1.
WEIGHTS: dict[str, Vector] = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0]) * np.sqrt(np.repeat([1.5, 1.0, 0.5], 2)),
}

# A bootstrap t equal to the sample's but for rounding counts as at least as large: under full
# enumeration the sample itself and its mirror image are among the draws.
TIE = 1e-9

FARTHEST = 2.0**20  # standard errors: where no value this far is rejected, an interval has no end

CHUNK = 1024  # draws at a time: the working arrays stay in cache


@dataclass(frozen=True, slots=True, kw_only=True)
class WildBootstrap:
    """A wild cluster bootstrap test.

    Attributes
    ----------
    term, null : the coefficient and the value tested.
    t : cluster-robust t statistic, with the small-sample factor.
    p_value : share of draws whose |t| is at least the sample's, two-sided.
    draws : number of bootstrap samples; 2^clusters where all sign patterns were enumerated.
    weights, cluster : as asked for.
    clusters : number of clusters.
    restricted : whether the null was imposed on the bootstrap samples.
    enumerated : whether the draws are all sign patterns rather than a random selection.
    """

    term: str
    null: float
    t: float
    p_value: float
    draws: int
    weights: str
    cluster: str
    clusters: int
    restricted: bool
    enumerated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WildInterval:
    """The values of a coefficient that the wild cluster bootstrap test does not reject.

    Attributes
    ----------
    term, level : as asked for.
    estimate : the coefficient.
    low, high : ends of the interval, in the coefficient's unit; infinite where the test rejects no
        value on that side.
    draws : number of bootstrap samples.
    """

    term: str
    level: float
    estimate: float
    low: float
    high: float
    draws: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    """What a draw v of cluster weights does to the coefficient and to its cluster scores.

    own : (G,) contribution of each cluster to the coefficient at weight 1.
    exposure : (G, q), moves : (q, G). Refitting moves the q coefficients on orthonormal columns
        (regressors and swept dummies) by ``moves @ v``, and a cluster's score by ``-exposure``
        times that.
    """

    own: Vector
    exposure: Matrix
    moves: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tested:
    """The sample's t and variance, without small-sample factor, and the scores under the null."""

    t: float
    variance: float
    scores: _Scores


def wild_bootstrap(
    regression: Regression,
    term: str,
    *,
    rng: np.random.Generator,
    null: float = 0.0,
    draws: int = 9999,
    weights: Literal["rademacher", "webb"] = "rademacher",
    cluster: Effect = "country",
    restricted: bool = True,
) -> WildBootstrap:
    """Return the wild cluster bootstrap test that a coefficient equals ``null``.

    A draw multiplies each cluster's residuals by one random weight and estimates again (Cameron,
    Gelbach and Miller 2008). The refits are not carried out: coefficient and cluster-robust
    variance are linear and quadratic in the weights through sums over clusters (Roodman, Nielsen,
    MacKinnon and Webb 2019, section 5). Effects that were swept out are estimated again too.

    Parameters
    ----------
    regression : Regression
        From ``estimation.estimate.regression``; ``term`` is one of its terms.
    null : float
        Value tested, in the coefficient's unit.
    draws : int
        Bootstrap samples. Where 2^clusters <= draws, Rademacher takes every sign pattern instead.
    weights : {"rademacher", "webb"}
        Webb's (2023) six points suit fewer than about a dozen clusters.
    restricted : bool
        Whether the residuals come from the model with the null imposed (recommended).

    Returns
    -------
    WildBootstrap

    Raises
    ------
    EstimationError
        If an argument is not as allowed, there are fewer than two clusters, or the coefficient's
        cluster-robust variance is zero.
    """
    points = choose(weights, WEIGHTS, "weights", EstimationError)
    tested = _tested(regression, term, null, cluster, restricted=restricted)
    clusters = len(tested.scores.own)
    pattern = _pattern(rng, weights, clusters, draws)
    return WildBootstrap(
        term=term,
        null=null,
        t=tested.t / float(np.sqrt(cluster_factor(regression, clusters))),
        p_value=_count_beyond(tested.scores, points, pattern, tested.t**2) / pattern.shape[1],
        draws=pattern.shape[1],
        weights=weights,
        cluster=cluster,
        clusters=clusters,
        restricted=restricted,
        enumerated=_is_enumerated(weights, clusters, draws),
    )


def wild_interval(
    regression: Regression,
    term: str,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    draws: int = 9999,
    weights: Literal["rademacher", "webb"] = "rademacher",
    cluster: Effect = "country",
    restricted: bool = True,
) -> WildInterval:
    """Return the interval of values that `wild_bootstrap` does not reject at 1 - ``level``.

    The test is inverted with one set of weights for all values (MacKinnon 2023): from the estimate
    outwards in doubling steps to the first value rejected, then by bisection to a millionth of the
    standard error. Unrestricted, the ends are b -+ q se with q the ``level`` quantile of the
    bootstrap's |t|. With few clusters and the null imposed the interval may have no end.

    Parameters
    ----------
    regression, term, rng, draws, weights, cluster, restricted
        As for `wild_bootstrap`.
    level : float
        Between 0 and 1.

    Raises
    ------
    EstimationError
        As for `wild_bootstrap`, or if the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise EstimationError(f"level: found {level}, must be between 0 and 1")
    points = choose(weights, WEIGHTS, "weights", EstimationError)
    free = _tested(regression, term, 0.0, cluster, restricted=False)
    centre = float(least_squares(regression).params[regression.terms.index(term)])
    error = float(np.sqrt(free.variance))
    pattern = _pattern(rng, weights, len(free.scores.own), draws)
    # residuals, and so scores, are linear in the value imposed: two values give all others
    one, two = (
        _tested(regression, term, centre + shift, cluster, restricted=restricted).scores
        for shift in (0.0, error)
    )

    def kept(share: float) -> bool:
        scores = _Scores(
            own=one.own + share * (two.own - one.own),
            exposure=one.exposure,
            moves=one.moves + share * (two.moves - one.moves),
        )
        beyond = _count_beyond(scores, points, pattern, share**2)
        return bool(beyond / pattern.shape[1] > 1 - level)

    low, high = (centre + error * _end(kept, side) for side in (-1.0, 1.0))
    return WildInterval(
        term=term, level=level, estimate=centre, low=low, high=high, draws=pattern.shape[1]
    )


def _end(kept: Callable[[float], bool], side: float) -> float:
    """Return the last value kept on one side, in standard errors, infinite where all are."""
    inside, step = 0.0, 1.0
    while kept(side * step):
        inside, step = step, 2 * step
        if step > FARTHEST:
            return side * float("inf")
    while step - inside > 1e-6:
        middle = (inside + step) / 2
        inside, step = (middle, step) if kept(side * middle) else (inside, middle)
    return side * inside


def _tested(
    regression: Regression, term: str, null: float, cluster: Effect, *, restricted: bool
) -> _Tested:
    if term not in regression.terms:
        raise EstimationError(unknown(term, regression.terms, "term"))
    clusters = cluster_count(regression, cluster)
    codes = cluster_codes(regression, cluster)
    column = regression.terms.index(term)
    fit = least_squares(regression)
    influence = fit.q @ fit.root[column]
    variance = float(np.sum(group_sums((influence * fit.residuals)[:, None], codes, clusters) ** 2))
    if variance <= 0:
        raise EstimationError(f"{term!r}: its cluster-robust variance is zero")
    residuals = _null_residuals(regression, column, null) if restricted else fit.residuals
    return _Tested(
        t=(float(fit.params[column]) - null) / float(np.sqrt(variance)),
        variance=variance,
        scores=_scores(regression, fit, influence, residuals, cluster),
    )


def _null_residuals(regression: Regression, column: int, null: float) -> Vector:
    outcome = regression.y - null * regression.x[:, column]
    if regression.x.shape[1] == 1:
        return outcome
    others = replace(
        regression,
        y=outcome,
        x=np.delete(regression.x, column, axis=1),
        terms=tuple(t for j, t in enumerate(regression.terms) if j != column),
    )
    return least_squares(others).residuals


def _scores(
    regression: Regression, fit: Fit, influence: Vector, residuals: Vector, cluster: Effect
) -> _Scores:
    codes = cluster_codes(regression, cluster)
    clusters = group_count(codes)
    z = refitted_columns(fit, regression, cluster)
    exposure = group_sums(z * influence[:, None], codes, clusters)
    moves = group_sums(z * residuals[:, None], codes, clusters).T
    own = group_sums((influence * residuals)[:, None], codes, clusters)[:, 0]
    return _Scores(own=own, exposure=exposure, moves=moves)


def _pattern(rng: np.random.Generator, weights: str, clusters: int, draws: int) -> Codes:
    """Return which point each cluster's weight takes in each draw, (G, draws)."""
    if draws < 1:
        raise EstimationError(f"draws: found {draws}, must be at least 1")
    if _is_enumerated(weights, clusters, draws):
        return _all_signs(clusters)
    return _drawn(rng, len(WEIGHTS[weights]), clusters, draws)


def _is_enumerated(weights: str, clusters: int, draws: int) -> bool:
    return weights == "rademacher" and clusters < 63 and 2**clusters <= draws


def _all_signs(clusters: int) -> Codes:
    return (np.arange(2**clusters) >> np.arange(clusters)[:, None]) & 1


def _drawn(rng: np.random.Generator, points: int, clusters: int, draws: int) -> Codes:
    # one byte a weight: 10,000 draws of 10,000 clusters fit in 100 MB
    codes: Codes = rng.integers(0, points, size=(clusters, draws), dtype=np.int8)
    return codes


def _count_beyond(scores: _Scores, points: Vector, pattern: Codes, squared_t: float) -> int:
    """Return how many draws have a squared t (without factor) of at least the sample's."""
    clusters, width = scores.exposure.shape
    dense = clusters <= 2 * width
    change = np.diag(scores.own) - scores.exposure @ scores.moves if dense else None
    beyond = 0
    for start in range(0, pattern.shape[1], CHUNK):
        v = points[pattern[:, start : start + CHUNK]]
        if change is not None:
            refitted = change @ v
        else:
            refitted = scores.own[:, None] * v
            refitted -= scores.exposure @ (scores.moves @ v)
        variance = np.einsum("gb,gb->b", refitted, refitted)
        shift = scores.own @ v
        beyond += int(np.sum(shift**2 >= squared_t * variance * (1 - TIE)))
    return beyond
