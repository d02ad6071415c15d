"""A table as an Excel workbook of one sheet, whole: a sheet is as wide as it needs to be."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pandas as pd

from forecast.errors import ForecastError
from forecast.reporting.regression.cells import TableCells, flat_rows, head_rows
from forecast.reporting.write import inert
from forecast.reporting.zipped import still_workbook

_NUMBER = re.compile(r"-?[\d,]*\.?\d+")


def sheet_table(cells: TableCells) -> bytes:
    """Return the workbook: numbers are numbers, shown with their digits; no cell is a formula.

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
            "a table in xlsx needs openpyxl, found none; install the extra [exchange]"
        ) from None
    with writer:
        _fill_table(writer.book.create_sheet("table"), cells)
    return still_workbook(raw.getvalue())


def _fill_table(sheet: Any, cells: TableCells) -> None:
    rows = [*([[cells.caption]] if cells.caption else []), *head_rows(cells), *flat_rows(cells)]
    for at, row in enumerate([*rows, *([[cells.notes]] if cells.notes else [])], 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(at, place)
            if place > 1 and _NUMBER.fullmatch(text):
                cell.value = float(text.replace(",", ""))
                tail = text.partition(".")[2]
                comma = "#,##0" if "," in text else "0"
                cell.number_format = f"{comma}.{'0' * len(tail)}" if tail else comma
            elif text:
                cell.value, cell.data_type = inert(text), "s"
    sheet.column_dimensions["A"].width = max(len(row[0]) for row in rows)
    sheet.freeze_panes = sheet.cell(len(rows) - len(flat_rows(cells)) + 1, 2)
