"""The World Bank Atlas conversion factor, and income as it is published."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array

INCOME_STEP = 10.0


def atlas_factor(exchange_rate: Array, deflator: Array, sdr_deflator: Array) -> Array:
    """Return the Atlas conversion factor, local currency per US$.

    e*_t is the mean of e_{t-2} (P_t / P_{t-2}) / (S_t / S_{t-2}),
    e_{t-1} (P_t / P_{t-1}) / (S_t / S_{t-1}) and e_t (World Bank, Data Help Desk, "The World Bank
    Atlas method - detailed methodology").

    Parameters
    ----------
    exchange_rate : (..., t) e, local currency per US$, period average.
    deflator : (..., t) P, the economy's GDP deflator in local currency, any base.
    sdr_deflator : (..., t) S, the SDR deflator in US$, any base.

    Returns
    -------
    numpy.ndarray
        (..., t - 2): the first factor belongs to the third year given.
    """
    # e P^-1 S is what the three years share; the year's own P / S turns it back.
    ratio = deflator / sdr_deflator
    relative = exchange_rate / ratio
    mean = (relative[..., 2:] + relative[..., 1:-1] + relative[..., :-2]) / 3
    return np.asarray(ratio[..., 2:] * mean)


def rounded_income(income: Array) -> Array:
    """Return GNI per capita as published: to the nearest 10 US$, halves up.

    Parameters
    ----------
    income : (...) US$, Atlas method.

    Returns
    -------
    numpy.ndarray
        Same shape.
    """
    return np.asarray(np.floor(income / INCOME_STEP + 0.5) * INCOME_STEP)
