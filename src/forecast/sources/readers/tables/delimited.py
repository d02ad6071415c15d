"""Text with separators: its encoding, its separator, and its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice

from forecast.errors import DataError
from forecast.sources.readers.tables.record import Table
from forecast.sources.readers.tables.rows import Row, find_header, to_table

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
LOOK = 20  # rows in which the header is looked for
ODD_BYTES = 0.3


def read_delimited(data: bytes, wanted: Sequence[str], where: str) -> Table:
    """Return the table in a text file.

    UTF-8 (with a mark or without), UTF-16 and Windows's Latin letters are read. The separator is
    the one of comma, semicolon, tab, bar and blank that gives a header with the columns wanted.

    Raises
    ------
    DataError
        If it is no text, no such header is found, or the rows do not fit the header.
    """
    encoding = _encoding(data, where)
    separator = _separator(data, encoding, wanted, where)
    table = to_table(_rows(data, encoding, separator, where), wanted, where, separator)
    named = {"cp1252": "Windows Latin letters", "utf-8-sig": ""}.get(encoding, "UTF-16")
    found = (f"separated by {SEPARATORS[separator]}", *([named] if named else []))
    return Table(
        where=where,
        names=table.names,
        columns=table.columns,
        lines=table.lines,
        decimal=table.decimal,
        notes=(*found, *table.notes),
    )


def _encoding(data: bytes, where: str) -> str:
    if not data.strip():
        raise DataError(f"{where}: found an empty file, must have a row of headers")
    choices = ["utf-8-sig", "cp1252"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        choices = ["utf-16"]
    elif data[1:2] == b"\0" and data[3:4] == b"\0":
        choices = ["utf-16-le"]
    elif data[:1] == b"\0" and data[2:3] == b"\0":
        choices = ["utf-16-be"]
    for encoding in choices:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:10_000]
        odd = sum(not (c.isprintable() or c.isspace()) for c in head)
        if "\0" not in text and odd <= ODD_BYTES * len(head):
            return encoding
    raise DataError(f"{where}: is no text in UTF-8, UTF-16 or Latin letters, nor a known form")


def _separator(data: bytes, encoding: str, wanted: Sequence[str], where: str) -> str:
    """Return the separator that shows the header, else the one that makes most cells."""
    widest: dict[str, int] = {}
    for separator in SEPARATORS:
        try:
            first = list(islice(_rows(data, encoding, separator, where), LOOK))
        except DataError:
            continue
        if find_header(first, wanted) is not None:
            return separator
        widest[separator] = max((len(cells) for _, cells in first), default=0)
    if not widest:
        # the fault itself, as the first separator meets it
        list(islice(_rows(data, encoding, ",", where), LOOK))
    return max(widest, key=lambda s: (widest[s], s == ","), default=",")


def _rows(data: bytes, encoding: str, separator: str, where: str) -> Iterator[Row]:
    # a stream keeps one copy of a large file, StringIO would make another of four times its size
    lines = TextIOWrapper(BytesIO(data), encoding=encoding, newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, [cell.strip() for cell in cells]
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{where}: row {start}: cannot be read as a table: {error}") from None
