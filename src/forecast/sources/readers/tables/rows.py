"""Rows of text cells laid out under their header, or refused: no layout is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from forecast.errors import DataError, unknown
from forecast.sources.readers.tables.numbers import decimal_mark
from forecast.sources.readers.tables.record import Table, check_size
from forecast.sources.readers.tables.wide import header_year

Row = tuple[int, list[str]]
LOOK = 20
LEAST_YEARS = 2


def to_table(rows: Iterable[Row], wanted: Sequence[str], where: str, separator: str = "") -> Table:
    """Return the table in rows of stripped text.

    Lines above the header (the World Bank's files have four) and lines of one cell at the end are
    left away and told. Cells beyond the header are left away where they are all empty; where every
    row has one cell more and the first cells are row names, as R writes them, those are left away;
    else such a row is refused. A row that ends early lacks its last cells.

    Parameters
    ----------
    rows : iterable of (row of the file, cells)
    wanted : sequence of str
        Columns that the header has: the entity's and the period's (years may stand in the header).
    where : str
        Name of the file, for messages.
    separator : str
        Of a text file.

    Raises
    ------
    DataError
        If no header or no row is found, a row does not fit, or the table is too large.
    """
    stream = iter(rows)
    first = list(islice(stream, LOOK))
    at = find_header(first, wanted)
    if at is None:
        _no_header(first, wanted, where)
    _, header = first[at or 0]
    check_size(where, len(header), 0)
    body = _within_limits(chain(first[(at or 0) + 1 :], stream), header, where)
    notes = []
    if at:
        notes.append(f"{at} line(s) above the header left away")
    feet = _cut_feet(body, len(header))
    if feet:
        notes.append(f"{feet} line(s) below the table left away")
    if not body:
        raise DataError(f"{where}: found a header and no row below it")
    names, cells = _fitted(header, body, where, notes)
    short = sum(len(row) < len(names) for row in cells)
    if short:
        notes.append(f"{short} row(s) end before the header does, the rest is missing")
        cells = [row + [""] * (len(names) - len(row)) for row in cells]
    columns = tuple(zip(*cells, strict=True))
    return Table(
        where=where,
        names=tuple(names),
        columns=columns,
        lines=[line for line, _ in body],
        decimal=decimal_mark(columns, separator),
        notes=tuple(notes),
    )


def find_header(rows: Sequence[Row], wanted: Sequence[str]) -> int | None:
    """Return the place of the header: the row with the columns wanted, or with years for time."""
    entity, *others = wanted
    for place, (_, cells) in enumerate(rows):
        if entity in cells and (
            all(other in cells for other in others)
            or sum(header_year(cell) is not None for cell in cells) >= LEAST_YEARS
        ):
            return place
    return None


def _no_header(rows: Sequence[Row], wanted: Sequence[str], where: str) -> None:
    filled = [cells for _, cells in rows if any(cells)]
    if not filled:
        raise DataError(f"{where}: found no row, must have a row of headers")
    header = max(filled, key=lambda cells: sum(name in cells for name in wanted))
    check_size(where, len(header), 0)
    names = {cell[:60] for cell in header if cell}
    for name in wanted:
        if name not in header:
            raise DataError(f"{where}: {unknown(name[:60], map(_plain, names), 'column')}")


def _plain(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _within_limits(rows: Iterable[Row], header: Sequence[str], where: str) -> list[Row]:
    """Return the rows that are not blank, of a table that is not too large."""
    kept: list[Row] = []
    cells = 0
    for line, row in rows:
        # a row of many more cells than the header counts as it is
        cells += max(len(row), len(header))
        check_size(where, len(row), cells)
        if any(row):
            kept.append((line, row))
    return kept


def _cut_feet(body: list[Row], width: int) -> int:
    """Take away lines of one cell at the end of a wider table; return how many."""
    before = len(body)
    least = 3
    while width >= least and body and body[-1][1][0] and not any(body[-1][1][1:]):
        body.pop()
    return before - len(body)


def _fitted(
    header: list[str], body: list[Row], where: str, notes: list[str]
) -> tuple[list[str], list[list[str]]]:
    """Return names and rows without surplus cells."""
    cells = [row for _, row in body]
    width = len(header)
    while width and not header[width - 1] and not any(any(row[width - 1 :]) for row in cells):
        width -= 1
    names = header[:width]
    over = [i for i, row in enumerate(cells) if any(row[width:])]
    if not over:
        if any(len(row) > width for row in cells) or width < len(header):
            notes.append("empty cells at the end of rows left away")
        return names, [row[:width] for row in cells]
    labels = [row[0] for row in cells if len(row) == width + 1]
    if len(labels) == len(cells) and all(labels) and len(set(labels)) == len(labels):
        notes.append("row names (a first column without a header, as R writes it) left away")
        return names, [row[1:] for row in cells]
    line, row = body[over[0]]
    raise DataError(
        f"{where}: row {line}: found {len(row)} cells, the header has {width}; surplus cells must "
        "be empty"
    )
