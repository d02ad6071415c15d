"""World Population Prospects of the United Nations: the published CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.sources.build.deliveries import AGE_SHARE_FROM
from forecast.sources.live.download import Received, download, place
from forecast.sources.live.protocol import (
    KEYS,
    LONG,
    Fetched,
    Request,
    Source,
    refuse_twice,
    since,
)
from forecast.sources.live.session import Session
from forecast.sources.package.text_table import refuse_moved

# The deterministic medium variant is the median of the probabilistic projection.
VARIANTS: Mapping[str, str] = {
    "Medium": "population_median",
    "Lower 80 PI": "population_low80",
    "Upper 80 PI": "population_high80",
    "Lower 95 PI": "population_low95",
    "Upper 95 PI": "population_high95",
}
SHARE = "share_15_64"
FIRST_AGE, LAST_AGE = 15, 60  # first years of the groups 15-19 and 60-64
THOUSAND = 1000.0
CHUNK = 250_000
GZIP = b"\x1f\x8b"


def plan(request: Request) -> list[str]:
    """Return the addresses of both files."""
    ends = request.endpoints.world_population
    return [ends.totals.url, ends.by_age.url]


def fetch(request: Request, session: Session) -> Fetched:
    """Return persons (median, 80 and 95 % bounds) and the share of ages 15 to 64, in %.

    Countries are the United Nations' numbers; regions are left out.

    Raises
    ------
    DataError
        If a column or variant is missing, a cell is no number, or a key occurs twice.
    """
    ends = request.endpoints.world_population
    session.tell("  totals and bounds")
    totals = download(ends.totals.url, session, "table", ends.totals.sha256)
    session.tell("  persons by age group")
    ages = download(ends.by_age.url, session, "table", ends.by_age.sha256)
    frame = pd.concat([_totals(totals), _shares(ages)], ignore_index=True)
    revision = ends.vintage[:4]
    origin = SOURCE.origin(
        f"United Nations, World Population Prospects {revision}",
        ends.vintage,
        {"TotalPopulationBySex": totals.sha256, "PopulationByAge5GroupSex": ages.sha256},
        max(totals.retrieved, ages.retrieved),
    )
    told = (
        "thousands of persons to persons",
        f"{SHARE} = 100 x persons aged 15 to 64 / all persons, medium variant",
    )
    return Fetched(
        frames={f"wpp-{revision}": since(frame, request)},
        origins={
            f"wpp-{revision}": replace(
                origin, scheme="m49", table="population_projection", transformations=told
            )
        },
        units=dict.fromkeys(VARIANTS.values(), "persons") | {SHARE: "% of population"},
    )


def _totals(received: Received) -> pd.DataFrame:
    where = place(received.url)
    columns = ["LocID", "ISO3_code", "Variant", "Time", "PopTotal"]
    pieces = [
        part[part["Variant"].isin(VARIANTS) & (part["ISO3_code"] != "")]
        for part in _parts(received.path, columns, where)
    ]
    rows = pd.concat(pieces, ignore_index=True)
    missing = [v for v in VARIANTS if v not in set(rows["Variant"])]
    if missing:
        raise DataError(f"{where}: found no row of variant {missing[0]!r}, must have some")
    frame = pd.DataFrame(
        {
            "country": rows["LocID"],
            "year": _numbers(rows, "Time", where).astype(int),
            "variable": rows["Variant"].map(VARIANTS),
            "value": THOUSAND * _numbers(rows, "PopTotal", where),
        }
    )
    # The medium variant goes back to 1950; the projection begins where its bounds do.
    refuse_twice(frame, KEYS, where)
    first = frame.loc[frame["variable"] != VARIANTS["Medium"], "year"].min()
    to_come: pd.DataFrame = frame[frame["year"] >= first]
    return to_come


def _shares(received: Received) -> pd.DataFrame:
    where = place(received.url)
    columns = ["LocID", "ISO3_code", "Variant", "Time", "AgeGrpStart", "PopTotal"]
    pieces = []
    for part in _parts(received.path, columns, where):
        rows = part[(part["Variant"] == "Medium") & (part["ISO3_code"] != "")]
        rows = rows[_numbers(rows, "Time", where) >= AGE_SHARE_FROM]
        persons = _numbers(rows, "PopTotal", where)
        age = _numbers(rows, "AgeGrpStart", where)
        pieces.append(
            pd.DataFrame(
                {
                    "country": rows["LocID"],
                    "year": _numbers(rows, "Time", where).astype(int),
                    "age": age,
                    "persons": persons,
                    "working": np.where((age >= FIRST_AGE) & (age <= LAST_AGE), persons, 0.0),
                }
            )
        )
    groups = pd.concat(pieces, ignore_index=True)
    refuse_twice(groups, ("country", "year", "age"), where)
    sums = groups.groupby(["country", "year"], sort=False)[["persons", "working"]].sum()
    shares = 100.0 * sums["working"] / sums["persons"]
    if shares.empty:
        raise DataError(f"{where}: found no row of variant 'Medium', must have some")
    frame: pd.DataFrame = shares.rename("value").reset_index().assign(variable=SHARE)
    return frame[list(LONG)]


def _parts(path: Path, columns: Sequence[str], where: str) -> list[pd.DataFrame]:
    """Return the file's columns as text, in pieces; what is compressed is told by its bytes."""
    compression: Literal["gzip"] | None = None
    with path.open("rb") as file:
        if file.read(2) == GZIP:
            compression = "gzip"
    try:
        header = pd.read_csv(path, nrows=0, compression=compression, encoding="utf-8-sig")
        missing = [c for c in columns if c not in header.columns]
        if missing:
            raise DataError(
                f"{where}: column {missing[0]!r} is missing; found {', '.join(header.columns)}"
            )
        with pd.read_csv(
            path,
            usecols=list(columns),
            dtype=str,
            keep_default_na=False,
            compression=compression,
            encoding="utf-8-sig",
            chunksize=CHUNK,
        ) as reader:
            pieces = list(reader)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{where}: cannot be read as CSV: {error}") from None
    for piece in pieces:
        refuse_moved(piece, where)
    return pieces


def _numbers(rows: pd.DataFrame, column: str, where: str) -> pd.Series:
    values = pd.to_numeric(rows[column], errors="coerce").astype(float)
    if values.isna().any():
        row = int(values.isna().to_numpy().argmax())
        raise DataError(
            f"{where}: row {rows.index[row] + 2}, column {column!r}: found "
            f"{rows[column].iloc[row]!r}, must be a number"
        )
    return values


SOURCE = Source(
    name="world_population",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    licence="CC-BY-3.0-IGO",
    attribution="United Nations, Department of Economic and Social Affairs, Population Division",
    page="https://population.un.org/wpp/",
    plan=plan,
    fetch=fetch,
)
