"""The Theta method's point forecasts for many economies at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Draws
from forecast.timeseries.batch.smoothing import fit_many
from forecast.timeseries.batch.stretch import last_stretches
from forecast.timeseries.univariate.theta import THETA_YEARS


def batch_theta(growth: Draws, horizons: Sequence[int]) -> Draws:
    """Return average growth over each horizon on the point path of ``theta_growth``.

    Parameters
    ----------
    growth : (T, N) growth, % a year, NaN before a series starts; its last unbroken run is used.
    horizons : H numbers of years.

    Returns
    -------
    numpy.ndarray
        (H, N) % a year; NaN for a series that ends early or has fewer than 10 years.
    """
    runs = last_stretches(growth, THETA_YEARS)
    if not runs.used.any():
        return np.full((len(horizons), growth.shape[1]), np.nan)
    level = np.concatenate([np.zeros((1, runs.growth.shape[1])), np.cumsum(runs.growth, axis=0)])
    fits = fit_many(level, runs.first, ("ANN",))
    alpha, now = fits.params[0, 0], fits.state[0, 0]
    n = runs.count + 1
    since = np.arange(len(level))[:, None] - runs.first
    centred = np.where(since >= 0, since - (n - 1) / 2, 0.0)
    drift = (centred * level).sum(axis=0) / (centred**2).sum(axis=0) / 2
    memory = (1 - (1 - alpha) ** n) / alpha
    years = np.asarray(horizons)[:, None]
    return runs.spread((now + drift * (years - 1 + memory) - level[-1]) / years)
