"""Printed figures beside a record of the same indicators, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.structure.printed.period_label import period_label

RECORD = ["country", "indicator", "first", "last", "value", "imputed"]
_PRINTED = ["country", "indicator", "value", "year"]
COLUMNS = [
    "country", "indicator", "printed", "printed_year", "value", "value_year", "difference",
    "latest", "latest_year", "reason",
]  # fmt: skip
ROUNDING = 0.005 + 1e-9  # of two printed decimals; the second part is for binary fractions


def compare_printed(
    printed: pd.DataFrame,
    record: pd.DataFrame,
    countries: Sequence[str],
    *,
    missing: Mapping[str, str],
    edition: str = "",
    years: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Return every cell of a printed table with the record's value, the difference and why.

    A cell is taken in the year asked for, else in the printed one, else in the record's last. The
    record's value is that of the year, or of the period that holds it, else the nearest one. Only
    a value whose year or period holds the printed year has a difference.

    Parameters
    ----------
    printed : pandas.DataFrame
        ``country, indicator, value, year``, one row a cell that is printed.
    record : pandas.DataFrame
        ``country, indicator, first, last, value, imputed``: a value of one year (``first`` is
        ``last``) or the mean of a period, and the share of its years that is imputed. Means of a
        cell that has values of years are not used.
    countries : sequence of str
        Rows, in this order; those that are not printed too.
    missing : mapping of indicator to str
        Every indicator, in order, and what is told where the record has none of it.
    edition : str
        What is told of a difference that nothing else explains.
    years : mapping of country to year, optional
        Years asked for.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: ``difference`` is value less printed, in the indicator's unit; ``value_year``
        and ``latest_year`` are text, a year or "mean of 2020-24".
    """
    cells = {(c, i): (v, int(y)) for c, i, v, y in printed[_PRINTED].itertuples(index=False)}
    own = {(str(c), str(i)): rows for (c, i), rows in record.groupby(["country", "indicator"])}
    known = set(record["indicator"])
    rows = []
    for country in countries:
        for indicator, bring in missing.items():
            cell = cells.get((country, indicator))
            asked = (years or {}).get(country)
            found = _beside(own.get((country, indicator)), cell, asked, edition)
            if "value" not in found:
                found["reason"] = "no value of this economy" if indicator in known else bring
            rows.append({"country": country, "indicator": indicator, **found})
    blank = {"value_year": "", "latest_year": "", "reason": ""}
    table = pd.DataFrame([blank | row for row in rows], columns=COLUMNS)
    table["printed_year"] = table["printed_year"].astype("Int64")
    return table.astype(dict.fromkeys(["printed", "value", "difference", "latest"], float))


def _beside(
    rows: pd.DataFrame | None, cell: tuple[float, int] | None, asked: int | None, edition: str
) -> dict[str, Any]:
    """Return one cell's columns."""
    told: dict[str, Any] = {} if cell is None else {"printed": cell[0], "printed_year": cell[1]}
    if rows is None:
        return told
    single = rows[rows["first"] == rows["last"]]
    rows = (single if len(single) else rows).sort_values("last")
    newest = rows.iloc[-1]
    wanted = asked if asked is not None else cell[1] if cell else int(newest["last"])
    first, last = (rows[name].to_numpy(dtype=int) for name in ("first", "last"))
    apart = np.maximum(np.maximum(first - wanted, wanted - last), 0)
    taken = rows.iloc[int(apart.argmin())]
    told |= {
        "value": taken["value"],
        "value_year": period_label(int(taken["first"]), int(taken["last"])),
    }
    told |= {
        "latest": newest["value"],
        "latest_year": period_label(int(newest["first"]), int(newest["last"])),
    }
    reasons = []
    if apart.min() > 0:
        reasons.append(_absent(rows, wanted))
    if taken["first"] < taken["last"]:
        reasons.append("a mean of years")
    if taken["imputed"] > 0:
        reasons.append(_imputed(float(taken["imputed"])))
    if cell is not None and taken["first"] <= cell[1] <= taken["last"]:
        told["difference"] = taken["value"] - cell[0]
        if not reasons:
            close = abs(told["difference"]) <= ROUNDING
            reasons.append("agrees to rounding" if close else edition)
    elif cell is not None and asked is not None and asked != cell[1]:
        reasons.append(f"printed for {cell[1]}")
    return told | {"reason": "; ".join(filter(None, reasons))}


def _imputed(share: float) -> str:
    part = "" if share == 1 else f" of its years: {share:.0%},"
    return f"imputed{part or ':'} a run of equal values"


def _absent(rows: pd.DataFrame, year: int) -> str:
    first, last = int(rows["first"].min()), int(rows["last"].max())
    if year < first:
        return f"the series begins in {first}"
    return f"the series ends in {last}" if year > last else f"no value for {year}"
