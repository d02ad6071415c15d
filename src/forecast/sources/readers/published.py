"""Figures printed in the papers, as ``data/published/paper_tables.toml`` carries them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError

COLUMNS = ["table", "economy", "column", "value", "year", "note"]


def read_paper_tables(path: Path) -> pd.DataFrame:
    """Return the printed figures, long: table, economy, column, value, year, note.

    A cell that the paper prints as a dash is left out; a year of 0 means that none is printed.

    Raises
    ------
    DataError
        If the file is missing, is not TOML, or a row has not one cell a column.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: not valid TOML: {error}") from None
    rows = [row for table in raw.get("table", []) for row in _rows(table, path)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"year": "int64", "value": "float64"})


def _rows(table: dict[str, Any], path: Path) -> list[list[Any]]:
    try:
        name, note, columns = table["name"], table["note"], table["columns"]
        printed = table["rows"]
    except KeyError as error:
        raise DataError(
            f"{path.name}: table {table.get('name', '?')!r}: {error} is missing; must have "
            f"name, note, columns, rows"
        ) from None
    rows = []
    for economy, *cells in printed:
        if len(cells) != len(columns):
            raise DataError(
                f"{path.name}: {name}: {economy}: found {len(cells)} cells, must be {len(columns)}"
            )
        for column, cell in zip(columns, cells, strict=True):
            if cell:
                year, value = cell
                rows.append([name, economy, column, value, year, note])
    return rows
