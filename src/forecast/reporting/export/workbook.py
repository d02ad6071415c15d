"""A run as an Excel workbook: a sheet a table, and a sheet that says what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import DataError, ForecastError
from forecast.reporting.export.reading_notes import about_lines, column_lines, titles
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import inert
from forecast.reporting.zipped import still_workbook

# Excel's limits (support.microsoft.com, "Excel specifications and limits").
ROWS, CELL, SHEET = 1_048_576, 32_767, 31
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook_files(run: SavedRun) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the workbook by its file's name, and no remark.

    The sheet README holds study, data, sources, and label and unit of every column. A text that a
    spreadsheet would compute is made text (`reporting.write.inert`), and no cell is a formula. The
    bytes depend on the tables alone.

    Raises
    ------
    ForecastError
        If openpyxl is not installed, or a table has more rows than a sheet.
    """
    buffer = BytesIO()
    try:
        writer = pd.ExcelWriter(buffer, engine="openpyxl")
    except ImportError:
        raise ForecastError(
            "--to xlsx: needs openpyxl, found none; install the extra [exchange]"
        ) from None
    with writer:
        book = writer.book
        _fill(book.create_sheet("README"), _readme(run))
        for name, table in run.tables.items():
            if len(table) >= ROWS:
                raise DataError(f"{name}: {len(table):,} rows; a sheet holds {ROWS - 1:,}")
            sheet = book.create_sheet(sheet_name(name, book.sheetnames))
            _fill(sheet, [tuple(table.columns), *table.itertuples(index=False, name=None)])
            sheet.freeze_panes = "A2"
    return {f"{run.study}.xlsx": still_workbook(buffer.getvalue())}, ()


def sheet_name(name: str, taken: Iterable[str]) -> str:
    r"""Return a sheet's name: at most 31 characters, none of ``[]:*?/\``, not yet taken."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:SHEET] or "table"
    used = {one.lower() for one in taken}
    found, number = plain, 2
    while found.lower() in used:
        tail = f"_{number}"
        found, number = plain[: SHEET - len(tail)] + tail, number + 1
    return found


def _readme(run: SavedRun) -> list[tuple[Any, ...]]:
    told = titles(run)
    return [
        *about_lines(run),
        (),
        ("Table", "Shows", "Rows"),
        *((name, told[name], len(table)) for name, table in run.tables.items()),
        (),
        ("Table", "Column", "Label", "Unit"),
        *column_lines(run),
    ]


def _fill(sheet: Any, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        sheet.append([_cell(value) for value in row])
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":  # such as "=1", which is a number to a text table
                cell.data_type = "s"


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return inert(_CONTROL.sub(" ", value))[:CELL]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA:
        return None
    return None if isinstance(value, float) and not np.isfinite(value) else value
