"""Excel workbooks: cells are texts, numbers or empty, none a formula, bytes by the cells alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import ForecastError
from forecast.reporting.write import inert, xml_text
from forecast.reporting.zipped import still_workbook

# Excel's limits (support.microsoft.com, "Excel specifications and limits").
ROWS, CELL = 1_048_576, 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on a sheet.

    Attributes
    ----------
    rows : iterable of rows
        A cell is a text, a number, a truth value, a pair of a number and Excel's format for it,
        or missing.
    corner : str
        The cell above and left of which nothing scrolls, such as ``A2``; empty for none.
    first : int
        Width of the first column, characters; 0: Excel's own.
    """

    rows: Iterable[Sequence[Any]]
    corner: str = ""
    first: int = 0


def workbook_bytes(sheets: Mapping[str, Sheet], asked: str) -> bytes:
    """Return a workbook of sheets by name, in order.

    A text that a spreadsheet would compute is made text (`reporting.write.inert`), characters
    that XML lacks are spaces, and a text longer than a cell is cut.

    Parameters
    ----------
    sheets : mapping of name to Sheet
    asked : str
        What needs it, for the message.

    Raises
    ------
    ForecastError
        If openpyxl is not installed.
    """
    raw = BytesIO()
    try:
        writer = pd.ExcelWriter(raw, engine="openpyxl")
    except ImportError:
        raise ForecastError(
            f"{asked} needs openpyxl, found none; install the extra [exchange]"
        ) from None
    with writer:
        for name, told in sheets.items():
            sheet = writer.book.create_sheet(name)
            for at, row in enumerate(told.rows, 1):
                for place, value in enumerate(row, 1):
                    _fill(sheet.cell(at, place), value)
            if told.corner:
                sheet.freeze_panes = told.corner
            if told.first:
                sheet.column_dimensions["A"].width = told.first
    return still_workbook(raw.getvalue())


def _fill(cell: Any, value: Any) -> None:
    if isinstance(value, tuple):
        cell.value, cell.number_format = value
    elif isinstance(value, str):
        # or the library takes "=1" for a formula and "#N/A" for an error
        cell.value, cell.data_type = inert(xml_text(value))[:CELL], "s"
    else:
        value = value.item() if isinstance(value, np.generic) else value
        missing = value is pd.NA or (isinstance(value, float) and not np.isfinite(value))
        cell.value = None if missing else value
