"""CSV as text, and its numbers converted without loss on every version of pandas."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.arrays import Array, Integers
from forecast.errors import DataError, one_message, shown


def read_text(source: Path | bytes, where: str) -> pd.DataFrame:
    """Return a CSV table with every cell as text, empty cells as empty text.

    Raises
    ------
    DataError
        If it cannot be read, or rows have more cells than the header; ``where`` names the file.
    """
    with one_message(where, DataError):
        data = BytesIO(source) if isinstance(source, bytes) else source
        try:
            text = pd.read_csv(data, dtype=str, keep_default_na=False)
        except ValueError as error:
            raise DataError(f"{where}: cannot be read as CSV: {error}") from None
    refuse_moved(text, where)
    return text


def refuse_moved(table: pd.DataFrame, where: str) -> None:
    """Refuse a table whose rows are longer than its header.

    pandas takes the first cells of such rows for labels and moves every column.
    """
    if not isinstance(table.index, pd.RangeIndex):
        raise DataError(f"{where}: rows have more cells than the header, must have as many")


def to_floats(column: pd.Series, where: str) -> Array:
    """Return the column as floats, correctly rounded; an empty cell is NaN.

    Raises
    ------
    DataError
        Naming the column, the row and what was found, where a cell is no number.
    """
    cells: NDArray[Any] = column.to_numpy(dtype=object)
    try:
        return np.where(cells == "", "nan", cells).astype(np.float64)
    except ValueError:
        raise _not(column, "a number or empty", where) from None


def to_integers(column: pd.Series, where: str) -> Integers:
    """Return the column as whole numbers; raise DataError as ``to_floats`` does."""
    try:
        return column.to_numpy(dtype=object).astype(np.int64)
    except (ValueError, OverflowError):
        raise _not(column, "a whole number", where) from None


def _not(column: pd.Series, what: str, where: str) -> DataError:
    kind = int if what.startswith("a whole") else float
    for row, cell in enumerate(column, start=1):
        if kind is float and cell == "":
            continue
        try:
            np.int64(kind(cell)) if kind is int else kind(cell)
        except (ValueError, OverflowError):
            return DataError(
                f"{where}: {column.name!r} in data row {row}: found {shown(cell)}, must be {what}"
            )
    return DataError(f"{where}: {column.name!r}: must be {what}")
