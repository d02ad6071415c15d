"""Whose degrees of freedom: how packages count parameters in small-sample factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.errors import EstimationError
from forecast.estimation.algebra.absorbing import absorb
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.inference.covariance_blocks import cluster_codes, is_nested
from forecast.estimation.problem import EffectBlock, Regression
from forecast.specs.dimensions import Effect

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
    by = [cluster_codes(regression, name) for name in clusters]
    nested = [one for one in regression.blocks if any(is_nested(one.codes, c) for c in by)]
    if convention == "fixest" and regression.blocks:
        levels = {one.name: _levels(one) for one in regression.blocks}
        slopes = columns - ("const" in regression.terms)
        own = sum(levels.values()) - (len(levels) - 1)
        return slopes + own - sum(levels[one.name] for one in nested) + len(nested)
    if convention == "stata" and nested:
        if any(one.slopes for one in nested):
            raise EstimationError(
                "small_sample 'stata': own slopes nested in a cluster are not counted by Stata's "
                "own commands; take 'fixest' or 'plm'"
            )
        rank = absorb(np.empty((len(regression.y), 0)), nested).absorbed
        return columns + regression.absorbed - rank + ("const" not in regression.terms)
    return columns + regression.absorbed


def _levels(block: EffectBlock) -> int:
    return group_count(block.codes) * (1 + len(block.slopes))
