"""Premature deindustrialisation: who is flagged by stated thresholds, when and for how long."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError, choose

CITED, FALLING, ALONE = "as cited", "falling shares", "value added alone"
SCREENS = {
    CITED: "employment at most, value added at least its threshold: output without jobs",
    FALLING: "employment and value added at most their thresholds, both lower than before",
    ALONE: "value added at most its threshold, after a year above it",
}
FALL = 5  # years over which a share must have fallen
COLUMNS = ["country", "first", "last", "years", "goes_on", "income", "value_added", "employment"]


def deindustrialised(
    frame: pd.DataFrame, rule: str, *, income: float, employment: float, value_added: float
) -> pd.Series:
    """Return which economies and years a rule flags; all ask for income below ``income``.

    - ``as cited``: employment at most ``employment`` and value added at least ``value_added``, as
      the paper (section 2.1.1) cites Rekha and Suresh (2022).
    - ``falling shares``: both at most their thresholds and both lower than five years before: the
      five conditions that those authors name in the announcement of their paper (a fall of
      employment, one of value added, upper limits of income, employment, value added).
    - ``value added alone``: value added at most ``value_added`` after a year above it.

    A looser limit of income flags all that a tighter one does; so does one of employment, a lower
    ``value_added`` by the first rule and a higher by the second.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``income`` (US$ per head), ``value_added`` (% of GDP), ``employment`` (% of employment,
        which the third rule does not read) on (country, year).
    rule : str
        Key of `SCREENS`.
    income, employment, value_added : float

    Returns
    -------
    pandas.Series of boolean on the same index; missing where a value that the rule reads is.

    Raises
    ------
    DataError
        If there is no such rule, or a column is missing.
    """
    choose(rule, SCREENS, "rule of deindustrialisation", DataError)
    read = ["income", "value_added", *([] if rule == ALONE else ["employment"])]
    for name in read:
        if name not in frame:
            raise DataError(f"deindustrialisation: column {name!r} is missing")
    known = frame[read].notna().all(axis=1)
    share = frame["value_added"]
    met = frame["income"] < income
    if rule == ALONE:
        ordered = (share > value_added).sort_index()
        above = ordered.groupby(level="country").cummax().reindex(frame.index)
        met &= (share <= value_added) & above
    elif rule == CITED:
        met &= (frame["employment"] <= employment) & (share >= value_added)
    else:
        fall = frame[["value_added", "employment"]] - _before(frame)
        known &= fall.notna().all(axis=1)
        met &= (frame["employment"] <= employment) & (share <= value_added) & (fall < 0).all(axis=1)
    return met.astype("boolean").where(known)


def _before(frame: pd.DataFrame) -> pd.DataFrame:
    shares = frame[["value_added", "employment"]]
    country, year = (frame.index.get_level_values(name) for name in ("country", "year"))
    past = pd.MultiIndex.from_arrays([country, year - FALL], names=["country", "year"])
    return shares.reindex(past).set_index(frame.index)


def flagged_spells(frame: pd.DataFrame, flagged: pd.Series) -> pd.DataFrame:
    """Return spells of flagged years, one row a spell, with what stood in its first year.

    A year that is not flagged, or not known, ends a spell.

    Returns
    -------
    pandas.DataFrame
        ``country, first, last, years``; ``goes_on``, whether the economy's last known year is in
        it; ``income, value_added, employment``, the last missing where the table has none.
    """
    ordered = flagged.sort_index()
    rows = frame.loc[ordered[ordered.fillna(False).astype(bool)].index].reset_index()
    rows = rows.reindex(columns=["country", "year", "income", "value_added", "employment"])
    begins = (rows["country"] != rows["country"].shift()) | (rows["year"].diff() != 1)
    grouped = rows.assign(spell=begins.cumsum()).groupby("spell")
    found = grouped[["country", "income", "value_added", "employment"]].first()
    found["first"], found["last"] = grouped["year"].min(), grouped["year"].max()
    found["years"] = found["last"] - found["first"] + 1
    known = ordered.dropna().reset_index().groupby("country")["year"].max()
    found["goes_on"] = found["last"] == found["country"].map(known)
    return found[COLUMNS].reset_index(drop=True)


def first_flags(flagged: pd.Series) -> pd.DataFrame:
    """Return each economy's first flagged year, infinite where it never is.

    Returns
    -------
    pandas.DataFrame
        On country: ``year``, and ``seen``, whether an earlier year is known and not flagged: only
        then is it a beginning, not the record's.
    """
    known = flagged.dropna().astype(bool).sort_index().reset_index(name="flag")
    years = known.groupby("country")["year"]
    first = known[known["flag"]].groupby("country")["year"].min().reindex(years.min().index)
    seen = first.notna() & (first > years.min())
    return pd.DataFrame({"year": first.fillna(np.inf).astype(float), "seen": seen})
