"""Any table that a user brings, by what it is: a frame, a workbook, Stata, Parquet or text."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.readers.tables.delimited import read_delimited
from forecast.sources.readers.tables.frames import from_frame, from_parquet, from_stata
from forecast.sources.readers.tables.record import BYTES, Table, as_text
from forecast.sources.readers.tables.rows import to_table
from forecast.sources.readers.workbook import read_sheets

WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PARQUET, GZIP = b"PAR1", b"\x1f\x8b"
STATA = b"<stata_dta>"


def read_table(source: pd.DataFrame | Path | str, wanted: Sequence[str], sheet: str = "") -> Table:
    """Return the columns of a user's table.

    Parameters
    ----------
    source : DataFrame, Path or str
        A frame, or a file: CSV or other separated text (also packed with gzip), an Excel workbook
        (``.xlsx``), Stata (``.dta``) or Parquet. What it holds decides, then its ending.
    wanted : sequence of str
        Columns by which the header is found: the entity's, then the period's.
    sheet : str
        Of a workbook; empty for its first.

    Raises
    ------
    DataError
        If it is no such file, or cannot be laid out as a table.
    """
    if isinstance(source, pd.DataFrame):
        return from_frame(source, "frame")
    path = Path(source)
    where = ascii(path.name)[1:-1] if not path.name.isprintable() else path.name
    data = _bytes(path, where)
    ending = path.suffix.lower()
    if data.startswith(OLD_WORKBOOK):
        raise DataError(f"{where}: found a binary workbook (.xls); save it as .xlsx or CSV")
    if data.startswith(WORKBOOK) or ending in (".xlsx", ".xlsm"):
        return _from_sheet(path, wanted, sheet, where)
    if sheet:
        raise DataError(f"{where}: sheet {sheet!r}: only a workbook has sheets")
    if data.startswith(PARQUET) or ending == ".parquet":
        return from_parquet(path, where)
    if data.startswith(STATA) or ending == ".dta":
        return from_stata(data, where)
    return read_delimited(data, wanted, where)


def _bytes(path: Path, where: str) -> bytes:
    """Return what a file holds, of one that ends and is not too large."""
    try:
        if not path.is_file():
            # opening a pipe would wait for its other end
            what = "not a file" if path.exists() else "no such file"
            raise DataError(f"{ascii(str(path))[1:-1]}: {what}")
        with path.open("rb") as file:
            data = file.read(BYTES + 1)
        if data.startswith(GZIP):
            with gzip.open(path) as packed:
                data = packed.read(BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(f"{where}: cannot be read: {error}") from None
    if len(data) > BYTES:
        raise DataError(f"{where}: found more than {BYTES:,} bytes, the most that are read")
    return data


def _from_sheet(path: Path, wanted: Sequence[str], sheet: str, where: str) -> Table:
    cells = read_sheets(path, (sheet,), where)[sheet]
    rows = ((line, [as_text(cell) for cell in row]) for line, row in enumerate(cells, start=1))
    return to_table(rows, wanted, where)
