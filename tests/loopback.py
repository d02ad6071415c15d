"""A service on the loopback address that replies as the publishers do, or misbehaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.live.replies import Reply


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


@contextmanager
def serving() -> Iterator[Service]:
    """Give a service on 127.0.0.1 with nothing to offer yet."""
    made = Service()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
        server.daemon_threads = True
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()
        server.server_close()
