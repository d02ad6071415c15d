"""How much of the change of a year's average is known before the year is over.

A year's average changes by the average of a year less that of the year before, so what moved last
year is on its way into it already (Working 1960, "Note on the correlation of first differences of
averages in a random chain", Econometrica 28(4)): under a random walk half of the variance is known
when the year begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.errors import DataError

MONTHS = 12
COLUMNS = ("country", "year", "period", "value")
FEWEST = 10  # changes: below, a ratio of variances says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntShare:
    """What a table of rates says about one month.

    Attributes
    ----------
    share : float
        1 - var(D - E) / var(D): D the log change of the year's average, E the change that is
        expected when the rest of the year stays at the last known rate; both around their means
        by economy. Below zero where that expectation is worse than the mean.
    changes : int
        Economies times years that it rests on.
    periods : int
        Of a year, in the table: 12 or 4.
    """

    share: float
    changes: int
    periods: int


def known_share(month: int, steps: int | None = None) -> float:
    """Return the share of the variance of the average's change known by the end of ``month``.

    Exact under a random walk. In continuous time, with x = month/12 of the year gone, the change
    has variance 2/3 of a year's increment, of which (1 - x)^3/3 is to come: 1 - (1 - x)^3/2,
    0.9375 at the end of June. In n steps a year, k of them to come, the variances are
    (2 n^2 + 1)/(3 n) and k (k + 1)(2 k + 1)/(6 n^2) of a step's.

    Parameters
    ----------
    month : int
        0 (nothing of the year yet) to 12 (all of it).
    steps : int or None
        Steps of the walk in a year, whose values are averaged: 12 where a month's rate is one
        number, 4 for quarters; None: it moves all the time.

    Raises
    ------
    DataError
        If ``month`` is outside 0-12 or does not end a step.
    """
    if not 0 <= month <= MONTHS:
        raise DataError(f"month: found {month}, must be 0 to {MONTHS}")
    if steps is None:
        return 1.0 - (1.0 - month / MONTHS) ** 3 / 2.0
    if steps < 1 or (month * steps) % MONTHS:
        raise DataError(f"month {month} does not end one of {steps} steps of a year")
    to_come = steps - month * steps // MONTHS
    ahead = to_come * (to_come + 1) * (2 * to_come + 1) / (6.0 * steps**2)
    return 1.0 - ahead / ((2.0 * steps**2 + 1.0) / (3.0 * steps))


def expected_average(known: Vector, periods: int = MONTHS) -> float:
    """Return the year's average if the rest of it stays at the last known rate.

    Parameters
    ----------
    known : numpy.ndarray
        (m,) rates of the year's first m periods, 1 <= m <= ``periods``.
    periods : int
        Of a year.

    Raises
    ------
    DataError
        If none or more than ``periods`` are given, or one is not a number above zero.
    """
    values = np.asarray(known, dtype=float)
    if not 1 <= len(values) <= periods:
        raise DataError(f"found {len(values)} rates of the year, must be 1 to {periods}")
    if not (np.isfinite(values) & (values > 0)).all():
        raise DataError(f"found {values.tolist()}, rates must be numbers above 0")
    return float((values.sum() + (periods - len(values)) * values[-1]) / periods)


def learnt_share(rates: pd.DataFrame, month: int) -> LearntShare:
    """Return the share that a table of monthly or quarterly rates shows for ``month``.

    Years with a gap, and changes from them, are left out.

    Parameters
    ----------
    rates : pandas.DataFrame
        country, year, period (1-12 or 1-4), value (above zero).
    month : int
        1 to 12, the end of a period.

    Raises
    ------
    DataError
        If a column is missing, a period is impossible or given twice, a value is not above zero,
        or fewer than ten changes are left.
    """
    periods = _periods(rates)
    if not 1 <= month <= MONTHS or (month * periods) % MONTHS:
        raise DataError(f"month: found {month}, must end one of {periods} periods of a year")
    wide = rates.pivot(index=["country", "year"], columns="period", values="value")
    wide = wide.reindex(columns=range(1, periods + 1)).dropna()
    first = month * periods // MONTHS
    average = np.log(wide.mean(axis=1))
    # as `expected_average`, row by row
    stays = wide.loc[:, :first].sum(axis=1) + (periods - first) * wide[first]
    before = average.copy()
    before.index = before.index.set_levels(before.index.levels[1] + 1, level="year")
    before = before.reindex(average.index)
    change = (average - before).dropna()
    error = (average - np.log(stays / periods)).loc[change.index]
    if len(change) < FEWEST:
        raise DataError(f"found {len(change)} changes between whole years, need {FEWEST}")
    spread, left = _around_means(change), _around_means(error)
    if not spread > 0:
        raise DataError("the year's average never changes: no share of its variance is known")
    return LearntShare(share=1.0 - left / spread, changes=len(change), periods=periods)


def _periods(rates: pd.DataFrame) -> int:
    """Return 12 or 4, what the table has in a year; refuse what cannot be."""
    missing = [c for c in COLUMNS if c not in rates.columns]
    if missing:
        found = ", ".join(map(str, rates.columns))
        raise DataError(f"column {missing[0]!r} is missing; found {found}")
    last = int(rates["period"].max()) if len(rates) else 0
    periods = MONTHS if last > 4 else 4
    for wrong, allowed in (
        (~rates["period"].isin(range(1, periods + 1)), f"a period of 1 to {periods}"),
        (~(np.isfinite(rates["value"]) & (rates["value"] > 0)), "a value above 0"),
        (rates.duplicated(list(COLUMNS[:3])), "given once"),
    ):
        if wrong.any():
            row = rates.loc[wrong].iloc[0]
            raise DataError(
                f"{row['country']} {row['year']}, period {row['period']}: found "
                f"{row['value']}, must be {allowed}"
            )
    return periods


def _around_means(values: pd.Series) -> float:
    """Return the sum of squares around each economy's mean."""
    return float(((values - values.groupby(level="country").transform("mean")) ** 2).sum())
