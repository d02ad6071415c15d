"""Main Science and Technology Indicators of the OECD, by SDMX."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError, one_message
from forecast.sources.live.download import download, place
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
from forecast.sources.package.text_table import read_text, to_floats
from forecast.specs.delivery.endpoints import OecdEndpoint

NAME = "OECD, Main Science and Technology Indicators"
DIMENSIONS = ("REF_AREA", "MEASURE", "UNIT_MEASURE", "TIME_PERIOD")
VALUE = "OBS_VALUE"
ANNUAL = r"\d{4}"


def plan(request: Request) -> list[str]:
    """Return the query's address."""
    return [request.endpoints.oecd.url]


def fetch(request: Request, session: Session) -> Fetched:
    """Return the measures that the endpoints name, in % of GDP, by economy and year.

    The service keeps no older vintages: a request for a past month gets today's figures, and the
    origin's vintage says so.

    Raises
    ------
    DataError
        If the reply is no SDMX data message, lacks a dimension or a measure, or has a key twice.
    """
    endpoint = request.endpoints.oecd
    received = download(endpoint.url, session, "sdmx")
    where = place(endpoint.url)
    frame = _measures(_observations(received.path, where), endpoint, where)
    origin = SOURCE.origin(
        f"{NAME}, {received.retrieved[:10]}",
        received.retrieved[:10],
        {"DF_MSTI": received.sha256},
        received.retrieved,
    )
    return Fetched(
        frames={"oecd-msti": since(frame, request)},
        origins={"oecd-msti": origin},
        units=dict.fromkeys(endpoint.measures, endpoint.unit),
    )


def read_indicators(path: Path, endpoint: OecdEndpoint) -> pd.DataFrame:
    """Return the measures of a file from the OECD's Data Explorer, CSV or SDMX-ML, long.

    Raises
    ------
    DataError
        As `fetch` does, naming the file.
    """
    with one_message(str(path), DataError):
        markup = path.read_bytes()[:100].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    where = str(path)
    if markup:
        return _measures(_observations(path, where), endpoint, where)
    rows = read_text(path, where)
    if VALUE not in rows.columns:
        raise DataError(f"{where}: column {VALUE!r} is missing; found {', '.join(rows.columns)}")
    rows["value"] = to_floats(rows[VALUE].str.strip(), where)
    return _measures(rows, endpoint, where)


def _measures(rows: pd.DataFrame, endpoint: OecdEndpoint, where: str) -> pd.DataFrame:
    missing = [d for d in DIMENSIONS if d not in rows.columns]
    if missing:
        raise DataError(
            f"{where}: dimension {missing[0]!r} is missing; found {', '.join(rows.columns)}"
        )
    rows = rows[rows["UNIT_MEASURE"] == endpoint.unit]
    return _named(rows, {code: name for name, code in endpoint.measures.items()}, where)


def _observations(path: Path, where: str) -> pd.DataFrame:
    """Return one row an observation: every dimension as text, and ``value``."""
    try:
        import sdmx
    except ImportError:
        raise DataError(
            f"{where}: SDMX needs sdmx1, found none; install the extra [data]"
        ) from None
    try:
        with path.open("rb") as file:
            message: Any = sdmx.read_sdmx(file, format="XML")
        sets: list[Any] = [sdmx.to_pandas(part) for part in getattr(message, "data", [])]
    except Exception as error:  # the library raises as many kinds as there are faults
        raise DataError(f"{where}: cannot be read as SDMX: {error}") from None
    sets = [part for part in sets if len(part)]
    if not sets:
        raise DataError(f"{where}: found no observation, must have some")
    rows: pd.DataFrame = pd.concat(
        [part.rename("value").reset_index() for part in sets], ignore_index=True
    )
    return rows


def _named(rows: pd.DataFrame, names: Mapping[str, str], where: str) -> pd.DataFrame:
    missing = [code for code in names if code not in set(rows["MEASURE"])]
    if missing:
        found = ", ".join(sorted(set(rows["MEASURE"]))) or "none"
        raise DataError(
            f"{where}: found no observation of measure {missing[0]!r}, must have some; it has "
            f"{found}: correct [oecd.measures] of the endpoints"
        )
    rows = rows[rows["MEASURE"].isin(names)]
    odd = ~rows["TIME_PERIOD"].astype(str).str.fullmatch(ANNUAL)
    if odd.any():
        raise DataError(
            f"{where}: found period {rows['TIME_PERIOD'][odd].iloc[0]!r}, must be a year"
        )
    frame: pd.DataFrame = pd.DataFrame(
        {
            "country": rows["REF_AREA"].astype(str),
            "year": rows["TIME_PERIOD"].astype(int),
            "variable": rows["MEASURE"].map(names),
            "value": rows["value"].astype(float),
        }
    ).dropna(subset=["value"])
    refuse_twice(frame, KEYS, where)
    return frame.sort_values(["country", "variable", "year"], ignore_index=True)[list(LONG)]


SOURCE = Source(
    name="oecd",
    publisher="OECD",
    licence="CC-BY-4.0",
    attribution="OECD, Main Science and Technology Indicators",
    page="https://www.oecd.org/en/data/datasets/main-science-and-technology-indicators.html",
    plan=plan,
    fetch=fetch,
)
