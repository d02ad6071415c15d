"""The IMF's World Economic Outlook file, as it is downloaded: text with tabs, CSV or a workbook.

To April 2025 the file ``WEO<month><year>all.xls`` is no workbook but text with tabs, in UTF-16 from
October 2020 and in Latin-1 before. Since October 2025 it is a workbook with the sheet
``Countries``; the IMF's data portal exports the same columns as CSV.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.readers.countries import Countries
from forecast.sources.readers.workbook import read_sheets

TEXT_COLUMNS = ("ISO", "WEO Subject Code", "Estimates Start After")
PORTAL_COLUMNS = ("SERIES_CODE", "LATEST_ACTUAL_ANNUAL_DATA")
SHEET = "Countries"
# "--" stands for nothing and for next to nothing: no growth or ratio can be made of either.
MISSING = {"", "n/a", "--", "..", "..."}
NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d+)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = re.compile(rf"(?i)WEO[-_ ]?({'|'.join(MONTHS)})[a-z]*[-_ ]?((?:19|20)\d\d)")
FOOTER = re.compile(rf"(?i)Outlook Database,? ({'|'.join(MONTHS)})[a-z]* ((?:19|20)\d\d)")
BINARY = b"\xd0\xcf\x11\xe0"  # of the old binary workbook, which the IMF's .xls is not


@dataclass(frozen=True, slots=True, kw_only=True)
class WeoEdition:
    """One edition of the World Economic Outlook.

    Attributes
    ----------
    edition : str
        ``YYYY-MM``.
    table : pandas.DataFrame
        country (the project's code), subject (the IMF's code), year, value (in the file's unit),
        estimate (whether the year is beyond the last that the IMF calls actual; all years are
        where it names none). Sorted by the first three; cells without a number are left out.
    left_out : tuple of str
        Codes in the file that are no economy of the table of countries, groups among them.
    """

    edition: str
    table: pd.DataFrame
    left_out: tuple[str, ...]


def read_weo(path: Path | str, countries: Countries, edition: str | None = None) -> WeoEdition:
    """Return the edition in a file as the IMF publishes it.

    Parameters
    ----------
    path : Path or str
    countries : Countries
        The table that codes are checked against.
    edition : str or None
        ``YYYY-MM``; None: as the file says, in its last line, its column ``PUBLICATION_DATE`` or
        its name.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column or years, has a cell that is neither a number
        nor a mark of a missing one, names a series twice, or does not say its edition.
    """
    path = Path(path)
    rows = _rows(path)
    header = [cell.strip() for cell in rows[0]] if rows else []
    portal = PORTAL_COLUMNS[0] in header
    where = _positions(header, PORTAL_COLUMNS if portal else TEXT_COLUMNS, path)
    years = {i: int(cell) for i, cell in enumerate(header) if re.fullmatch(r"(19|20)\d\d", cell)}
    if not years:
        raise DataError(f"{path}: found no column of a year; found {_shown(header)}")
    economies, left = set(countries.economies()), set()
    seen: set[tuple[str, str]] = set()
    found: list[tuple[str, str, int, float, bool]] = []
    for line, row in enumerate(rows[1:], start=2):
        series = _series(row, where, portal)
        if series is None:
            continue
        code, subject, last = series
        country = countries.code(code, "alpha3")
        if country is None or country not in economies:
            left.add(code)
            continue
        if (country, subject) in seen:
            raise DataError(f"{path}: row {line}: {subject} of {country} is given a second time")
        seen.add((country, subject))
        for position, year in years.items():
            cell = row[position].strip() if position < len(row) else ""
            if cell not in MISSING:
                value = _number(cell, f"{path}: row {line}, column {year}")
                found.append((country, subject, year, value, year > last))
    if not found:
        raise DataError(f"{path}: found no value of any economy; must have some")
    columns = ["country", "subject", "year", "value", "estimate"]
    table = pd.DataFrame(found, columns=columns).sort_values(columns[:3], ignore_index=True)
    return WeoEdition(
        edition=_edition(path, header, rows, edition), table=table, left_out=tuple(sorted(left))
    )


def _rows(path: Path) -> list[list[str]]:
    """Return the file's cells as text, whatever its layout; rows without any are left out."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error}") from None
    if data.startswith(BINARY):
        raise DataError(
            f"{path}: found a binary workbook (.xls), must be the file as the IMF publishes it "
            "(text with tabs, CSV or .xlsx); save it as .xlsx or CSV"
        )
    if data.startswith(b"PK"):
        sheet = read_sheets(path, (SHEET,), str(path))[SHEET]
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet]
    else:
        text = _decoded(data)
        delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
        try:
            rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise DataError(f"{path}: cannot be read as a table: {error}") from None
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _decoded(data: bytes) -> str:
    """Return the text, in UTF-16 (with its mark or without), UTF-8 or Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if data[1:2] == b"\x00":
        return data.decode("utf-16-le", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _positions(header: Sequence[str], columns: Sequence[str], path: Path) -> list[int]:
    for column in columns:
        if column not in header:
            raise DataError(
                f"{path}: column {column!r} is missing; found {_shown(header)}; must be the IMF's "
                f"file by countries, with {', '.join(TEXT_COLUMNS)} or {', '.join(PORTAL_COLUMNS)}"
            )
    return [header.index(column) for column in columns]


def _shown(header: Sequence[str]) -> str:
    """Return the first columns' names, which may be anything, cut short."""
    return ", ".join(repr(cell[:30]) for cell in header[:6]) or "nothing"


def _series(row: Sequence[str], where: Sequence[int], portal: bool) -> tuple[str, str, int] | None:
    """Return code, subject and last actual year; None for a footer or what is not annual."""
    cells = [row[i].strip() if i < len(row) else "" for i in where]
    if portal:
        parts = cells[0].split(".")
        if len(parts) != 3 or parts[2] != "A":
            return None
        code, subject = parts[:2]
    else:
        code, subject = cells[:2]
    if not code or not subject:
        return None
    # "2024", "2024.0" or "FY2024/25", of which the first year counts; 0 or nothing: no year
    last = re.search(r"(19|20)\d\d", cells[-1])
    return code, subject, int(last.group()) if last else 0


def _number(cell: str, where: str) -> float:
    if not NUMBER.fullmatch(cell) or not re.search(r"\d", cell):
        raise DataError(
            f"{where}: found {cell[:40]!r}, must be a number like 1,234.5, or one of n/a, --, .. "
            "and nothing for a missing one"
        )
    return float(cell.replace(",", ""))


def _edition(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], given: str | None
) -> str:
    """Return ``YYYY-MM``: as given, or as the file says first."""
    if given is not None:
        if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", given):
            raise DataError(f"{path}: edition: found {given!r}, must be like '2025-10'")
        return given
    footer = next((FOOTER.search(row[0]) for row in reversed(rows[-5:]) if row), None)
    named = footer or NAMED.search(path.name)
    if "PUBLICATION_DATE" in header and not footer:
        column = header.index("PUBLICATION_DATE")
        dates = (row[column] for row in rows[1:] if column < len(row))
        latest = max((d[:7] for d in dates if re.match(r"(19|20)\d\d-\d\d", d)), default="")
        if latest:
            return latest
    if named:
        return f"{named[2]}-{1 + MONTHS.index(named[1].lower()):02d}"
    raise DataError(f"{path}: does not say its edition; name it, like '2025-10'")
