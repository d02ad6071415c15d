"""A table as it stands in a file: columns of cells, and where each row was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.errors import DataError

COLUMNS = 10_000
CELLS = 3_000_000  # of text, and of whatever must be read as text
NUMBERS = 50_000_000  # of columns that a frame, Stata or Parquet have as numbers: 400 MB
BYTES = 100_000_000
SHOWN = 40

Column: TypeAlias = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns of cells.

    Attributes
    ----------
    where : str
        Name of the file, for messages.
    names : tuple of str
        Headers, stripped; a name may occur twice, and may be empty.
    columns : tuple of sequences
        By header. Text as it stands in the file (stripped), or an array of numbers or booleans.
    lines : sequence of int
        Row of the file, as an editor counts it, that each row comes from.
    lines_of : mapping of int to sequence of int
        The same for single columns (by position) that come from other rows.
    decimal : str
        Mark before decimals.
    notes : tuple of str
        What was found and left away on the way, one clause each.
    """

    where: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: Sequence[int]
    lines_of: Mapping[int, Sequence[int]] = field(default_factory=dict)
    decimal: str = "."
    notes: tuple[str, ...] = ()

    def line(self, column: int, row: int) -> int:
        """Return the row of the file that a cell comes from."""
        return self.lines_of.get(column, self.lines)[row]


def check_size(where: str, columns: int, cells: int, numbers: int = 0) -> None:
    """Refuse a table beyond the limits of columns, cells of text and numbers."""
    if columns > COLUMNS:
        raise DataError(f"{where}: found {columns:,} columns, at most {COLUMNS:,} are read")
    if cells > CELLS:
        raise DataError(
            f"{where}: found more than {CELLS:,} cells, the most that are read; select the rows "
            "and columns needed"
        )
    if numbers > NUMBERS:
        raise DataError(
            f"{where}: found more than {NUMBERS:,} numbers, the most that are read; select the "
            "rows and columns needed"
        )


def as_told(cell: object) -> str:
    """Return a cell as a message quotes it: short, on one line, printable."""
    text = as_text(cell)
    if len(text) > SHOWN:
        return f"{text[:SHOWN]!a}... ({len(text):,} characters)"
    return repr(text) if text.isprintable() else ascii(text)


def as_text(cell: object) -> str:
    """Return a cell as CSV would have it: nothing for a missing one, 2020 for 2020.0."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return ""
    if isinstance(cell, float | np.floating):
        number = float(cell)
        if np.isnan(number):
            return ""
        if number.is_integer() and abs(number) < float(1 << 53):
            return str(int(number))
    try:
        return " ".join(str(cell).split())
    except ValueError:  # Python converts no integer of more than 4,300 digits
        return "a number of more than 4,300 digits"
