"""A table of the user's own, CSV or Excel, by a declaration of ten lines."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from forecast.errors import DataError, SpecError, unknown
from forecast.sources.live.protocol import LONG, Fetched, Request, Source, refuse_twice, since
from forecast.sources.live.session import Session
from forecast.sources.package.text_table import read_text, to_floats, to_integers
from forecast.sources.readers.origin import Origin
from forecast.sources.readers.workbook import read_sheets
from forecast.specs.delivery.user_table import UserTable
from forecast.specs.read import read_declaration
from forecast.variables import Variables

EXCEL = (".xlsx", ".xlsm")


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
        _check_units(spec, path, request.variables)
        file = path.parent / spec.file
        frames[path.stem] = since(_read(file, spec), request)
        units |= {name: column.unit for name, column in spec.variables.items()}
        origins[path.stem] = Origin(
            title=spec.title,
            path=spec.page,
            attribution=spec.attribution,
            license=spec.license,
            vintage=spec.vintage,
            files={file.name: hashlib.sha256(file.read_bytes()).hexdigest()},
            scheme=spec.scheme,
            codes={name: column.column for name, column in spec.variables.items()},
        )
    return Fetched(frames=frames, origins=origins, units=units)


def _check_units(spec: UserTable, path: Path, variables: Variables) -> None:
    for name, column in spec.variables.items():
        if name not in variables.table:
            raise SpecError(
                f"{path.name}: variables: {unknown(name, variables.table, 'variable')}; a new one "
                "is a row of data/variables.toml"
            )
        unit = variables.find(name).unit
        if column.unit != unit:
            raise SpecError(
                f"{path.name}: variables.{name}.unit: found {column.unit!r}, must be {unit!r}"
            )


def _read(file: Path, spec: UserTable) -> pd.DataFrame:
    table = _workbook(file, spec.sheet) if file.suffix in EXCEL else read_text(file, str(file))
    named = {column.column: name for name, column in spec.variables.items()}
    for header in (spec.country, spec.year, *named):
        if header not in table.columns:
            raise DataError(f"{file.name}: {unknown(header, table.columns, 'column')}")
    wide = pd.DataFrame(
        {
            "country": table[spec.country].str.strip(),
            "year": to_integers(table[spec.year], file.name),
            **{name: to_floats(table[header], file.name) for header, name in named.items()},
        }
    )
    refuse_twice(wide, ("country", "year"), file.name)
    pieces = [
        wide[["country", "year", name]].rename(columns={name: "value"}).assign(variable=name)
        for name in named.values()
    ]
    # Row labels stay those of the file: messages at the door name its rows.
    return pd.concat(pieces).dropna(subset=["value"])[list(LONG)]


def _workbook(file: Path, sheet: str) -> pd.DataFrame:
    if not file.is_file():
        raise DataError(f"{file}: no such file")
    rows = read_sheets(file, (sheet,), file.name)[sheet]
    if not rows:
        raise DataError(f"{file.name}: found an empty sheet, must have a row of headers")
    filled = [row for row in rows[1:] if any(cell is not None for cell in row)]
    cells = [["" if c is None else _text(c) for c in row] for row in filled]
    return pd.DataFrame(cells, columns=[_text(c) for c in rows[0]], dtype=str)


def _text(cell: object) -> str:
    """Return a cell as CSV would have it: a year that Excel keeps as 2020.0 is 2020."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


SOURCE = Source(
    name="user_table",
    publisher="the user",
    licence="as declared",
    attribution="as declared",
    page="",
    plan=plan,
    fetch=fetch,
)
