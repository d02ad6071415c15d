"""Tables with a column a year, as the World Bank and the IMF publish them, made long."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forecast.errors import DataError, unknown
from forecast.sources.readers.tables.record import Table, as_text, as_told, check_size

YEAR = re.compile(r"(?:X|YR)?((?:1[5-9]|2[01])\d\d)(?:\.0|\s*\[YR\d{4}\])?")
# Columns that say what a row measures, the code before the name.
SERIES = (
    "indicatorcode", "seriescode", "wdicode", "weosubjectcode", "subjectcode", "indicatorid",
    "variablecode", "indicatorname", "seriesname", "subjectdescriptor", "indicator", "series",
    "variable", "subject",
)  # fmt: skip
ALONE = "value"  # the one series of a table that does not name it


def header_year(name: str) -> int | None:
    """Return the year that a header stands for: ``1960``, ``1960 [YR1960]``, ``X1960``."""
    found = YEAR.fullmatch(name)
    return int(found[1]) if found else None


def to_long(table: Table, entity: str, time: str) -> Table:
    """Return a wide table as one with a row an entity and year, and a column a series.

    Raises
    ------
    DataError
        If an entity has two rows of one series, or the long table would be too large.
    """
    years = {i: y for i, name in enumerate(table.names) if (y := header_year(name)) is not None}
    key = table.names.index(entity)
    labels = [as_text(cell) for cell in table.columns[key]]
    place = _series(table, key, labels, set(years))
    series = [ALONE] * len(labels)
    if place is not None:
        series = [as_text(cell) or ALONE for cell in table.columns[place]]
    rows: dict[str, dict[str, int]] = {}
    for row, (name, label) in enumerate(zip(series, labels, strict=True)):
        first = rows.setdefault(name, {}).setdefault(label, row)
        if first != row:
            raise DataError(
                f"{table.where}: row {table.lines[row]}: {as_told(label)} is given a second time"
                f"{f' for {as_told(name)}' if place is not None else ''}, first in row "
                f"{table.lines[first]}"
            )
    first_row: dict[str, int] = {}
    for row, label in enumerate(labels):
        first_row.setdefault(label, row)
    entities = list(first_row)
    check_size(table.where, len(rows), len(entities) * len(years) * (len(rows) + 2))
    lines_of: dict[int, Sequence[int]] = {}
    columns: list[list[object]] = [
        [label for label in entities for _ in years],
        [year for _ in entities for year in years.values()],
    ]
    for of in rows.values():
        lines_of[len(columns)] = [
            table.lines[of.get(label, first_row[label])] for label in entities for _ in years
        ]
        columns.append(
            [table.columns[i][of[e]] if e in of else "" for e in entities for i in years]
        )
    return Table(
        where=table.where,
        names=(entity, time, *rows),
        columns=tuple(columns),
        lines=[table.lines[row] for row in first_row.values() for _ in years],
        lines_of=lines_of,
        decimal=table.decimal,
        notes=(*table.notes, f"a column a year, {len(rows)} series"),
    )


def check_wide(table: Table, entity: str, time: str) -> bool:
    """Return whether years stand in the header; refuse a table that lacks a key otherwise."""
    least = 2
    years = sum(header_year(name) is not None for name in table.names)
    wide = time not in table.names and years >= least
    for name in (entity,) if wide else (entity, time):
        if name not in table.names:
            names = [ascii(n[:60])[1:-1] for n in table.names if n]
            raise DataError(f"{table.where}: {unknown(name[:60], names, 'column')}")
        if table.names.count(name) > 1:
            raise DataError(f"{table.where}: column {name!r} stands twice in the header")
    return wide


def _series(table: Table, key: int, labels: Sequence[str], years: set[int]) -> int | None:
    """Return the place of the column that names the series, or None where there is one series."""
    plain = [re.sub(r"[^a-z]", "", name.lower()) for name in table.names]
    for name in SERIES:
        if name in plain and plain.index(name) != key:
            return plain.index(name)
    if len(set(labels)) == len(labels):
        return None
    for place, column in enumerate(table.columns):
        if place != key and place not in years:
            pairs = {(a, as_text(b)) for a, b in zip(labels, column, strict=True)}
            if len(pairs) == len(labels):
                return place
    return None
