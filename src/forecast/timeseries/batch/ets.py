"""Exponential smoothing's point forecasts for many economies at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Draws
from forecast.timeseries.batch.smoothing import fit_many
from forecast.timeseries.batch.stretch import last_stretches
from forecast.timeseries.univariate.ets import FEWEST_YEARS, FORMS

EXACT = 1e-20


def batch_ets(growth: Draws, horizons: Sequence[int]) -> Draws:
    """Return average growth over each horizon from the form of least AICc, as ``ets_growth``.

    Parameters
    ----------
    growth : (T, N) growth, % a year, NaN before a series starts; its last unbroken run is used.
    horizons : H numbers of years.

    Returns
    -------
    numpy.ndarray
        (H, N) % a year; NaN for a series that ends early or has fewer than 10 years.
    """
    runs = last_stretches(growth, FEWEST_YEARS)
    if not runs.used.any():
        return np.full((len(horizons), growth.shape[1]), np.nan)
    level = np.concatenate([np.zeros((1, runs.growth.shape[1])), np.cumsum(runs.growth, axis=0)])
    fits = fit_many(level, runs.first, tuple(FORMS))
    n = runs.count + 1
    k = np.array(list(FORMS.values()))[:, None] + 1
    # A series that a form fits exactly: the floor leaves the choice to the penalty.
    sse = np.maximum(fits.sse, EXACT)
    aicc = n * np.log(sse) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    index = np.argmin(aicc, axis=0), np.arange(len(n))
    now, slope = fits.state[(slice(None), *index)]
    phi = fits.params[(2, *index)]
    steps = np.arange(1, max(horizons) + 1)[:, None]
    added = np.cumsum(phi**steps, axis=0)[np.asarray(horizons) - 1]
    rise = now + np.where(index[0] == 0, 0.0, slope) * added - level[-1]
    return runs.spread(rise / np.asarray(horizons)[:, None])
