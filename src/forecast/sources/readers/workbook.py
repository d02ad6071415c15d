"""Excel workbooks, read as rows of cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from forecast.errors import DataError, unknown

SheetRow = tuple[Any, ...]
UNPACKED = 400_000_000  # bytes of a workbook's parts, which are packed some ten to one
CELLS = 1_000_000


def read_sheets(path: Path, wanted: tuple[str, ...], where: str) -> dict[str, list[SheetRow]]:
    """Return the cells of the sheets called ``wanted`` by row; the first sheet for the name "".

    Formulas give the values that the workbook holds; nothing is evaluated.

    Raises
    ------
    DataError
        If openpyxl (extras ``[data]`` and ``[exchange]``) is not installed, the file is no
        workbook, a sheet is missing, or it is too large; ``where`` names the file.
    """
    try:
        import openpyxl
    except ImportError:
        raise DataError(
            f"{where}: an Excel workbook needs openpyxl, found none; install the extra [exchange]"
        ) from None
    try:
        with path.open("rb") as file:
            _check_unpacked(file, where)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            return {name: _padded(_cells(book, name, where), where) for name in wanted}
    except DataError:
        raise
    # a damaged workbook fails in any of the classes of zipfile, the XML parser and openpyxl
    except Exception as error:
        said = str(error)[:200] or type(error).__name__
        raise DataError(f"{where}: cannot be read as an Excel workbook: {said}") from None


def _check_unpacked(file: Any, where: str) -> None:
    with ZipFile(file) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > UNPACKED:
        raise DataError(
            f"{where}: found {size:,} bytes in the workbook, at most {UNPACKED:,} are read"
        )
    file.seek(0)


def _padded(rows: Iterator[SheetRow], where: str) -> list[SheetRow]:
    """Return rows of one length."""
    kept = list(rows)
    width = max(map(len, kept), default=0)
    _check_cells(len(kept) * width, where)
    return [row + (None,) * (width - len(row)) for row in kept]


def _check_cells(cells: int, where: str) -> None:
    if cells > CELLS:
        raise DataError(f"{where}: found more than {CELLS:,} cells, the most that are read")


def _cells(book: Any, name: str, where: str) -> Iterator[SheetRow]:
    known = name or book.sheetnames[0]
    if known not in book.sheetnames:
        raise DataError(f"{where}: {unknown(known, book.sheetnames, 'sheet')}")
    sheet = book[known]
    sheet.reset_dimensions()  # what a file says of its size may be anything
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += max(len(row), 1)
        _check_cells(cells, where)
        yield tuple(row)
