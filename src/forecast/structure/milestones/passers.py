"""Economies that passed the high-income line and stayed, and when they stood at an income."""

from __future__ import annotations

import numpy as np
import pandas as pd

HIGH = "H"


def lasting_passages(
    changes: pd.DataFrame, last: int, *, since: int = 1988, stay: int = 3
) -> pd.Series:
    """Return the year of each economy's first passage into high income that lasted.

    An economy that was high income before its first change is not one that passed.

    Parameters
    ----------
    changes : pandas.DataFrame
        ``country, year, from_class, to_class``, every change of class.
    last : int
        Last classified year.
    since : int
        First year of a passage.
    stay : int
        Years that it must stay, that of the passage included.

    Returns
    -------
    pandas.Series
        Years by country, sorted by country.
    """
    found: dict[str, int] = {}
    for country, own in changes.sort_values(["country", "year"]).groupby("country"):
        if own["from_class"].iloc[0] == HIGH:
            continue
        ends = [*own["year"].iloc[1:], last + 1]
        for year, to, end in zip(own["year"], own["to_class"], ends, strict=True):
            if to == HIGH and year >= since and end - year >= stay:
                found[str(country)] = int(year)
                break
    return pd.Series(found, dtype=int, name="passed").sort_index()


def same_income_moments(
    ratios: pd.DataFrame, passed: pd.Series, target: float, *, window: float = 15
) -> pd.Series:
    """Return when each economy's income rose through ``target`` times the line.

    Linear between successive values; of several moments that nearest to its passage, of two as
    near the earlier; none farther than ``window`` years from it. An economy without one is left
    out.

    Parameters
    ----------
    ratios : pandas.DataFrame
        ``country, year, ratio``: income relative to the line, year the middle of what it is of.
    passed : pandas.Series
        Year of passage by country.
    target : float
    window : float
        Years.

    Returns
    -------
    pandas.Series
        Fractional years by country.
    """
    found: dict[str, float] = {}
    for country, own in ratios[ratios["country"].isin(passed.index)].groupby("country"):
        ordered = own.dropna().sort_values("year")
        year = ordered["year"].to_numpy(dtype=float)
        ratio = ordered["ratio"].to_numpy(dtype=float)
        rises = np.flatnonzero((ratio[:-1] < target) & (ratio[1:] >= target))
        part = (target - ratio[rises]) / (ratio[rises + 1] - ratio[rises])
        moments = year[rises] + part * (year[rises + 1] - year[rises])
        away = np.abs(moments - passed.loc[country])
        if len(moments) and away.min() <= window:
            found[str(country)] = float(moments[np.argmin(away)])
    return pd.Series(found, dtype=float, name="moment")
