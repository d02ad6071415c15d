"""Which economies rose above a boundary, when, what came before, and whether it lasted."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError, unknown
from forecast.statistics.income_classes.classes import CLASSES
from forecast.structure.transitions.passages import BOUNDARIES
from forecast.structure.transitions.spells import RANKS


def passage_list(changes: pd.DataFrame, boundary: str = "high") -> pd.DataFrame:
    """Return every passage up over a boundary, with what went before and what followed.

    Parameters
    ----------
    changes : pandas.DataFrame
        ``country, year, from_class, to_class``, every change of class of these economies.
    boundary : {"lower_middle", "upper_middle", "high"}
        The class above it.

    Returns
    -------
    pandas.DataFrame
        By year and country: ``country, year``; ``number``, 1 for an economy's first passage on
        record; ``from_class``; ``years_before``, years in that class, without a break, up to the
        passage (NaN where they began before the record); ``years_below``, years since it last
        fell below this boundary (NaN where it never had); ``fell``, the year in which it fell
        below again (NaN: it has not), and ``years_above``, from passage to fall.

    Raises
    ------
    DataError
        If there is no such boundary.
    """
    if boundary not in BOUNDARIES:
        raise DataError(unknown(boundary, BOUNDARIES, "boundary"))
    line = BOUNDARIES.index(boundary) + 1
    rows = []
    for country, own in changes.sort_values(["country", "year"]).groupby("country"):
        years = own["year"].tolist()
        ranks = own["to_class"].map(RANKS).tolist()
        before = own["from_class"].map(RANKS).tolist()
        number = 0
        for k, year in enumerate(years):
            if not before[k] < line <= ranks[k]:
                continue
            number += 1
            left = [y for y, a, b in zip(years, before, ranks, strict=True) if b < line <= a]
            falls = [y for y in left if y > year]
            since = [y for y in left if y < year]
            rows.append({
                "country": country, "year": year, "number": number,
                "from_class": CLASSES[before[k]],
                "years_before": year - years[k - 1] if k else None,
                "years_below": year - since[-1] if since else None,
                "fell": falls[0] if falls else None,
                "years_above": falls[0] - year if falls else None,
            })  # fmt: skip
    columns = ["country", "year", "number", "from_class"]
    spans = ["years_before", "years_below", "fell", "years_above"]
    found = pd.DataFrame(rows, columns=[*columns, *spans]).astype(dict.fromkeys(spans, float))
    return found.sort_values(["year", "country"], ignore_index=True)
