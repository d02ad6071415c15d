"""Whose degrees of freedom: how packages count parameters in small-sample factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Codes
from forecast.errors import EstimationError
from forecast.estimation.algebra.absorbing import EffectBlock, absorb
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.inference.covariance_blocks import cluster_codes
from forecast.estimation.problem import Regression
from forecast.specs.dimensions import Effect, split_slope

# Packages that take the fewest clusters of any dimension for every part of a several-way sum.
FEWEST = ("fixest", "stata")


def parameters(
    regression: Regression, convention: bool | str, clusters: Sequence[Effect] = ()
) -> int:
    """Return k, the parameters that a small-sample factor takes off the rows.

    Parameters
    ----------
    regression : Regression
    convention : bool or str
        ``plm`` (and true): the columns of the transformed X (R's plm 2.6, ``vcovHC``, "sss").
        ``statsmodels``: all dummies too, as with dummies in a formula (0.15, ``cov_type``).
        ``stata``: all effects, those nested in clusters left out but for the constant (``areg``,
        ``xtreg, fe``: Stata 18, [XT] xtreg, methods and formulas). ``fixest``: levels of all
        effects less one for each but the first, nested ones replaced by one each (0.12,
        ``ssc(K.fixef = "nonnested")``).
    clusters : what is clustered by; empty for robust covariances.

    Raises
    ------
    EstimationError
        If ``stata`` is to count own slopes nested in a cluster.
    """
    columns = int(regression.x.shape[1])
    if convention in (True, False, "plm"):
        return columns + regression.counted
    nested = [effect for effect in regression.effects if _is_nested(regression, effect, clusters)]
    if convention == "fixest" and regression.effects:
        levels = {effect: _levels(regression, effect) for effect in regression.effects}
        slopes = columns - ("const" in regression.terms)
        own = sum(levels.values()) - (len(levels) - 1)
        return slopes + own - sum(levels[effect] for effect in nested) + len(nested)
    if convention == "stata" and nested:
        if any(split_slope(effect)[1] for effect in nested):
            raise EstimationError(
                "small_sample 'stata': own slopes nested in a cluster are not counted by Stata's "
                "own commands; take 'fixest' or 'plm'"
            )
        blocks = [EffectBlock(codes=_codes(regression, effect)) for effect in nested]
        rank = absorb(np.empty((len(regression.y), 0)), blocks).rank
        return columns + regression.absorbed - rank + ("const" not in regression.terms)
    return columns + regression.absorbed


def _codes(regression: Regression, effect: Effect) -> Codes:
    return cluster_codes(regression, split_slope(effect)[0])


def _levels(regression: Regression, effect: Effect) -> int:
    return group_count(_codes(regression, effect)) * (2 if split_slope(effect)[1] else 1)


def _is_nested(regression: Regression, effect: Effect, clusters: Sequence[Effect]) -> bool:
    """Say whether every group of an effect lies within one cluster of some dimension."""
    groups = _codes(regression, effect)
    for name in clusters:
        codes = cluster_codes(regression, name)
        first = np.full(group_count(groups), -1)
        first[groups[::-1]] = codes[::-1]
        if (first[groups] == codes).all():
            return True
    return False
