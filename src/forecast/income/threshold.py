"""The high-income line: its path, its rounding, and what standing above it means."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array, Mask, compounded

THRESHOLD_STEP = 5.0


def rounded_threshold(threshold: Array) -> Array:
    """Return the line as published: to the nearest 5 US$, halves up.

    Parameters
    ----------
    threshold : (...) US$.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    return np.asarray(np.floor(threshold / THRESHOLD_STEP + 0.5) * THRESHOLD_STEP)


def threshold_path(last_threshold: float, growth: Array) -> Array:
    """Return the line's unrounded path.

    The unrounded line carries forward and is rounded only when published, so that rounding does
    not add up.

    Parameters
    ----------
    last_threshold : float
        Line in the last known year, US$.
    growth : (..., t) the line's growth, log differences x 100.

    Returns
    -------
    numpy.ndarray
        (..., t) US$.
    """
    return compounded(last_threshold, growth)


def above(income: Array, threshold: Array) -> Mask:
    """Return where income is strictly above the line.

    An economy is high income when its GNI per capita exceeds the line (World Bank, Data Help
    Desk, "World Bank country and lending groups"); at the line itself it is upper middle income.

    Parameters
    ----------
    income, threshold : (...) US$, both as published.

    Returns
    -------
    numpy.ndarray of bool
        Broadcast shape.
    """
    return np.asarray(income > threshold)
