"""Wild cluster bootstrap test of one coefficient, and its interval, by cluster scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecast.arrays import Codes, Vector
from forecast.errors import EstimationError, choose
from forecast.estimation.inference.wild_scores import (
    WEIGHTS,
    WildScores,
    WildVariant,
    draw_pattern,
    is_enumerated,
    wild_test,
)
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect

# A bootstrap t equal to the sample's but for rounding counts as at least as large: under full
# enumeration the sample itself and its mirror image are among the draws.
TIE = 1e-9

FARTHEST = 2.0**20  # standard errors: where no value this far is rejected, an interval has no end


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
    variant : as asked for.
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
    variant: str
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


def wild_bootstrap(  # noqa: PLR0913 the choices that the literature leaves
    regression: Regression,
    term: str,
    *,
    rng: np.random.Generator,
    null: float = 0.0,
    draws: int = 9999,
    weights: Literal["rademacher", "webb"] = "rademacher",
    cluster: Effect = "country",
    restricted: bool = True,
    variant: WildVariant = "11",
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
    null : value tested, in the coefficient's unit.
    draws : int
        Bootstrap samples. Where 2^clusters <= draws, Rademacher takes every sign pattern instead.
    weights : {"rademacher", "webb"}
        Webb's (2023) six points suit fewer than about a dozen clusters.
    restricted : bool
        Whether residuals come from the model with the null imposed (recommended): WCR, or WCU.
    variant : {"11", "13", "31", "33"}
        3 takes residuals (first) or variance (second) from fits that leave each cluster out: 31 and
        33 are the more reliable where clusters are few or unequal (MacKinnon et al. 2023).

    Returns
    -------
    WildBootstrap

    Raises
    ------
    EstimationError
        If an argument is not as allowed, clusters are fewer than two, or the variance is zero.
    """
    points = choose(weights, WEIGHTS, "weights", EstimationError)
    tested = wild_test(regression, term, null, cluster, restricted=restricted, variant=variant)
    clusters = len(tested.scores.own)
    pattern = draw_pattern(rng, weights, clusters, draws)
    return WildBootstrap(
        term=term,
        null=null,
        t=tested.t / float(np.sqrt(tested.factor)),
        p_value=_count_beyond(tested.scores, points, pattern, tested.t**2) / pattern.shape[1],
        draws=pattern.shape[1],
        weights=weights,
        cluster=cluster,
        clusters=clusters,
        restricted=restricted,
        variant=variant,
        enumerated=is_enumerated(weights, clusters, draws),
    )


def wild_interval(  # noqa: PLR0913 as above
    regression: Regression,
    term: str,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    draws: int = 9999,
    weights: Literal["rademacher", "webb"] = "rademacher",
    cluster: Effect = "country",
    restricted: bool = True,
    variant: WildVariant = "11",
) -> WildInterval:
    """Return the interval of values that `wild_bootstrap` does not reject at 1 - ``level``.

    The test is inverted with one set of weights for all values (MacKinnon 2023): from the estimate
    outwards in doubling steps to the first value rejected, then by bisection to a millionth of the
    standard error. Unrestricted, the ends are b -+ q se with q the ``level`` quantile of the
    bootstrap's |t|. With few clusters and the null imposed the interval may have no end.

    Parameters
    ----------
    regression, term, rng, draws, weights, cluster, restricted, variant
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
    free = wild_test(regression, term, 0.0, cluster, restricted=False, variant=variant)
    centre, error = free.estimate, float(np.sqrt(free.variance))
    pattern = draw_pattern(rng, weights, len(free.scores.own), draws)
    # residuals, and so scores, are linear in the value imposed: two values give all others
    one, two = (
        wild_test(
            regression, term, centre + shift, cluster, restricted=restricted, variant=variant
        ).scores
        for shift in (0.0, error)
    )

    def kept(share: float) -> bool:
        scores = WildScores(
            shift=one.shift + share * (two.shift - one.shift),
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


def _count_beyond(scores: WildScores, points: Vector, pattern: Codes, squared_t: float) -> int:
    """Return how many draws have a squared t (without factor) of at least the sample's."""
    return sum(
        int(np.sum(shift**2 >= squared_t * variance * (1 - TIE)))
        for shift, variance in scores.drawn(points, pattern)
    )
