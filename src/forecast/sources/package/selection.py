"""Any table of a package as long rows, whatever its shape."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError, choose
from forecast.panel import INDEX
from forecast.sources.package.package import DataPackage

KEYS = [*INDEX, "variable"]


def long_rows(package: DataPackage, table: str = "annual") -> pd.DataFrame:
    """Return a table's values, long: country, year, variable, value; missing ones left out.

    Raises
    ------
    DataError
        If there is no such table, or it has no country and year.
    """
    resource = choose(table, package.resources, f"{package.name}: table", DataError)
    missing = [c for c in INDEX if c not in resource.columns]
    if missing:
        raise DataError(f"{package.name}, {table}: has no column {missing[0]!r}")
    frame = package.table(table)
    if "variable" not in frame:
        numbers = [c for c, kind in resource.columns.items() if kind != "string" and c != "year"]
        frame = frame[[*INDEX, *numbers]].melt(list(INDEX))
    elif "value" not in frame:
        raise DataError(f"{package.name}, {table}: has no column 'value'")
    return frame.dropna(subset="value")[[*KEYS, "value"]].reset_index(drop=True)
