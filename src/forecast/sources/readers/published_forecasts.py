"""Forecasts that others have published, as ``data/published_forecasts.csv`` carries them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.text_table import read_text

COLUMNS = [
    "id", "made", "by", "target", "first_year", "last_year", "value", "source_kind", "note",
]  # fmt: skip
TARGETS = ("passage", "gdp_growth", "gdp_per_capita_growth", "labour_productivity_growth")
SOURCE_KINDS = ("original", "secondary")


def read_published_forecasts(path: Path) -> pd.DataFrame:
    """Return the published forecasts, one row each.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        ``id``; ``made`` (YYYY-MM); ``by``; ``target`` among ``TARGETS``; ``first_year`` and
        ``last_year`` of the window forecast; ``value``, % a year, or the year of passage;
        ``source_kind``, ``original`` or ``secondary`` (seen in a report about it); ``note``.

    Raises
    ------
    DataError
        Naming file, row, what was found and what is allowed.
    """
    table = read_text(path, str(path))
    if list(table.columns) != COLUMNS:
        raise DataError(
            f"{path.name}: columns are {', '.join(map(str, table.columns))}; must be "
            f"{', '.join(COLUMNS)}"
        )
    numbers = {
        name: pd.to_numeric(table[name], errors="coerce")
        for name in ("first_year", "last_year", "value")
    }
    _check(path.name, table, numbers)
    return table.assign(**numbers).astype({"first_year": int, "last_year": int, "value": float})


def _check(file: str, table: pd.DataFrame, numbers: dict[str, pd.Series]) -> None:
    """Raise DataError at the first cell that is not what its column holds."""
    checks = {
        "id": ~table["id"].duplicated() & (table["id"] != ""),
        "made": table["made"].str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])"),
        "by": table["by"] != "",
        "target": table["target"].isin(TARGETS),
        "first_year": numbers["first_year"].between(1900, 2200),
        "last_year": numbers["last_year"].between(numbers["first_year"], 2200),
        "value": numbers["value"].notna(),
        "source_kind": table["source_kind"].isin(SOURCE_KINDS),
    }
    allowed = {
        "id": "a name that no other row has",
        "made": "YYYY-MM",
        "by": "a name",
        "target": ", ".join(TARGETS),
        "first_year": "a year",
        "last_year": "a year not before first_year",
        "value": "a number",
        "source_kind": ", ".join(SOURCE_KINDS),
    }
    for name, good in checks.items():
        if not good.all():
            row = int((~good).to_numpy().argmax())
            raise DataError(
                f"{file}: row {row + 2}: {name} is {table[name].iloc[row]!r}, "
                f"must be {allowed[name]}"
            )
