"""Adaptive conformal correction: the level asked for follows the misses of the past."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Array
from forecast.evaluation.conformal.conformal import conformal_quantile


def adaptive_quantiles(
    scores: Sequence[Array],
    coverage: float,
    *,
    delay: int,
    rate: float,
    window: int | None = None,
) -> Array:
    """Return the score (T,) below which a new one is meant to lie, from what was known each time.

    At time t the scores of times through ``t - delay`` are known. Their quantile is taken at the
    level 1 - a_t, where a_t moves by ``rate`` times the miss rate aimed at less the share of misses
    at time ``t - delay``, of the quantile that was used then. Scores of one time (all countries of
    an origin) come in together: the share, not each miss, moves the level.

    Parameters
    ----------
    scores : T arrays
        Of the cases of each time, in order.
    coverage : float
        Aimed at.
    delay : int
        Times until a score is known: the horizon; 1 or more.
    rate : float
        Step of the level; 0 is split conformal on all that is known.
    window : int or None
        Times of scores kept, the latest known; all if None. With a window the quantile itself
        follows a drift, as in EnbPI (without its ensemble and its asymmetry).

    Returns
    -------
    numpy.ndarray
        (T,); NaN until scores are known; infinite, or minus infinity, where the level has left the
        range from 0 to 1.

    Notes
    -----
    The mean share of misses differs from ``1 - coverage`` by at most
    ``(max(a_1, 1 - a_1) + delay * rate) / (rate * T)`` (proposition 4.1 of the first reference for
    a delay of 1, with an infinite interval below level 0).

    References
    ----------
    Gibbs, I. and Candes, E. (2021), Adaptive conformal inference under distribution shift, NeurIPS;
    Xu, C. and Xie, Y. (2021), Conformal prediction interval for dynamic time-series, ICML.
    """
    missed = 1 - coverage
    level = missed
    used = np.full(len(scores), np.nan)
    for t in range(len(scores)):
        known = t - delay  # the last time whose scores are seen
        if known < 0:
            continue
        if len(scores[known]) and not np.isnan(used[known]):
            level += rate * (missed - float(np.mean(scores[known] > used[known])))
        first = 0 if window is None else max(0, known - window + 1)
        past = np.concatenate(list(scores[first : known + 1]))
        if len(past):
            used[t] = conformal_quantile(past, 1 - level) if level > 0 else np.inf
    return used
