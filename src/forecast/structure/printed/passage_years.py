"""The year in which each economy became high income, by its record of classes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

HIGH = "H"


def passage_years(
    changes: pd.DataFrame, relative: pd.DataFrame, countries: Sequence[str]
) -> pd.DataFrame:
    """Return the first year in which each economy's class became high, and what came after.

    The first change to high on record counts, also where the economy fell back later, or had been
    high as the record began and returned. One that is high throughout, or never, has no year.

    Parameters
    ----------
    changes : pandas.DataFrame
        ``country, year, from_class, to_class``: the table ``class_changes`` of a package.
    relative : pandas.DataFrame
        ``country, year, ratio_to_line``: tells the high from the others where no class changed.
    countries : sequence of str

    Returns
    -------
    pandas.DataFrame
        ``country, year`` (missing where there is none), ``told``.
    """
    rows = []
    for country in countries:
        own = changes[changes["country"] == country].sort_values("year")
        up = own.loc[own["to_class"] == HIGH, "year"].tolist()
        down = own.loc[own["from_class"] == HIGH, "year"].tolist()
        if up:
            events = [(year, "fell back") for year in down] + [(y, "again high") for y in up[1:]]
            later = [f"{what} in {year}" for year, what in sorted(events)]
            told = ", ".join([f"high income from {up[0]}", *later])
        else:
            ratio = relative.loc[relative["country"] == country].sort_values("year")
            above = ratio["ratio_to_line"].dropna().tail(1).gt(1).any()
            high = bool(down) or (own.empty and above)
            told = "high income as the record begins" if high else "has not become high income"
        rows.append((country, up[0] if up else None, told))
    found = pd.DataFrame(rows, columns=["country", "year", "told"])
    return found.astype({"year": "Int64"})
