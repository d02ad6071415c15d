"""Population to come: the working-age share, employment a person, and head counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.special import ndtri

from forecast.arrays import Array
from forecast.errors import DataError

# Who is born after the last known year is of working age this many years later at the earliest.
WORKING_AGE = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeStructure:
    """The working-age share to come, with what is uncertain about it.

    Attributes
    ----------
    share : pandas.Series
        Median share of ages 15-64, % of population, by year from the last known one on.
    people : pandas.DataFrame
        Persons, same years or more: ``median``, and the 80 % interval's ends ``low80``, ``high80``.
    """

    share: pd.Series
    people: pd.DataFrame


def splice_share(history: pd.Series, projection: pd.Series) -> pd.Series:
    """Return the share of ages 15-64 from the last known year to the projection's end.

    Ratio splice: the record and the projection (United Nations, World Population Prospects) may
    be of different editions, so the projection is multiplied by the ratio of the known share to
    its own value in the last known year: levels join, growth rates are the projection's.

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
    share : (..., t + 1) share of ages 15-64, %, from the year before.

    Returns
    -------
    numpy.ndarray
        (..., t).

    Raises
    ------
    DataError
        If the share does not cover the years.
    """
    if share.shape[-1] != per_working_age.shape[-1] + 1:
        raise DataError(
            f"share_15_64: {share.shape[-1]} years given for {per_working_age.shape[-1]} years of "
            "growth; one more than those is needed"
        )
    return np.asarray(per_working_age + 100 * np.diff(np.log(share), axis=-1))


def population_draws(
    median: pd.Series, low80: pd.Series, high80: pd.Series, draws: int, rng: Generator
) -> Array:
    """Return draws of total population around the United Nations' median.

    Normal in logs with the standard deviation that the 80 % interval implies (half its width in
    logs over 1.2816), and perfectly correlated over time: one standard normal a path.

    Parameters
    ----------
    median, low80, high80 : pandas.Series
        Persons by year, same years (United Nations, World Population Prospects).
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (draws, years) persons, draws side by side in memory.

    Raises
    ------
    DataError
        If the three series do not cover the same years.
    """
    if not (median.index.equals(low80.index) and median.index.equals(high80.index)):
        raise DataError("population: median and the bounds of the 80 % interval differ in years")
    spread = np.log(high80.to_numpy() / low80.to_numpy()) / (2 * ndtri(0.9))
    paths: Array = spread[:, None] * rng.standard_normal(draws)
    np.exp(paths, out=paths)
    paths *= median.to_numpy(dtype=np.float64)[:, None]
    return np.asarray(paths.T)


def share_draws(ages: AgeStructure, draws: int, rng: Generator) -> Array:
    """Return draws of the share of ages 15-64 from the published uncertainty of the total.

    The United Nations publish intervals for total population, not for the share. Everybody who
    will be 15 to 64 within 15 years of the last known year is born already, so what is uncertain
    about the total until then is taken to lie outside those ages (births above all, and deaths of
    the old), and to come into them 15 years later at full number:

        share_t = (W_t + D_{t-15}) / (N_t + D_t),  D_t = N_t (exp(d_t) - 1)

    with N and W the medians of the total and of ages 15-64, and d the deviation of
    `population_draws` less its own in the last known year, whose population is published.
    Migration and deaths within the ages 15-64 are left out, so that nothing moves the share but
    what moves the total.

    Parameters
    ----------
    ages : AgeStructure
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (draws, years of ``ages.share``), %, draws side by side in memory.

    Raises
    ------
    DataError
        If the total does not cover the share's years.
    """
    years, known = ages.share.index, ages.people.dropna()
    missing = years.difference(known.index)
    if len(missing):
        raise DataError(f"population: no median and 80 % interval for {missing[0]}")
    people = known.loc[years]
    median = people["median"].to_numpy(dtype=np.float64)
    drawn = population_draws(people["median"], people["low80"], people["high80"], draws, rng)
    apart = drawn
    apart *= median[0] / drawn[:, :1]
    apart -= median
    share = np.empty_like(apart)
    share[...] = ages.share.to_numpy(dtype=np.float64) / 100 * median
    share[:, WORKING_AGE:] += apart[:, :-WORKING_AGE]
    share *= 100
    share /= np.add(apart, median, out=apart)
    return share
