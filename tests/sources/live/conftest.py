"""A service on the loopback address that replies as the publishers do, or misbehaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forecast import catalog
from forecast.sources.live.protocol import Request
from forecast.sources.live.session import Limits, Session
from forecast.specs.delivery.endpoints import Endpoints
from loopback import Service, serving
from sources.live.replies import (
    LAYOUTS,
    SHEET,
    VARIABLES,
    Reply,
    ages,
    archive,
    indicator_rows,
    message,
    oghist,
    pages,
    penn,
    population,
    sdmx,
    versions,
    workbook,
)


@pytest.fixture
def service() -> Iterator[Service]:
    """Return a service on 127.0.0.1 with nothing to offer yet."""
    with serving() as made:
        yield made


@pytest.fixture
def waits() -> list[float]:
    """Return the seconds that a session was asked to sleep."""
    return []


@pytest.fixture
def session(tmp_path: Path, waits: list[float]) -> Session:
    """Return a session that never sleeps: pauses are written down."""
    return Session(
        folder=tmp_path / "files",
        clock=lambda: datetime.now(UTC),
        sleep=waits.append,
        rng=np.random.default_rng(1),
        limits=Limits(timeout=0.3, patience=5.0, attempts=3, longest_pause=60.0, size=20_000_000),
    )


@pytest.fixture
def digest() -> Callable[[Path], str]:
    """Return a function that hashes all of a folder: names, bytes."""

    def of(folder: Path) -> str:
        found = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            found.update(str(path.relative_to(folder)).encode())
            found.update(path.read_bytes() if path.is_file() else b"/")
        return found.hexdigest()

    return of


@pytest.fixture(scope="session")
def offers() -> dict[str, Any]:
    """Return what all publishers offer, by path; made once."""
    codes = {
        v.code for v in VARIABLES.table.values() if v.code and v.source.startswith("World Bank, W")
    }
    routes: dict[str, Any] = {
        f"/v2/country/all/indicator/{code}": pages(indicator_rows(code)) for code in codes
    }
    routes["/OGHIST.xlsx"] = Reply(body=workbook(oghist()), kind=SHEET)
    for release, (columns, last) in LAYOUTS.items():
        body = workbook({"Info": [["x"]], "Data": penn(columns, last)})
        routes[f"/pwt/{release}"] = Reply(body=body, kind=SHEET, etag='"a"')
    routes["/totals.csv.gz"] = Reply(body=population(), kind="application/x-gzip")
    routes["/ages.csv.gz"] = Reply(body=ages(), kind="application/gzip")
    routes["/msti"] = Reply(
        body=sdmx({"G_BR": 0.3, "B": 1.5, "G": 2.0}),
        kind="application/vnd.sdmx.genericdata+xml; version=2.1",
    )
    return routes


@pytest.fixture
def publishers(service: Service, offers: dict[str, Any]) -> Service:
    """Return the service with everything that the publishers offer."""
    service.routes = dict(offers)
    return service


@pytest.fixture
def endpoints(service: Service) -> Endpoints:
    """Return the addresses of the loopback service."""
    url = service.url
    raw = {
        "world_bank": {"api": f"{url}/v2", "renamed": {"SL.GDP.PCAP.EM.KD": ["OLD.NAME"]}},
        "income_classes": {"url": f"{url}/OGHIST.xlsx"},
        "penn_world_table": {
            r: {"url": f"{url}/pwt/{r}", "vintage": "2023-01-23"} for r in LAYOUTS
        },
        "world_population": {
            "vintage": "2024-07",
            "totals": {"url": f"{url}/totals.csv.gz"},
            "by_age": {"url": f"{url}/ages.csv.gz"},
        },
        "oecd": {
            "url": f"{url}/msti",
            "unit": "PT_B1GQ",
            "measures": {"basic_research_gdp": "G_BR", "business_rd_gdp": "B"},
        },
    }
    return Endpoints.model_validate(raw)


@pytest.fixture
def request_(endpoints: Endpoints) -> Request:
    """Return a request for today's statistics, all years."""
    return Request(variables=VARIABLES, endpoints=endpoints, notes=catalog.package_notes())


@pytest.fixture
def past(request_: Request) -> Request:
    """Return a request for the statistics of July 2024."""
    return replace(request_, vintage="2024-07")


@pytest.fixture
def shapes() -> Any:
    """Return the makers of replies, which tests bend into faults."""
    return {
        "Reply": Reply,
        "pages": pages,
        "rows": indicator_rows,
        "message": message,
        "archive": archive,
        "versions": versions,
        "workbook": workbook,
        "oghist": oghist,
        "penn": penn,
        "population": population,
        "sdmx": sdmx,
        "SHEET": SHEET,
        "LAYOUTS": LAYOUTS,
        "home": catalog.home(),
    }
