"""A service on the loopback address that replies as the publishers do, or misbehaves."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from forecast import catalog
from forecast.sources.live.protocol import Request
from forecast.sources.live.session import Limits, Session
from forecast.specs.delivery.endpoints import Endpoints
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
