"""Initial values: where a driver stood as a period began, in tables and along years."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array
from forecast.variables import INITIAL

WINDOW = 3  # years up to the last one before the period, over which a survey's gaps are averaged


def initial_of(name: str) -> str | None:
    """Return the driver of which a column holds the initial value; None: the column is no such."""
    return name.removesuffix(INITIAL) if name.endswith(INITIAL) else None


def initial_along_years(values: Array, step: int) -> Array:
    """Return initial values for every year of a path: what the annual relation carries.

    A period of n years that ends in e has the mean of the years e - n - 2 to e - n. Growth in a
    single year t then goes with the mean of the ``WINDOW`` years that end (n + 1) // 2 years before
    t: seen from the middle of a period, these are the years that the period's value is the mean of.

    Parameters
    ----------
    values : (..., t) array
        By consecutive years; missing values are left out of a mean.
    step : int
        Years a period, n.

    Returns
    -------
    (..., t) array
        Missing in the first years, and where no year of the window has a value.
    """
    lag = (step + 1) // 2
    moved = np.full((WINDOW, *values.shape), np.nan)
    for back in range(WINDOW):
        by = lag + back
        if by < values.shape[-1]:
            moved[back, ..., by:] = values[..., : values.shape[-1] - by]
    known = ~np.isnan(moved)
    count = known.sum(axis=0)
    total = np.where(known, moved, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
