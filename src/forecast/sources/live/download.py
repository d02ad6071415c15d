"""Fetch one file from the web: whole and of the expected kind, or an error; retry and resume."""

from __future__ import annotations

import hashlib
import http
import http.client
import json
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from forecast.errors import DataError, choose
from forecast.sources.live.session import KINDS, Kind, Limits, Session

AGENT = "highincome-forecast (data update)"
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
CHUNK = 65536
HEAD = 512
MARKUP = (b"<!doc", b"<html", b"<?xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that arrived whole: its address, place, sha256, size and time (ISO 8601)."""

    url: str
    path: Path
    sha256: str
    size: int
    retrieved: str


class _Again(Exception):
    """Why another attempt may succeed; ``wait``: the seconds that the service asks for."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


def download(url: str, session: Session, kind: str, sha256: str = "") -> Received:
    """Return the file at ``url``, fetched into the session's folder.

    Repeated after time-outs, lost or short connections, 408, 425, 429 and 5xx, with pauses that
    double. A transfer that broke off goes on where it stopped, if the service names the version
    (``ETag`` or ``Last-Modified``) and still has the same; the bytes stay in ``<file>.part``.

    Parameters
    ----------
    url : str
    session : Session
    kind : {"json", "workbook", "panel", "table", "sdmx"}
    sha256 : str
        Of the file that must arrive; empty where any may.

    Raises
    ------
    DataError
        Naming host and path, what was found and what is expected.
    """
    expected = choose(kind, KINDS, "kind of download", DataError)
    if not url.startswith(("https://", "http://")):
        raise DataError(f"{url}: found no web address, must begin https:// (or http://)")
    session.folder.mkdir(parents=True, exist_ok=True)
    before = arrived(url, session)
    if before is not None and sha256 in {"", before.sha256}:
        return before
    if session.offline:
        raise DataError(f"{place(url)}: found nothing that was fetched before, must be asked for")
    path = _path(url, session)
    part = path.with_suffix(".part")
    why = ""
    for attempt in range(1, session.limits.attempts + 1):
        try:
            _transfer(url, part, expected, session)
            break
        except _Again as reason:
            why = str(reason)
            if attempt < session.limits.attempts:
                _pause(url, attempt, reason, session)
    else:
        raise DataError(
            f"{place(url)}: found {why}, {session.limits.attempts} times; must be a whole reply; "
            "try again later: what has arrived is kept"
        )
    _check_content(url, part, expected)
    return _keep(url, part, path, sha256, session)


def place(url: str) -> str:
    """Return host and path of an address, as messages name it: no query, no credentials."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"


def arrived(url: str, session: Session) -> Received | None:
    """Return what an earlier run fetched, if it is whole and fresh."""
    path = _path(url, session)
    note = _note(path.with_suffix(".json"))
    try:
        age = session.clock() - datetime.fromisoformat(note["retrieved"])
        data = path.read_bytes()
    except (KeyError, TypeError, ValueError, OSError):
        return None
    same = note.get("url") == url and hashlib.sha256(data).hexdigest() == note.get("sha256")
    if not same or not timedelta(0) <= age <= session.fresh:
        return None
    return Received(
        url=url, path=path, sha256=note["sha256"], size=len(data), retrieved=note["retrieved"]
    )


def _path(url: str, session: Session) -> Path:
    return session.folder / hashlib.sha256(url.encode()).hexdigest()[:20]


def _note(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _pause(url: str, attempt: int, reason: _Again, session: Session) -> None:
    limits = session.limits
    if reason.wait > limits.longest_pause:
        raise DataError(
            f"{place(url)}: found {reason}, and is asked to come back in {reason.wait:.0f} s; "
            f"must be at most {limits.longest_pause:.0f} s; try again later"
        )
    backoff = min(limits.longest_pause, limits.first_pause * 2.0 ** (attempt - 1))
    seconds = max(reason.wait, backoff * float(session.rng.uniform(0.5, 1.0)))
    session.tell(f"  {place(url)}: {reason}; trying again in {seconds:.0f} s")
    session.sleep(seconds)


def _transfer(url: str, part: Path, kind: Kind, session: Session) -> None:
    """Bring ``part`` to the whole file, or raise."""
    have, version = _begun(url, part)
    headers = {"User-Agent": AGENT, "Accept": ", ".join((*kind.types, "*/*;q=0.1"))}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    opener = urllib.request.build_opener(_redirects(session.limits.redirects))
    try:
        request = urllib.request.Request(url, headers=headers)
        with opener.open(request, timeout=session.limits.timeout) as reply:
            total = _check_headers(url, reply, have, part, kind, session.limits)
            start = have if reply.status == http.HTTPStatus.PARTIAL_CONTENT else 0
            _write(url, reply, part, start, total, session)
    except HTTPError as error:
        _refused(url, error, part, session)
    except URLError as error:
        raise _Again(f"no connection ({_plain(error.reason)})") from None
    except TimeoutError:
        raise _Again(f"no byte for {session.limits.timeout:g} s") from None
    except (http.client.HTTPException, ConnectionError) as error:
        raise _Again(f"a broken reply ({_plain(error)})") from None
    except ValueError as error:
        raise DataError(f"{place(url) or url}: is not an address: {error}") from None


def _redirects(most: int) -> urllib.request.HTTPRedirectHandler:
    """Return what follows so many redirects, to web addresses only, from https only to https."""

    class Handler(urllib.request.HTTPRedirectHandler):
        max_redirections = most
        max_repeats = 1

        def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
            allowed = {"https"} if req.full_url.startswith("https:") else {"https", "http"}
            if urlsplit(newurl).scheme not in allowed:
                raise HTTPError(newurl, code, f"to {newurl[:60]!r}", headers, fp)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    return Handler()


def _begun(url: str, part: Path) -> tuple[int, str]:
    """Return the bytes of an earlier attempt and the version they are of; (0, "") for none."""
    note = _note(part.with_suffix(".part.json"))
    version = str(note.get("version") or "")
    if not part.is_file() or not version or note.get("url") != url:
        return 0, ""
    return part.stat().st_size, version


def _check_headers(
    url: str, reply: Any, have: int, part: Path, kind: Kind, limits: Limits
) -> int | None:
    """Return the file's whole size where it is told; refuse what cannot be right."""
    stated = str(reply.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if stated and stated not in kind.types:
        raise DataError(
            f"{place(url)}: found content type {stated!r}, must be {' or '.join(kind.types)}"
        )
    if (reply.headers.get("Content-Encoding") or "identity") != "identity":
        raise DataError(
            f"{place(url)}: found Content-Encoding {reply.headers['Content-Encoding']!r}, "
            "must be none"
        )
    length = reply.headers.get("Content-Length")
    total = int(length) if length and length.isdigit() else None
    if reply.status == http.HTTPStatus.PARTIAL_CONTENT:
        start = str(reply.headers.get("Content-Range") or "").removeprefix("bytes ")
        if start.partition("-")[0] != str(have):
            part.unlink(missing_ok=True)
            raise _Again(f"the range {start!r} in place of that from byte {have}")
        total = None if total is None else have + total
    else:
        version = reply.headers.get("ETag") or reply.headers.get("Last-Modified") or ""
        usable = "" if version.startswith("W/") else version
        note = json.dumps({"url": url, "version": usable})
        part.unlink(missing_ok=True)  # first: bytes of an older version never stand under this note
        part.with_suffix(".part.json").write_text(note, encoding="utf-8")
    if total is not None and total > limits.size:
        raise DataError(f"{place(url)}: found {total} bytes, must be at most {limits.size}")
    return total


def _write(
    url: str, reply: Any, part: Path, start: int, total: int | None, session: Session
) -> None:
    began = session.clock()
    size = start
    with part.open("ab" if start else "wb") as file:
        while data := reply.read1(CHUNK):
            size += len(data)
            if size > session.limits.size:
                file.close()
                part.unlink()
                raise DataError(
                    f"{place(url)}: found more than {session.limits.size} bytes, "
                    f"must be at most {session.limits.size}"
                )
            file.write(data)
            if (session.clock() - began).total_seconds() > session.limits.patience:
                raise _Again(f"{size} bytes after {session.limits.patience:g} s, not yet whole")
    if total is not None and size != total:
        if size > total:
            part.unlink()
        raise _Again(f"{size} of {total} bytes")


def _refused(url: str, error: HTTPError, part: Path, session: Session) -> None:
    with error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            raise _Again("a range that is no more there") from None
        if error.code in BUSY:
            raise _Again(f"HTTP {error.code}", _wait(error.headers, session)) from None
        if 300 <= error.code < 400:
            what = error.reason if str(error.reason).startswith("to ") else "in a circle or too far"
            raise DataError(
                f"{place(url)}: found a redirect {what}, must be at most "
                f"{session.limits.redirects}, each to another web address (https stays https)"
            ) from None
        raise DataError(
            f"{place(url)}: found HTTP {error.code} ({error.reason}), must be 200"
        ) from None


def _wait(headers: Any, session: Session) -> float:
    """Return the seconds of ``Retry-After``, given as such or as a date."""
    asked = str(headers.get("Retry-After") or "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - session.clock()).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _plain(error: object) -> str:
    return str(error) or type(error).__name__


def _check_content(url: str, part: Path, kind: Kind) -> None:
    with part.open("rb") as file:
        head = file.read(HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    markup = head[:5].lower().startswith(MARKUP)
    good = head.startswith(kind.starts) if kind.starts else bool(head) and not markup
    if good:
        return
    part.unlink()
    begins = " or ".join(repr(s.decode("latin-1")) for s in kind.starts) or "text that is no markup"
    found = head[:40].decode("utf-8", "replace")
    raise DataError(f"{place(url)}: found a reply that begins {found!r}, must begin {begins}")


def _keep(url: str, part: Path, path: Path, sha256: str, session: Session) -> Received:
    data = part.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if sha256 and found != sha256:
        part.unlink()
        raise DataError(f"{place(url)}: found sha256 {found[:12]}..., must be {sha256[:12]}...")
    retrieved = session.clock().isoformat(timespec="seconds")
    part.replace(path)
    part.with_suffix(".part.json").unlink(missing_ok=True)
    note = path.with_suffix(".json.new")
    note.write_text(
        json.dumps({"url": url, "sha256": found, "retrieved": retrieved}), encoding="utf-8"
    )
    note.replace(path.with_suffix(".json"))
    return Received(url=url, path=path, sha256=found, size=len(data), retrieved=retrieved)
