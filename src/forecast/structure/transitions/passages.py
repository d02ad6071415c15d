"""Passages of the three boundaries between income classes, up and down."""

from __future__ import annotations

import pandas as pd

from forecast.statistics.income_classes.class_lines import CLASS_LINES
from forecast.structure.transitions.spells import RANKS

BOUNDARIES = tuple(CLASS_LINES)  # the class above each, from the lowest
MILLION = 1e6


def class_passages(changes: pd.DataFrame) -> pd.DataFrame:
    """Return every passage of a boundary: a change over two of them is two passages.

    Parameters
    ----------
    changes : pandas.DataFrame
        ``country, year, from_class, to_class``: the table ``class_changes`` of a package, or
        `forecast.statistics.income_classes.classes.class_changes` of a history.

    Returns
    -------
    pandas.DataFrame
        ``year, country, boundary`` (the class above it: lower_middle, upper_middle, high),
        ``direction`` (1 up, -1 down), by year, country and boundary.
    """
    rows = [
        (int(year), str(country), boundary, 1 if RANKS[to] > RANKS[start] else -1)
        for country, year, start, to in changes[
            ["country", "year", "from_class", "to_class"]
        ].itertuples(index=False)
        for boundary in BOUNDARIES[min(RANKS[start], RANKS[to]) : max(RANKS[start], RANKS[to])]
    ]
    found = pd.DataFrame(rows, columns=["year", "country", "boundary", "direction"])
    return found.sort_values(["year", "country"], kind="stable", ignore_index=True)


def passages_by_year(
    passages: pd.DataFrame, population: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the number of passages of each boundary by year, up and down.

    Parameters
    ----------
    passages : pandas.DataFrame
        Of `class_passages`.
    population : pandas.DataFrame, optional
        ``country, year, population`` (persons).

    Returns
    -------
    pandas.DataFrame
        ``year, boundary, up, down, net``; years without any passage of a boundary with zeros.
        With ``population`` also ``people_up, people_down``, millions of people of that year in
        the economies that passed, and ``uncounted``, passages without a population.
    """
    if passages.empty:
        return pd.DataFrame(columns=["year", "boundary", "up", "down", "net"], dtype=int)
    years = range(int(passages["year"].min()), int(passages["year"].max()) + 1)
    every = pd.MultiIndex.from_product([years, BOUNDARIES], names=["year", "boundary"])
    by = passages.groupby(["year", "boundary"])["direction"]
    counts = pd.DataFrame({
        "up": by.agg(lambda d: int((d > 0).sum())),
        "down": by.agg(lambda d: int((d < 0).sum())),
    }).reindex(every, fill_value=0)  # fmt: skip
    counts = counts.assign(net=counts["up"] - counts["down"])
    if population is None:
        return counts.reset_index()
    people = passages.merge(population, on=["country", "year"], how="left")
    keys = [people["year"], people["boundary"]]
    for name, direction in (("people_up", 1), ("people_down", -1)):
        own = people["population"].where(people["direction"] == direction) / MILLION
        counts[name] = own.groupby(keys).sum().reindex(every, fill_value=0.0)
    unknown = people["population"].isna().groupby(keys).sum()
    return counts.assign(uncounted=unknown.reindex(every, fill_value=0)).reset_index()
