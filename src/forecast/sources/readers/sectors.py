"""A user's table of sectors: value added and employment by entity, year and sector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError
from forecast.sources.readers.tables.keys import read_labels, read_periods
from forecast.sources.readers.tables.numbers import read_numbers
from forecast.sources.readers.tables.read_table import read_table
from forecast.sources.readers.tables.record import as_told
from forecast.structure.decomposition import NEEDED, OPTIONAL, SECTOR_KEYS


def read_sectors(source: Path | str) -> pd.DataFrame:
    """Return a table of sectors from any file that `forecast.read_panel` reads.

    Parameters
    ----------
    source : Path or str
        With the columns that `forecast.structure.decomposition.shift_share` takes; others are
        left away.

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing or stands twice, or a cell is no number.
    """
    table = read_table(source, SECTOR_KEYS)
    told = ", ".join(name or "(none)" for name in table.names)
    columns: dict[str, Any] = {}
    for name in (*SECTOR_KEYS, *NEEDED, *OPTIONAL):
        places = [i for i, header in enumerate(table.names) if header == name]
        if not places and name in OPTIONAL:
            continue
        if len(places) != 1:
            raise DataError(
                f"{table.where}: column {name!r} must stand once, found {len(places)}; "
                f"the header has {told}"
            )
        place = places[0]
        if name == "year":
            columns[name] = read_periods(table, place)
        elif name in SECTOR_KEYS:
            columns[name] = read_labels(table, place)
        else:
            found = read_numbers(table.columns[place], table.decimal)
            if found.bad is not None:
                row, cell = found.bad
                raise DataError(
                    f"{table.where}: row {table.line(place, row)}: {name}: found {as_told(cell)}, "
                    "must be a number"
                )
            columns[name] = found.values
    return pd.DataFrame(columns)
