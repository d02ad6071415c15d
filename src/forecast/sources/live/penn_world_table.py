"""The Penn World Table: the published Excel or Stata file of each release."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from forecast.errors import DataError, unknown
from forecast.sources.live.download import download, place
from forecast.sources.live.protocol import LONG, Fetched, Request, Source, refuse_twice, since
from forecast.sources.live.session import Session
from forecast.sources.readers.origin import Origin
from forecast.sources.readers.pwt_rda import PWT_91
from forecast.sources.readers.workbook import read_sheets

SHEET = "Data"
KEYS = ("countrycode", "year")
WORKBOOK = b"PK\x03\x04"
# Table in which a release is carried whole, under its own names.
CARRIED: Mapping[str, str] = {"9.1": "pwt91", "10.01": "pwt1001", "11.0": "pwt11"}


def plan(request: Request) -> list[str]:
    """Return the address of each release's file."""
    return [endpoint.url for endpoint in request.endpoints.penn_world_table.values()]


def fetch(request: Request, session: Session) -> Fetched:
    """Return the dictionary's variables of each release, and the releases as tables.

    A release is never revised after its publication, so a request's vintage does not bear on it.

    Raises
    ------
    DataError
        If a release is unknown, a file is neither a workbook with a sheet ``Data`` nor a Stata
        file, or a column is missing.
    """
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    tables: dict[str, pd.DataFrame] = {}
    for release, endpoint in request.endpoints.penn_world_table.items():
        if release not in CARRIED:
            raise DataError(f"[penn_world_table]: {unknown(release, CARRIED, 'release')}")
        session.tell(f"  Penn World Table {release}")
        table = CARRIED[release]
        columns = PWT_91 if release == "9.1" else tuple(request.notes.full[table].columns)
        received = download(endpoint.url, session, "panel", endpoint.sha256)
        codes = {} if release == "9.1" else request.codes(f"Penn World Table {release}")
        wanted = list(dict.fromkeys([*columns, *codes]))
        whole = _read(received.path, wanted, place(endpoint.url))
        key = f"pwt-{release}"
        vintage = endpoint.vintage or received.retrieved[:10]
        title = f"Penn World Table {release}"
        files = {f"{table}.xlsx": received.sha256}
        origins[key] = SOURCE.origin(title, vintage, files, received.retrieved)
        kept = ["country", "year", *columns]
        tables[table] = whole[kept]  # empty rows and years given twice are told by the assembly
        if codes:
            refuse_twice(whole, ("country", "year"), place(endpoint.url))
            frames[key] = since(_long(whole, codes), request)
    return Fetched(frames=frames, origins=origins, tables=tables)


def _read(path: Path, columns: Sequence[str], where: str) -> pd.DataFrame:
    """Return country, year and ``columns`` of a workbook or a Stata file, numbers checked."""
    with path.open("rb") as file:
        is_workbook = file.read(len(WORKBOOK)) == WORKBOOK
    table = _workbook(path, where) if is_workbook else _stata(path, where)
    missing = [c for c in (*KEYS, *columns) if c not in table.columns]
    if missing:
        raise DataError(
            f"{where}: column {missing[0]!r} is missing; found {', '.join(map(str, table.columns))}"
        )
    numbers = {}
    for column in ("year", *columns):
        cells = table[column].where(table[column].notna(), None)
        values = pd.to_numeric(cells, errors="coerce").astype(float)
        wrong = values.isna() & cells.notna() & (cells.astype(str).str.strip() != "")
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            raise DataError(
                f"{where}: row {row + 2}, column {column!r}: found {cells.iloc[row]!r}, must be "
                "a number or empty"
            )
        numbers[column] = values
    frame = pd.DataFrame({"country": table["countrycode"].astype(str).str.strip(), **numbers})
    if frame.empty or frame["year"].isna().any():
        raise DataError(f"{where}: found no row, or one without a year, must have some with one")
    return frame.astype({"year": int})


def _workbook(path: Path, where: str) -> pd.DataFrame:
    rows = read_sheets(path, (SHEET,), where)[SHEET]
    if not rows:
        raise DataError(f"{where}: found an empty sheet {SHEET!r}, must have a row of headers")
    filled = [row for row in rows[1:] if any(cell is not None for cell in row)]
    return pd.DataFrame(filled, columns=[str(c).strip() for c in rows[0]], dtype=object)


def _stata(path: Path, where: str) -> pd.DataFrame:
    try:
        return pd.read_stata(path, convert_categoricals=False)
    except (ValueError, OSError, EOFError, KeyError, struct.error) as error:
        raise DataError(
            f"{where}: found neither an Excel workbook nor a Stata file ({error}), must be one"
        ) from None


def _long(whole: pd.DataFrame, codes: Mapping[str, str]) -> pd.DataFrame:
    long = whole.melt(["country", "year"], list(codes), "variable", "value")
    return long.assign(variable=long["variable"].map(codes)).dropna(subset=["value"])[list(LONG)]


SOURCE = Source(
    name="penn_world_table",
    publisher="Groningen Growth and Development Centre",
    licence="CC-BY-4.0",
    attribution="Feenstra, Inklaar and Timmer (2015), The Next Generation of the Penn World "
    "Table, American Economic Review 105(10), 3150-3182",
    page="https://www.rug.nl/ggdc/productivity/pwt/",
    plan=plan,
    fetch=fetch,
)
