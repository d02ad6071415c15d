"""Split conformal correction of intervals."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array


def conformal_quantile(scores: Array, coverage: float) -> float:
    """Return the least score that a new one exceeds with a chance of at most ``1 - coverage``.

    The ``ceil((n + 1) coverage)``-th smallest of n; infinite where that is more than n, minus
    infinity where ``coverage`` is zero or less. A new score exchangeable with continuous ``scores``
    is at or below it with probability ``ceil((n + 1) coverage) / (n + 1)``.

    Parameters
    ----------
    scores : (n,)
        Of past cases: how far outcomes lay from forecasts, larger is worse. In terms of half the
        width of an interval, what is returned is the factor by which to widen it.
    coverage : float
        Share of outcomes that intervals are meant to hold.

    References
    ----------
    Papadopoulos, H. et al. (2002), Inductive confidence machines for regression, ECML; Lei, J. et
    al. (2018), Distribution-free predictive inference for regression, JASA 113.
    """
    n = len(scores)
    # the small amount keeps a product such as 10 * 0.8 from being rounded above 8
    rank = int(np.ceil((n + 1) * coverage - 1e-9))
    if rank <= 0:
        return float("-inf")
    return float("inf") if rank > n else float(np.partition(scores, rank - 1)[rank - 1])
