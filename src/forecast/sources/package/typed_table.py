"""Tables of a package from their text, and long ones made wide."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.errors import DataError
from forecast.panel import INDEX
from forecast.sources.package.text_table import read_text, to_floats, to_integers

CELLS = 50_000_000  # of a long table made wide: 400 MB


def package_table(data: bytes, columns: Mapping[str, str], where: str) -> pd.DataFrame:
    """Return the rows of a CSV table with each column's type: string, integer or number.

    Floats are read without loss; an empty number is NaN.

    Raises
    ------
    DataError
        If the columns are others, or a cell is not of its column's type; ``where`` names the file.
    """
    text = read_text(data, where)
    found = list(text.columns)
    if found != list(columns):
        raise DataError(f"{where}: columns: found {', '.join(found)}; must be {', '.join(columns)}")
    convert = {"number": to_floats, "integer": to_integers}
    typed = {
        name: convert[kind](text[name], where) if kind in convert else text[name]
        for name, kind in columns.items()
    }
    return pd.DataFrame(typed)


def wide_table(long: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column of a long table by country and year, one column a variable.

    Raises
    ------
    DataError
        If it would be too large, or a key occurs twice.
    """
    keys = [*INDEX, "variable"]
    cells = long["variable"].nunique() * len(long.drop_duplicates(list(INDEX)))
    if cells > CELLS:
        raise DataError(f"a long table comes to {cells:,} cells, at most {CELLS:,} are held")
    if long.duplicated(keys).any():
        row = tuple(long.loc[long.duplicated(keys), keys].iloc[0])
        raise DataError(f"key {row} occurs more than once")
    wide = long.set_index(keys)[column].unstack("variable")
    wide.columns.name = None
    return wide.sort_index()
