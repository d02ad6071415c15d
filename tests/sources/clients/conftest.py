"""A service on the loopback address that replies as the publishers do, or misbehaves."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import openpyxl
import pytest

from forecast import catalog
from forecast.sources.live.protocol import Request
from forecast.sources.live.session import Limits, Session
from forecast.specs.endpoints import Endpoints
from forecast.specs.read import read_variables

ROOT = Path(__file__).resolve().parents[3]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES = ["CHN", "USA", "JPN", "GBR", "DEU", "FRA", "IND", "BRA", "EMU", "WLD"]
NUMBERS = {"CHN": 156, "USA": 840, "JPN": 392, "GBR": 826, "DEU": 276, "FRA": 250, "IND": 356}
YEARS = range(1985, 2026)
UPDATED = "2026-07-01"
VARIABLES = read_variables(ROOT / "data" / "variables.toml")


@dataclass(frozen=True)
class Reply:
    """One reply. ``fault``: "", "truncated", "slow" or "drip"."""

    body: bytes = b""
    kind: str | None = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    fault: str = ""
    chunked: bool = False


class Service:
    """Replies by path: a reply, a list of them used up in turn, or a function of the query."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.pause = 0.0
        self.url = ""

    def reply(self, path: str, query: dict[str, list[str]]) -> Reply:
        """Return what the service has for a path."""
        found = self.routes.get(path)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        if callable(found):
            return found(query)
        return found or Reply(status=404, body=b"{}")

    def urls(self) -> list[str]:
        """Return the paths that were asked for."""
        return [path for path, _ in self.asked]


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            service.asked.append((parts.path, dict(self.headers)))
            time.sleep(service.pause)
            try:
                self._send(service.reply(parts.path, parse_qs(parts.query)))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            body, status = reply.body, reply.status
            asked = self.headers.get("Range")
            extra = dict(reply.headers)
            if asked and reply.etag and self.headers.get("If-Range") == reply.etag:
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                extra["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                status, body = (206, body[start:]) if start < len(body) else (416, b"")
            self.send_response(status)
            if reply.kind:
                self.send_header("Content-Type", reply.kind)
            if reply.etag:
                self.send_header("ETag", reply.etag)
            for name, value in extra.items():
                self.send_header(name, value)
            if reply.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._write(reply, body)

        def _write(self, reply: Reply, body: bytes) -> None:
            if reply.chunked:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
                if not reply.fault:
                    self.wfile.write(b"0\r\n\r\n")
            elif reply.fault == "truncated":
                self.wfile.write(body[: len(body) // 2])
            elif reply.fault == "slow":
                time.sleep(1.0)
            elif reply.fault == "drip":
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    time.sleep(0.02)
            else:
                self.wfile.write(body)
            if reply.fault:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Return a service on 127.0.0.1 with nothing to offer yet."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


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


# What the publishers' services reply, in the documented forms.


def level(code: str, place: str, year: int) -> float:
    """Return a value within the dictionary's bounds that moves a little from year to year."""
    name = next(v.name for v in VARIABLES.table.values() if v.code == code)
    variable = VARIABLES.find(name)
    low = variable.low or 0.0
    high = 100.0 if variable.high is None else min(variable.high, 5e4)
    middle = low + 0.3 * (high - low) + 0.005 * (high - low) * PLACES.index(place)
    return round(middle * (1.0 + 0.002 * (year - 2000)), 6)


def indicator_rows(code: str) -> list[dict[str, Any]]:
    """Return rows of the indicators' API, newest year first, with an empty value in each."""
    return [
        {
            "indicator": {"id": code, "value": f"Series {code} (constant 2021 PPP $)"},
            "country": {"id": place[:2], "value": place},
            "countryiso3code": place,
            "date": str(year),
            "value": None if year == 1985 and place == "IND" else level(code, place, year),
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for place in PLACES
        for year in reversed(YEARS)
    ]


def pages(rows: list[Any], size: int = 300) -> Callable[[dict[str, list[str]]], Reply]:
    """Return the paging of the World Bank's API, version 2."""

    def answer(query: dict[str, list[str]]) -> Reply:
        number = int(query["page"][0])
        head = {
            "page": number,
            "pages": -(-len(rows) // size),
            "per_page": size,
            "total": len(rows),
            "sourceid": "2",
            "lastupdated": UPDATED,
        }
        part = rows[(number - 1) * size : number * size]
        return Reply(body=json.dumps([head, part or None]).encode())

    return answer


def message(key: str = "Invalid value") -> Reply:
    """Return the API's form of an error, which comes with status 200."""
    said = [{"id": "120", "key": key, "value": "The provided parameter value is not valid"}]
    return Reply(body=json.dumps([{"message": said}]).encode())


def archive(rows: list[dict[str, Any]], version: str) -> Callable[[dict[str, list[str]]], Reply]:
    """Return the same rows in the form of the WDI Database Archives, on one page."""
    data = [
        {
            "variable": [
                {"concept": "Country", "id": row["countryiso3code"], "value": "name"},
                {"concept": "Version", "id": version, "value": version},
                {"concept": "Series", "id": "x", "value": row["indicator"]["value"]},
                {"concept": "Time", "id": f"YR{row['date']}", "value": row["date"]},
            ],
            "value": row["value"],
        }
        for row in rows
    ]
    head = {"page": 1, "pages": 1, "per_page": 15000, "total": len(data), "lastupdated": "x"}
    whole = {**head, "source": {"id": "57", "name": "WDI Database Archives", "data": data}}
    return lambda _: Reply(body=json.dumps(whole).encode())


def versions(*months: str) -> Reply:
    """Return the archives' list of versions."""
    listed = [{"id": m, "value": m} for m in months]
    concept = [{"id": "Version", "variable": listed}]
    whole = {"page": 1, "pages": 1, "source": [{"id": "57", "concept": concept}]}
    return Reply(body=json.dumps(whole).encode())


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """Return a workbook of the given cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def oghist(last: int = 2025) -> dict[str, list[list[Any]]]:
    """Return the two sheets of the income classification's workbook."""
    years = list(range(1987, last + 1))
    fiscal = [f"FY{(y + 2) % 100:02d}" for y in years]
    top = [["World Bank Analytical Classifications"], ["(presented in WDI)"], [None], [None]]
    limits = [
        ["", "Low income (L)", *[f"<= {480 + 10 * i}" for i in range(len(years))]],
        [
            "",
            "Lower middle income (LM)",
            *[f"{481 + 10 * i}-{1940 + 20 * i:,}" for i in range(len(years))],
        ],
        [
            "",
            "Upper middle income (UM)",
            *[f"{1941 + 20 * i:,}-{6000 + 50 * i:,}" for i in range(len(years))],
        ],
        ["", "High income (H)", *[f"> {6000 + 50 * i:,}" for i in range(len(years))]],
    ]
    heads = [["", "Bank's fiscal year:", *fiscal], ["", "Data for calendar year :", *years]]
    history = [
        ["CHN", "China", *["L" if y < 1997 else "LM" if y < 2010 else "UM" for y in years]],
        ["USA", "United States", *["H" for _ in years]],
        ["JPN", "Japan", *["H" for _ in years]],
        ["IND", "India", *["L" if y < 2007 else "LM" for y in years]],
        ["YEM", "Yemen, Rep.", "LM*", "LM*", *["L" for _ in years[2:]]],
        ["SSD", "South Sudan", *[".." if y < 2011 else "L" for y in years]],
    ]
    note = [["Source: World Bank"]]
    return {
        "Country Analytical History": [*top, *heads, *limits, *history, [None], *note],
        "Thresholds": [*top, *heads, *limits, ["", "Civil works preference", "<= 480"], *note],
    }


def penn(columns: list[str], last: int) -> list[list[Any]]:
    """Return the sheet ``Data`` of a release of the Penn World Table."""
    rows: list[list[Any]] = [["countrycode", "country", "currency_unit", "year", *columns]]
    for place in ("CHN", "USA", "IND"):
        for year in range(1985, last + 1):
            grown = [round(1.0 + 0.01 * (year - 1985) + 0.1 * i, 4) for i in range(len(columns))]
            cells = [0.55 if c == "labsh" else g for c, g in zip(columns, grown, strict=True)]
            rows.append([place, place, "x", year, *cells])
    rows.append(["ABW", "Aruba", "x", 1950, *[None] * len(columns)])
    return rows


def population(column: str = "PopTotal") -> bytes:
    """Return WPP2024_TotalPopulationBySex.csv.gz."""
    lines = [
        "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,"
        f"Location,VarID,Variant,Time,MidPeriod,PopMale,PopFemale,{column},PopDensity",
        "1,900,,,,1,1,World,0,World,2,Medium,2030,2030.5,1,1,8500000.5,1",
    ]
    bounds = {"Medium": 0, "Lower 80 PI": -1, "Upper 80 PI": 1, "Lower 95 PI": -2}
    bounds |= {"Upper 95 PI": 2, "High": 9}
    for place, number in NUMBERS.items():
        for variant, shift in bounds.items():
            for year in range(2020 if variant == "Medium" else 2024, 2041):
                total = 1000.0 * (number + shift) + year
                lines.append(
                    f'2,{number},,{place},XX,{number},4,Country/Area,1,"{place}, the",2,{variant},'
                    f"{year},{year}.5,1,1,{total},1"
                )
    return gzip.compress(("\ufeff" + "\n".join(lines) + "\n").encode())


def ages() -> bytes:
    """Return WPP2024_PopulationByAge5GroupSex_Medium.csv.gz: 15 to 64 are half of all."""
    head = "LocID,ISO3_code,VarID,Variant,Time,AgeGrp,AgeGrpStart,AgeGrpSpan,PopTotal"
    lines = [head, "900,,2,Medium,2030,0-4,0,5,7"]
    for place, number in NUMBERS.items():
        for year in range(2010, 2041):
            for start in range(0, 105, 5):
                persons = 11.0 if not 15 <= start <= 60 else 12.1
                lines.append(f"{number},{place},2,Medium,{year},{start},{start},5,{persons}")
    return gzip.compress(("\n".join(lines) + "\n").encode())


def sdmx(measures: dict[str, float]) -> bytes:
    """Return an SDMX-ML 2.1 generic data message as the OECD's service gives it."""
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    series = "".join(
        "<generic:Series><generic:SeriesKey>"
        + "".join(
            f'<generic:Value id="{k}" value="{v}"/>'
            for k, v in {
                "REF_AREA": place,
                "FREQ": "A",
                "MEASURE": measure,
                "UNIT_MEASURE": "PT_B1GQ",
                "PRICE_BASE": "_Z",
                "TRANSFORMATION": "_Z",
            }.items()
        )
        + "</generic:SeriesKey>"
        + "".join(
            f'<generic:Obs><generic:ObsDimension value="{year}"/>'
            f'<generic:ObsValue value="{value + 0.01 * (year - 2000):.4f}"/></generic:Obs>'
            for year in range(2000, 2024)
        )
        + "</generic:Series>"
        for place in ("CHN", "USA", "OECD")
        for measure, value in measures.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<message:GenericData xmlns:message="{space}/message" xmlns:common="{space}/common" '
        f'xmlns:generic="{space}/data/generic"><message:Header><message:ID>1</message:ID>'
        "<message:Test>false</message:Test><message:Prepared>2026-11-01T00:00:00</message:Prepared>"
        '<message:Sender id="OECD"/><message:Structure structureID="S" '
        'dimensionAtObservation="TIME_PERIOD"><common:Structure><Ref id="DSD_MSTI" '
        'agencyID="OECD.STI.STP" version="1.3" class="DataStructure"/></common:Structure>'
        '</message:Structure></message:Header><message:DataSet structureRef="S" '
        f'action="Information">{series}</message:DataSet></message:GenericData>'
    ).encode()


PENN_COLUMNS = [
    "rgdpe", "rgdpo", "pop", "emp", "avh", "hc", "cgdpo", "ccon", "cda", "cgdpe", "cn", "ctfp",
    "rgdpna", "rconna", "rdana", "rnna", "rtfpna", "labsh", "delta", "xr", "pl_gdpo", "csh_c",
    "csh_i", "csh_g", "csh_x", "csh_m", "i_cig",
]  # fmt: skip
LAYOUTS = {
    "9.1": (PENN_COLUMNS, 2017),
    "10.01": ([*PENN_COLUMNS[5:], *PENN_COLUMNS[:5], "cor_exp", "statcap"], 2019),
    "11.0": ([c for c in PENN_COLUMNS if c != "avh"], 2023),
}


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
