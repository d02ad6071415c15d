"""Premature deindustrialisation: who is flagged by stated thresholds, when and for how long."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError

COLUMNS = ["country", "first", "last", "years", "income", "value_added", "employment"]


def deindustrialised(
    frame: pd.DataFrame, *, income: float, employment: float, value_added: float
) -> pd.Series:
    """Return which economies and years meet the thresholds.

    Rekha and Suresh (2022), as the paper cites them: income per head below ``income``, employment
    in manufacturing at most ``employment`` %, value added of manufacturing at least
    ``value_added`` % of GDP: output without jobs. Where the table has no employment, the share of
    value added stands alone: at most ``value_added`` after a year above it, at such an income.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``income`` (US$ per head), ``value_added`` (%) and, where known, ``employment`` (%), on
        (country, year).

    Returns
    -------
    pandas.Series of bool on the same index; rows that lack a value are not flagged.

    Raises
    ------
    DataError
        If a column is missing.
    """
    for name in ("income", "value_added"):
        if name not in frame:
            raise DataError(f"deindustrialisation: column {name!r} is missing")
    ordered = frame.sort_index()
    poor = ordered["income"] < income
    share = ordered["value_added"]
    if "employment" in frame:
        flagged = poor & (ordered["employment"] <= employment) & (share >= value_added)
    else:
        above = (share > value_added).groupby(level="country").cummax()
        flagged = poor & (share <= value_added) & above
    return flagged.reindex(frame.index)


def flagged_spells(frame: pd.DataFrame, flagged: pd.Series) -> pd.DataFrame:
    """Return spells of flagged years, one row a spell, with what stood in its first year.

    Years without a row end a spell.

    Returns
    -------
    pandas.DataFrame
        ``country, first, last, years, income, value_added, employment``, the last missing where
        the table has none.
    """
    rows = frame.loc[flagged[flagged].index].sort_index()
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    country = rows.index.get_level_values("country").to_numpy()
    year = rows.index.get_level_values("year").to_numpy()
    begins = (country[1:] != country[:-1]) | (year[1:] != year[:-1] + 1)
    spell = [0, *begins.cumsum()]
    table = rows.reset_index().assign(spell=spell)
    if "employment" not in table:
        table["employment"] = float("nan")
    grouped = table.groupby("spell")
    found = grouped[["country", "income", "value_added", "employment"]].first()
    found["first"], found["last"] = grouped["year"].min(), grouped["year"].max()
    found["years"] = found["last"] - found["first"] + 1
    return found[COLUMNS].reset_index(drop=True)
