"""How often a random walk passes a line."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array


def antithetic_walks(rng: Generator, draws: int, horizon: int) -> Array:
    """Return standard normal walks (draws, horizon), each with its mirror image."""
    half = rng.standard_normal((draws // 2, horizon)).cumsum(axis=1)
    return np.concatenate([half, -half])


def share_passing(start: Array, drift: Array, volatility: Array, shocks: Array) -> Array:
    """Return the share of walks (n,) that are above zero in any year.

    Parameters
    ----------
    start, drift, volatility : (n,)
        Where the walks begin, log points; log points a year.
    shocks : (draws, horizon)
        Standard normal walks.
    """
    years = np.arange(1, shocks.shape[1] + 1)
    walked = volatility[:, None, None] * shocks
    paths = start[:, None, None] + drift[:, None, None] * years + walked
    return np.asarray((paths.max(axis=2) > 0).mean(axis=1))
