"""Growth of labour productivity divided into what happened within sectors and between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import DataError

PARTS = ("within", "static", "dynamic")
SECTOR_KEYS = ("entity", "year", "sector")
REAL, WORKERS = NEEDED = ("value_added", "employment")
NOMINAL, TOTAL = OPTIONAL = ("nominal_value_added", "total_value_added")
WHOLE = "all"  # the row that sums the sectors


def shift_share(table: pd.DataFrame, windows: Sequence[tuple[int, int]] = ()) -> pd.DataFrame:
    """Return growth of labour productivity by sector, within and between, which sum exactly.

    With sector productivity x, employment share s, aggregate X = sum(s x), and changes D from
    the first to the last year of a window, the traditional decomposition (TRAD; Fabricant 1942)
    is ``within`` = s0 Dx / X0, ``static`` = x0 Ds / X0, ``dynamic`` = Ds Dx / X0. Where nominal
    value added is given too, also the generalised exactly additive one (GEAD; Tang and Wang 2004),
    in which s is multiplied by the sector's deflator over the aggregate's: chained volumes need
    not add up, and a rise of a sector's price counts as a rise of its size.

    Parameters
    ----------
    table : pandas.DataFrame
        ``entity, year, sector, value_added`` (constant prices), ``employment``; optionally
        ``nominal_value_added``, and ``total_value_added``: the aggregate at constant prices, the
        same in all rows of an entity and year; the sum of ``value_added`` where it is not there.
    windows : sequence of (int, int)
        First and last year; the first and last that an entity has if empty. Entities without
        both years are left out of a window.

    Returns
    -------
    pandas.DataFrame
        ``entity, first, last, method`` (TRAD, GEAD), ``sector`` (``all``: their sum), ``within,
        static, dynamic, total``: fractions of the aggregate's productivity in the first year. The
        static part of a sector is not measured against the average: one that grows counts as
        plus, however low its productivity; the sum over sectors is the same either way.

    Raises
    ------
    DataError
        If a column is missing, a key occurs twice, a value is missing or not positive, the
        sectors of the two years differ, a sector is called ``all``, or no entity has a window.
    """
    _check(table)
    found = []
    for entity, own in table.groupby("entity", sort=True):
        years = set(own["year"])
        for first, last in windows or [(min(years), max(years))]:
            if first >= last:
                raise DataError(f"window {first}-{last}: must end after it begins")
            if {first, last} <= years:
                found += _window(str(entity), own, int(first), int(last))
    if not found:
        asked = ", ".join(f"{first}-{last}" for first, last in windows)
        raise DataError(f"sector table: no entity has both years of {asked}")
    return pd.concat(found, ignore_index=True)


def _check(table: pd.DataFrame) -> None:
    missing = [c for c in (*SECTOR_KEYS, *NEEDED) if c not in table]
    if missing:
        raise DataError(
            f"sector table: column {missing[0]!r} is missing; found {', '.join(map(str, table))}"
        )
    if table.empty:
        raise DataError("sector table: has no rows")
    twice = table.duplicated(list(SECTOR_KEYS))
    if twice.any():
        row = table[twice].iloc[0]
        raise DataError(f"sector table: {_where(row)} occurs more than once")
    if (table["sector"] == WHOLE).any():
        raise DataError(f"sector table: a sector is called {WHOLE!r}, which names their sum")
    for name in (*NEEDED, *OPTIONAL):
        if name in table:
            bad = ~((table[name] > 0) & np.isfinite(table[name]))
            if bad.any():
                row = table[bad].iloc[0]
                raise DataError(
                    f"sector table: {_where(row)}: {name}: found {row[name]}, must be positive"
                )


def _where(row: pd.Series) -> str:
    return f"{row['entity']} {row['year']} {row['sector']}"


def _window(entity: str, own: pd.DataFrame, first: int, last: int) -> list[pd.DataFrame]:
    before, after = (own[own["year"] == y].set_index("sector").sort_index() for y in (first, last))
    odd = before.index.symmetric_difference(after.index)
    if len(odd):
        raise DataError(f"sector table: {entity}: sector {odd[0]!r} is not in both {first}, {last}")
    key: dict[str, Any] = {"entity": entity, "first": first, "last": last}
    found = [_parts(key | {"method": "TRAD"}, _sizes(before, None), _sizes(after, None))]
    if NOMINAL in own:
        totals = [float(_total(one, entity)) for one in (before, after)]
        both = (_sizes(one, real) for one, real in zip((before, after), totals, strict=True))
        found.append(_parts(key | {"method": "GEAD"}, *both))
    return found


def _total(one: pd.DataFrame, entity: str) -> float:
    """Return the aggregate at constant prices, told or summed."""
    if TOTAL not in one:
        return float(one[REAL].sum())
    told = one[TOTAL].unique()
    if len(told) > 1:
        raise DataError(
            f"sector table: {entity} {one['year'].iloc[0]}: total_value_added differs among "
            "sectors, must be that of the aggregate"
        )
    return float(told[0])


def _sizes(one: pd.DataFrame, total: float | None) -> pd.DataFrame:
    """Return each sector's productivity and size: its share of work, times its relative price."""
    share = one[WORKERS] / one[WORKERS].sum()
    if total is not None:
        share = share * (one[NOMINAL] / one[REAL]) / (one[NOMINAL].sum() / total)
    return pd.DataFrame({"size": share, "productivity": one[REAL] / one[WORKERS]})


def _parts(key: dict[str, Any], before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    whole = (before["size"] * before["productivity"]).sum()
    grown, moved = after["productivity"] - before["productivity"], after["size"] - before["size"]
    parts = pd.DataFrame({
        "within": before["size"] * grown / whole,
        "static": before["productivity"] * moved / whole,
        "dynamic": moved * grown / whole,
    })  # fmt: skip
    parts.loc[WHOLE] = parts.sum()
    parts["total"] = parts[list(PARTS)].sum(axis=1)
    return (
        parts.rename_axis("sector").reset_index().assign(**key)[[*key, "sector", *PARTS, "total"]]
    )
