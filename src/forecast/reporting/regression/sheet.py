"""A table as an Excel workbook of one sheet, whole: a sheet is as wide as it needs to be."""

from __future__ import annotations

import re

from forecast.reporting.regression.cells import TableCells, flat_rows, head_rows
from forecast.reporting.spreadsheet import Sheet, workbook_bytes

_NUMBER = re.compile(r"-?[\d,]*\.?\d+")


def sheet_table(cells: TableCells) -> bytes:
    """Return the workbook: numbers are numbers, shown with their digits; no cell is a formula.

    Raises
    ------
    ForecastError
        If openpyxl is not installed.
    """
    above, body = head_rows(cells), flat_rows(cells)
    rows = [*([[cells.caption]] if cells.caption else []), *above, *body]
    corner = f"B{len(rows) - len(body) + 1}"
    first = max(len(row[0]) for row in rows)
    rows += [[cells.notes]] if cells.notes else []
    shown = [[row[0] or None, *map(_cell, row[1:])] for row in rows]
    return workbook_bytes(
        {"table": Sheet(rows=shown, corner=corner, first=first)}, "a table in xlsx"
    )


def _cell(text: str) -> tuple[float, str] | str | None:
    """Return a number with the format that shows its digits; else the text."""
    if not _NUMBER.fullmatch(text):
        return text or None
    tail = text.partition(".")[2]
    comma = "#,##0" if "," in text else "0"
    return float(text.replace(",", "")), f"{comma}.{'0' * len(tail)}" if tail else comma
