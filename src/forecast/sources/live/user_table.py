"""A table of the user's own, CSV, Excel, Stata or Parquet, by a declaration of ten lines."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from forecast.arrays import Array
from forecast.errors import DataError, SpecError, one_message, unknown
from forecast.sources.live.protocol import LONG, Fetched, Request, Source, refuse_twice, since
from forecast.sources.live.session import Session
from forecast.sources.readers.origin import Origin
from forecast.sources.readers.tables.keys import read_labels, read_periods
from forecast.sources.readers.tables.numbers import read_numbers
from forecast.sources.readers.tables.read_table import read_table
from forecast.sources.readers.tables.record import Table, as_told
from forecast.sources.readers.tables.wide import check_wide, to_long
from forecast.specs.delivery.user_table import UserTable
from forecast.specs.read import read_declaration
from forecast.variables import Variables


def plan(request: Request) -> list[str]:
    """Return the declarations named by the request."""
    return [str(path) for path in request.tables]


def fetch(request: Request, session: Session) -> Fetched:
    """Return the declared columns of each table; its key is the declaration's name.

    Raises
    ------
    SpecError
        If a declaration is not one, a variable is not in the dictionary, or its unit is another.
    DataError
        If a table cannot be read, lacks a column, or has a cell that is no number.
    """
    del session
    if not request.tables:
        raise DataError("user_table: found no declaration, must be given with --table FILE.toml")
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    units: dict[str, str] = {}
    for path in request.tables:
        spec = read_declaration(path, UserTable)
        for name in spec.variables:
            if name not in request.variables.table:
                raise SpecError(
                    f"{path.name}: variables: {unknown(name, request.variables.table, 'variable')};"
                    " a new one is a row of data/variables.toml"
                )
        frame, origins[path.stem] = read_user_table(path, spec, request.variables)
        frames[path.stem] = since(frame, request)
        units |= {name: column.unit for name, column in spec.variables.items()}
    return Fetched(frames=frames, origins=origins, units=units)


def read_user_table(
    path: Path, spec: UserTable, variables: Variables
) -> tuple[pd.DataFrame, Origin]:
    """Return the declared columns, long, and where they are from.

    Parameters
    ----------
    path : Path
        The declaration's; the table's own is relative to it.
    spec : UserTable
    variables : Variables
        What units are checked against.

    Raises
    ------
    SpecError, DataError
        As `fetch` does.
    """
    _check_units(spec, path, variables)
    file = path.parent / spec.file
    with one_message(str(file), DataError):
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    origin = Origin(
        title=spec.title,
        path=spec.page,
        attribution=spec.attribution,
        license=spec.license,
        vintage=spec.vintage,
        files={file.name: sha256},
        scheme=spec.scheme,
        codes={name: column.column for name, column in spec.variables.items()},
    )
    return _read(file, spec), origin


def _check_units(spec: UserTable, path: Path, variables: Variables) -> None:
    for name, column in spec.variables.items():
        if name not in variables.table:
            continue
        unit = variables.find(name).unit
        if column.unit != unit:
            raise SpecError(
                f"{path.name}: variables.{name}.unit: found {column.unit!r}, must be {unit!r}"
            )


def _read(file: Path, spec: UserTable) -> pd.DataFrame:
    table = read_table(file, (spec.country, spec.year), spec.sheet)
    if spec.variable:
        return _one_a_row(table, spec, file)
    if check_wide(table, spec.country, spec.year):
        table = to_long(table, spec.country, spec.year)
    named = {column.column: name for name, column in spec.variables.items()}
    headers = (spec.country, spec.year, *named)
    place = {header: _place(table, header, file) for header in headers}
    wide = pd.DataFrame(
        {
            "country": read_labels(table, place[spec.country]),
            "year": read_periods(table, place[spec.year]),
            **{name: _floats(table, place[header]) for header, name in named.items()},
        },
        # messages at the door name the file's rows: the header is row 1
        index=pd.Index(table.lines) - 2,
    )
    refuse_twice(wide, ("country", "year"), file.name)
    pieces = [
        wide[["country", "year", name]].rename(columns={name: "value"}).assign(variable=name)
        for name in named.values()
    ]
    return pd.concat(pieces).dropna(subset=["value"])[list(LONG)]


def _one_a_row(table: Table, spec: UserTable, file: Path) -> pd.DataFrame:
    """Return the declared variables of a table that has a row a value."""
    headers = (spec.country, spec.year, spec.variable, spec.value)
    place = {header: _place(table, header, file) for header in headers}
    named = {column.column: name for name, column in spec.variables.items()}
    labels = pd.Series(read_labels(table, place[spec.variable]), dtype=object)
    absent = sorted(set(named) - set(labels))
    if absent:
        found = unknown(absent[0], set(labels), f"{spec.variable!r}")
        raise DataError(f"{file.name}: {found}")
    long = pd.DataFrame(
        {
            "country": read_labels(table, place[spec.country]),
            "year": read_periods(table, place[spec.year]),
            "variable": labels.map(named).to_numpy(),
            "value": _floats(table, place[spec.value]),
        },
        index=pd.Index(table.lines) - 2,
    ).dropna(subset=["variable"])
    refuse_twice(long, ("country", "year", "variable"), file.name)
    return long.dropna(subset=["value"])[list(LONG)]


def _place(table: Table, header: str, file: Path) -> int:
    """Return where a column stands; refuse one that is missing or stands twice."""
    if header not in table.names:
        raise DataError(f"{file.name}: {unknown(header, filter(None, table.names), 'column')}")
    if table.names.count(header) > 1:
        raise DataError(f"{file.name}: column {header!r} stands twice in the header")
    return table.names.index(header)


def _floats(table: Table, place: int) -> Array:
    found = read_numbers(table.columns[place], table.decimal)
    if found.bad is not None:
        row, cell = found.bad
        raise DataError(
            f"{table.where}: {table.names[place]!r} in row {table.line(place, row)}: found "
            f"{as_told(cell)}, must be a number or a mark of a missing one"
        )
    return found.values


SOURCE = Source(
    name="user_table",
    publisher="the user",
    licence="as declared",
    attribution="as declared",
    page="",
    plan=plan,
    fetch=fetch,
)
