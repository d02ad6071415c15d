"""Means, deviations and sums over windows of years, of arrays (years, economies) with gaps."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecast.arrays import Array, Mask


def trailing_mean(values: Array, years: int, least: int) -> Array:
    """Return the mean (T, N) of the last ``years`` values, NaN with fewer than ``least`` known."""
    window = _trailing(values, years)
    known = np.isfinite(window)
    count = known.sum(axis=-1)
    total = np.where(known, window, 0.0).sum(axis=-1)
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)


def trailing_count(values: Array, years: int) -> Array:
    """Return how many (T, N) of the last ``years`` values are known."""
    return np.asarray(np.isfinite(_trailing(values, years)).sum(axis=-1), dtype=np.float64)


def trailing_spread(values: Array, years: int, pooled_over: Mask, own: float) -> Array:
    """Return the standard deviation (T, N) of the last ``years`` values, shrunk.

    The variance is (S + own v) / (n - 1 + own), with S the sum of squares about the economy's mean
    of n values and v the median of S / (n - 1) over the economies of ``pooled_over`` (T, N) that
    year; NaN where there is no such economy.
    """
    window = _trailing(values, years)
    known = np.isfinite(window)
    count = known.sum(axis=-1)
    mean = np.where(known, window, 0.0).sum(axis=-1) / np.maximum(count, 1)
    squares = np.where(known, window - mean[..., None], 0.0)
    squares = (squares**2).sum(axis=-1)
    degrees = np.maximum(count - 1, 0)
    pooled = np.full((len(values), 1), np.nan)
    for t, rows in enumerate(pooled_over & (count > 1)):
        if rows.any():
            pooled[t] = np.median(squares[t, rows] / degrees[t, rows])
    return np.asarray(np.sqrt((squares + own * pooled) / (degrees + own)))


def sums_ahead(values: Array, longest: int) -> Array:
    """Return the sums (longest, T, N) over the next 1 to ``longest`` years; NaN over a gap."""
    sums = np.full((longest, *values.shape), np.nan)
    total = np.zeros_like(values)
    for k in range(1, longest + 1):
        ahead = np.full_like(values, np.nan)
        ahead[:-k] = values[k:]
        total = total + ahead
        sums[k - 1] = total
    return sums


def _trailing(values: Array, years: int) -> Array:
    """Return the windows (T, N, years) that end in each year; NaN before the first."""
    padded = np.concatenate([np.full((years - 1, values.shape[1]), np.nan), values])
    return np.asarray(sliding_window_view(padded, years, axis=0))
