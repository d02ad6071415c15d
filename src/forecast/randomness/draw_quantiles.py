"""Quantiles of draws by sorting, which numpy does with vector instructions and selecting not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Array, Draws, Vector


def draw_quantiles(draws: Draws, levels: Sequence[float] | Vector) -> Array:
    """Return quantiles over the draws, (levels, t), to the last bit those of `numpy.quantile`.

    Parameters
    ----------
    draws : (draws, t), without missing values
    levels : sequence of float
    """
    return ordered_quantiles(np.sort(draws.T, axis=1), levels)


def ordered_quantiles(ordered: Array, levels: Sequence[float] | Vector) -> Array:
    """Return `draw_quantiles` of draws that are sorted, one series a row, (t, draws)."""
    place = np.asarray(levels, dtype=float)[:, None] * (ordered.shape[1] - 1)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, ordered.shape[1] - 1)
    below, above, part = ordered[:, low[:, 0]].T, ordered[:, high[:, 0]].T, place - low
    step = above - below
    # From the nearer end, as numpy interpolates.
    return np.asarray(np.where(part < 0.5, below + step * part, above - step * (1 - part)))
