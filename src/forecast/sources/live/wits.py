"""Export structure by stage of processing, from files that WITS offers for download."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
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

COLUMNS = ("Reporter", "Partner", "Product categories", "Indicator")
PARTNER = "World"
INDICATOR = "export product share(%)"
STAGES: Mapping[str, str] = {
    "Raw materials": "exports_raw_materials",
    "Intermediate goods": "exports_intermediate_goods",
    "Consumer goods": "exports_consumer_goods",
    "Capital goods": "exports_capital_goods",
}


def plan(request: Request) -> list[str]:
    """Return the files named by the request."""
    return [str(path) for path in request.wits]


def fetch(request: Request, session: Session) -> Fetched:
    """Return the shares of four stages of processing in exports to the world, in %.

    A file is the trade summary of one economy, all years: one row an indicator, one column a
    year. Countries are the publisher's names.

    Raises
    ------
    DataError
        If a file cannot be read, lacks a column, a stage or a year, or has a cell that is no
        number.
    """
    if not request.wits:
        raise DataError("wits: found no file, must be given with --wits FILE")
    frame = pd.concat([read_trade_summary(path) for path in request.wits], ignore_index=True)
    refuse_twice(frame, KEYS, "wits")
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in request.wits}
    now: datetime = session.clock()
    origin = SOURCE.origin(
        "World Integrated Trade Solution, exports by stage of processing",
        now.date().isoformat(),
        files,
        "",
    )
    return Fetched(
        frames={"wits": since(frame, request)},
        origins={"wits": replace(origin, scheme="name")},
        units=dict.fromkeys(STAGES.values(), "% of merchandise exports"),
    )


def read_trade_summary(path: Path) -> pd.DataFrame:
    """Return one file's shares, long; countries are the publisher's names.

    Raises
    ------
    DataError
        As `fetch` does.
    """
    text = read_text(path, str(path))
    missing = [c for c in COLUMNS if c not in text.columns]
    if missing:
        raise DataError(
            f"{path}: column {missing[0]!r} is missing; found {', '.join(text.columns)}"
        )
    years = [c for c in text.columns if c.strip().isdigit() and len(c.strip()) == 4]
    if not years:
        raise DataError(f"{path}: found no column of a year, must have some")
    wanted = (
        (text["Partner"].str.strip() == PARTNER)
        & (text["Indicator"].str.strip().str.lower().str.replace(" (", "(") == INDICATOR)
        & text["Product categories"].str.strip().isin(STAGES)
    )
    rows = text[wanted]
    absent = [s for s in STAGES if s not in set(rows["Product categories"].str.strip())]
    if absent:
        raise DataError(
            f"{path}: found no row of {absent[0]!r} for partner {PARTNER!r} and indicator "
            "'Export Product share(%)', must have one"
        )
    cells = {y: to_floats(rows[y].str.strip(), str(path)) for y in years}
    wide = pd.DataFrame(cells, index=rows.index).assign(
        country=rows["Reporter"].str.strip(),
        variable=rows["Product categories"].str.strip().map(STAGES),
    )
    long = wide.melt(["country", "variable"], years, "year", "value").dropna(subset=["value"])
    return long.assign(year=long["year"].astype(int))[list(LONG)]


SOURCE = Source(
    name="wits",
    publisher="World Bank, World Integrated Trade Solution",
    licence="CC-BY-4.0",
    attribution="World Integrated Trade Solution, from UN Comtrade",
    page="https://wits.worldbank.org/",
    plan=plan,
    fetch=fetch,
)
