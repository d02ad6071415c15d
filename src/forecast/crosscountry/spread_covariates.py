"""What tells at a date how far a growth forecast of an economy will miss."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array
from forecast.crosscountry.history import History, deviation, volatility

COVARIATES = ("log volatility", "log volatility ever", "log relative income", "log rates known")
_FLOOR = 0.3  # % a year: a volatility below it says that rates are few or made up
_FIRST = 3  # growth rates below which a volatility says nothing


def spread_covariates(history: History) -> Array:
    """Return (T, N, 4): at each year what was known through it of each economy's uncertainty.

    The logs of the standard deviation of the last twenty growth rates and of all of them, the log
    of relative income (where unknown, the mean of the economies then), and the log of the number
    of growth rates. Years with fewer than three rates so far are missing.
    """
    growth, gap = history.growth(), history.relative_level()
    years, countries = growth.shape
    found = np.full((years, countries, len(COVARIATES)), np.nan)
    rates = np.isfinite(growth).cumsum(axis=0)
    for year in range(_FIRST, years):
        past = growth[: year + 1]
        known = np.isfinite(gap[year])
        typical = float(gap[year, known].mean()) if known.any() else 0.0
        found[year] = np.column_stack(
            [
                np.log(np.maximum(volatility(past), _FLOOR)),
                np.log(np.maximum(deviation(past), _FLOOR)),
                np.where(known, gap[year], typical),
                np.log(np.maximum(rates[year], 1)),
            ]
        )
    return found
