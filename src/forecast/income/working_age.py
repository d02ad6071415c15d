"""Population to come: the working-age share, employment a person, and head counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import DataError

Array = NDArray[np.float64]


def splice_share(history: pd.Series, projection: pd.Series) -> pd.Series:
    """Return the share of ages 15-64 from the last known year to the projection's end.

    Ratio splice: the projection is an older vintage (United Nations, World Population Prospects
    2017) and is multiplied by the ratio of the known share to its own value in the last known
    year, so that levels join and growth rates are the projection's.

    Parameters
    ----------
    history : pandas.Series
        Known share, % of population, by year.
    projection : pandas.Series
        Projected share, %, by year; must include the last known year.

    Returns
    -------
    pandas.Series
        Share, %, from the last known year on.

    Raises
    ------
    DataError
        If the projection lacks the last known year or ends with it.
    """
    known = history.dropna()
    last = int(known.index[-1])
    if last not in projection.index or int(projection.index.max()) <= last:
        raise DataError(
            f"share_15_64: projection runs {projection.index.min()}-{projection.index.max()}; it "
            f"must include {last}, the last known year, and go beyond it"
        )
    future = projection.loc[last:]
    values = future.to_numpy(dtype=np.float64)
    return pd.Series(values * (known.iloc[-1] / values[0]), index=future.index, name="share_15_64")


def employment_per_person(per_working_age: Array, share: Array) -> Array:
    """Return growth of employment per person, log differences x 100.

    It is the growth of employment per working-age person plus that of the working-age share.

    Parameters
    ----------
    per_working_age : (..., t) growth of employment per person aged 15-64, log differences x 100.
    share : (t + 1,) share of ages 15-64, %, from the year before.

    Returns
    -------
    numpy.ndarray
        (..., t).

    Raises
    ------
    DataError
        If the share does not cover the years.
    """
    if share.shape != (per_working_age.shape[-1] + 1,):
        raise DataError(
            f"share_15_64: {len(share)} years given for {per_working_age.shape[-1]} years of "
            "growth; one more than those is needed"
        )
    return np.asarray(per_working_age + 100 * np.diff(np.log(share)))


def population_draws(
    median: pd.Series, low80: pd.Series, high80: pd.Series, draws: int, rng: Generator
) -> Array:
    """Return draws of total population around the United Nations' median.

    Normal in logs with the standard deviation that the 80 % interval implies (half its width in
    logs over 1.2816), and perfectly correlated over time: one standard normal a path. Income per
    head does not need it; absolute counts do.

    Parameters
    ----------
    median, low80, high80 : pandas.Series
        Persons by year, same years (United Nations, World Population Prospects).
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (draws, years) persons.

    Raises
    ------
    DataError
        If the three series do not cover the same years.
    """
    if not (median.index.equals(low80.index) and median.index.equals(high80.index)):
        raise DataError("population: median and the bounds of the 80 % interval differ in years")
    spread = np.log(high80.to_numpy() / low80.to_numpy()) / (2 * stats.norm.ppf(0.9))
    deviation = rng.standard_normal((draws, 1)) * spread
    return np.asarray(median.to_numpy(dtype=np.float64) * np.exp(deviation))
