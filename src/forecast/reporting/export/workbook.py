"""A run as an Excel workbook: a sheet a table, and a sheet that says what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from forecast.errors import DataError
from forecast.reporting.export.reading_notes import about_lines, column_lines, titles
from forecast.reporting.export.unused_name import unused_name
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.spreadsheet import ROWS, Sheet, workbook_bytes
from forecast.reporting.write import xml_text

SHEET = 31  # characters of a sheet's name, one of Excel's limits


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
    sheets = {"README": Sheet(rows=_readme(run))}
    for name, table in run.tables.items():
        if len(table) >= ROWS:
            raise DataError(f"{name}: {len(table):,} rows; a sheet holds {ROWS - 1:,}")
        rows = [tuple(table.columns), *table.itertuples(index=False, name=None)]
        sheets[sheet_name(name, sheets)] = Sheet(rows=rows, corner="A2")
    return {f"{run.study}.xlsx": workbook_bytes(sheets, "--to xlsx:")}, ()


def sheet_name(name: str, taken: Iterable[str]) -> str:
    r"""Return a sheet's name: at most 31 characters, none of ``[]:*?/\``, not yet taken."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", xml_text(name))[:SHEET].strip("'") or "table"
    return unused_name(plain, taken, SHEET, str.lower)


def _readme(run: SavedRun) -> list[tuple[Any, ...]]:
    told = titles(run)
    return [
        *about_lines(run),
        (None,),
        ("Table", "Shows", "Rows"),
        *((name, told[name], len(table)) for name, table in run.tables.items()),
        (None,),
        ("Table", "Column", "Label", "Unit"),
        *column_lines(run),
    ]
