"""Scores of probabilities of ordered outcomes, such as the year of passing a line."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array


def ranked_probability(happened: Array, probability: Array) -> Array:
    """Return the ranked probability score (n,): the sum of the Brier scores of all thresholds.

    Parameters
    ----------
    happened : (n, k)
        1 where the event came by each of k dates, 0 where not; the last category is "never".
    probability : (n, k)
        That it comes by each date, cumulative.

    References
    ----------
    Epstein, E. (1969), A scoring system for probability forecasts of ranked categories, Journal of
    Applied Meteorology 8; in the unnormalised form of Murphy, A. (1971), ibid. 10.
    """
    return np.asarray(((probability - happened) ** 2).sum(axis=1))
