"""Excel workbooks, read as rows of cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from forecast.errors import DataError, unknown

Row = tuple[Any, ...]


def read_sheets(path: Path, wanted: tuple[str, ...], where: str) -> dict[str, list[Row]]:
    """Return the cells of the sheets called ``wanted`` by row; the first sheet for the name "".

    Formulas give the values that the workbook holds; nothing is evaluated.

    Raises
    ------
    DataError
        If the extra ``[data]`` is not installed, the file is no workbook or a sheet is missing;
        ``where`` names the file.
    """
    try:
        import openpyxl
    except ImportError:
        raise DataError(
            f"{where}: an Excel workbook needs openpyxl, found none; install the extra [data]"
        ) from None
    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            return {name: _cells(book, name, where) for name in wanted}
    except (OSError, BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
        raise DataError(f"{where}: cannot be read as an Excel workbook: {error}") from None


def _cells(book: Any, name: str, where: str) -> list[Row]:
    known = name or book.sheetnames[0]
    if known not in book.sheetnames:
        raise DataError(f"{where}: {unknown(known, book.sheetnames, 'sheet')}")
    return [tuple(row) for row in book[known].iter_rows(values_only=True)]
