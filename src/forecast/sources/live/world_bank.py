"""World Development Indicators by the World Bank's API, version 2; older vintages by source 57.

The documented JSON protocol is spoken through the project's own downloader: wbgapi keeps its
address in a module variable, asks without retries, size limit or resume, and trusts the paging
that is checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from forecast.errors import DataError
from forecast.sources.live.download import Received, download, place
from forecast.sources.live.protocol import LONG, Fetched, Request, Source, refuse_twice, since
from forecast.sources.live.session import Session

NAME = "World Bank, WDI"
TITLE = "World Bank, World Development Indicators"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """One indicator: rows (country, year, value), the publisher's name, its date, its pages."""

    rows: pd.DataFrame
    label: str
    updated: str
    pages: tuple[Received, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    number: int
    pages: int
    total: int
    updated: str
    items: tuple[Any, ...]


class _UnknownCode(Exception):
    """The service does not know the indicator."""


Reader = Callable[[str, Any], tuple[str, int, float | None, str]]


def plan(request: Request) -> list[str]:
    """Return the address of each indicator's first page."""
    return [_address(request, code, 1) for code in request.codes(NAME)]


def fetch(request: Request, session: Session) -> Fetched:
    """Return every World Development Indicator of the dictionary, all economies and aggregates.

    Raises
    ------
    DataError
        If a reply is not of the documented form, a page is empty, missing or comes twice, an
        indicator has no value or is unknown under all its names, the vintage is not archived, or
        the publisher replaced the data meanwhile.
    """
    if request.vintage:
        _check_version(request, session)
    codes = request.codes(NAME)
    found: dict[str, _Series] = {}
    used: dict[str, str] = {}
    for number, code in enumerate(codes, start=1):
        session.tell(f"  {code} ({number} of {len(codes)})")
        used[code], found[code] = _under_any_name(request, code, session)
    updated = {series.updated for series in found.values()}
    if len(updated) != 1:
        raise DataError(
            f"{place(request.endpoints.world_bank.api)}: found data of {', '.join(sorted(updated))}"
            f", must be of one date; delete {session.folder} and run again"
        )
    frame = pd.concat(
        [series.rows.assign(variable=codes[code]) for code, series in found.items()],
        ignore_index=True,
    ).loc[:, list(LONG)]
    pages = [page for series in found.values() for page in series.pages]
    vintage = f"{request.vintage}-01" if request.vintage else updated.pop()
    origin = SOURCE.origin(
        f"{TITLE}, {vintage}",
        vintage,
        {_file_name(page.url): page.sha256 for page in pages},
        max(page.retrieved for page in pages),
    )
    renamed = {codes[code]: name for code, name in used.items() if name != code}
    units = {codes[code]: series.label for code, series in found.items()}
    told = tuple(f"{name}: read under its former code {code}" for name, code in renamed.items())
    told += tuple(_rebased(request, units))
    return Fetched(
        frames={"wdi": since(frame, request)},
        origins={"wdi": replace(origin, codes=renamed, transformations=told)},
        units=units,
    )


def _under_any_name(request: Request, code: str, session: Session) -> tuple[str, _Series]:
    names = [code, *request.endpoints.world_bank.renamed.get(code, [])]
    for name in names:
        try:
            return name, _series(request, name, session)
        except _UnknownCode as reason:
            why = str(reason)
    raise DataError(
        f"{place(_address(request, code, 1))}: found {why}, must be an indicator of this vintage; "
        f"tried {', '.join(names)}; other names go into [world_bank.renamed] of the endpoints"
    )


def _series(request: Request, code: str, session: Session) -> _Series:
    """Return all pages of one indicator after checking that together they are whole."""
    read: Reader = _archived if request.vintage else _present
    first, received = _page(request, code, 1, session)
    pages, files = [first], [received]
    for number in range(2, first.pages + 1):
        page, received = _page(request, code, number, session)
        where = place(received.url)
        if (page.pages, page.total, page.updated) != (first.pages, first.total, first.updated):
            raise DataError(
                f"{where}, page {number}: found {page.total} rows of {page.updated}, must be "
                f"{first.total} of {first.updated} as page 1 says; run again"
            )
        pages.append(page)
        files.append(received)
    where = place(files[0].url)
    rows: list[tuple[str, int, float | None]] = []
    label = ""
    for page in pages:
        if not page.items:
            raise DataError(f"{where}, page {page.number}: found no row, must have some")
        for item in page.items:
            country, year, value, label = read(f"{where}, page {page.number}", item)
            rows.append((country, year, value))
    frame = pd.DataFrame(rows, columns=["country", "year", "value"])
    known = frame[frame["country"] != ""]
    refuse_twice(known, ("country", "year"), where)
    if len(frame) != first.total:
        raise DataError(f"{where}: found {len(frame)} rows, must be {first.total}")
    valued = known.assign(value=known["value"].astype(float)).dropna(subset=["value"])
    if valued.empty:
        raise DataError(f"{where}: found no value in {len(frame)} rows, must have some")
    return _Series(rows=valued, label=label, updated=first.updated, pages=tuple(files))


def _address(request: Request, code: str, page: int) -> str:
    bank = request.endpoints.world_bank
    query: dict[str, Any] = {"format": "json", "per_page": bank.per_page, "page": page}
    if request.vintage:
        version = request.vintage.replace("-", "")
        path = f"sources/{bank.archives}/country/all/series/{code}/time/all/version/{version}/data"
    else:
        path = f"country/all/indicator/{code}"
        query["source"] = bank.source
    return f"{bank.api}/{path}?{urlencode(query)}"


def _file_name(url: str) -> str:
    found = re.search(r"/(?:indicator|series)/([^/?]+)", url)
    page = re.search(r"[?&]page=(\d+)", url)
    return f"{found.group(1) if found else url}, page {page.group(1) if page else 1}"


def _page(request: Request, code: str, number: int, session: Session) -> tuple[_Page, Received]:
    received = download(_address(request, code, number), session, "json")
    where = f"{place(received.url)}, page {number}"
    reply = _json(received, where)
    head, items = _split(reply, where)
    whole = ("page", "pages", "total")
    try:
        page, pages, total = (int(head[key]) for key in whole)
        updated = str(head["lastupdated"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{where}: found a header that lacks or misstates {error}; must have "
            f"{', '.join(whole)} and lastupdated"
        ) from None
    if total == 0:
        raise _UnknownCode("no row at all")
    if page != number:
        raise DataError(f"{where}: found page {page}, must be page {number}")
    made = _Page(number=page, pages=pages, total=total, updated=updated, items=tuple(items))
    return made, received


def _json(received: Received, where: str) -> Any:
    try:
        return json.loads(received.path.read_bytes())
    except ValueError as error:
        received.path.unlink()
        raise DataError(f"{where}: found text that is not JSON ({error}), must be JSON") from None


def _split(reply: Any, where: str) -> tuple[Mapping[str, Any], list[Any]]:
    """Return header and rows of either form of reply, or raise what its message says."""
    head = reply[0] if isinstance(reply, list) and reply else reply
    if not isinstance(head, dict):
        raise DataError(f"{where}: found {type(reply).__name__}, must be a header and rows")
    if "message" in head:
        raise _UnknownCode(_message(head["message"]))
    if isinstance(reply, list):
        items: Any = reply[1] if len(reply) > 1 else None
    else:
        source = reply.get("source")
        items = source.get("data") if isinstance(source, dict) else None
    if items is not None and not isinstance(items, list):
        raise DataError(f"{where}: found {type(items).__name__} for rows, must be a list")
    return head, items or []


def _message(message: Any) -> str:
    first = message[0] if isinstance(message, list) and message else message
    if isinstance(first, dict):
        return f"{first.get('key', 'a message')}: {first.get('value', '')}".rstrip(": ")
    return str(first)


def _present(where: str, item: Any) -> tuple[str, int, float | None, str]:
    """Return country, year, value and the indicator's name of a row of the indicators' API."""
    try:
        country, label = str(item["countryiso3code"]), str(item["indicator"]["value"])
        return country, int(item["date"]), _number(item["value"]), label
    except (KeyError, TypeError, ValueError) as error:
        raise _drift(where, item, error, "countryiso3code, date, value and indicator") from None


def _archived(where: str, item: Any) -> tuple[str, int, float | None, str]:
    """Return the same of a row of the archives, whose dimensions are a list."""
    try:
        found = {str(v["concept"]).lower(): v for v in item["variable"]}
        year = int(str(found["time"]["id"]).upper().removeprefix("YR"))
        country, label = str(found["country"]["id"]), str(found["series"]["value"])
        return country, year, _number(item["value"]), label
    except (KeyError, TypeError, ValueError) as error:
        raise _drift(where, item, error, "value and variable (Country, Series, Time)") from None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        raise TypeError(f"value {value!r}")
    return None if value is None else float(value)


def _drift(where: str, item: Any, error: Exception, needed: str) -> DataError:
    return DataError(
        f"{where}: found a row that lacks or misstates {error}: {str(item)[:120]}; must have "
        f"{needed}: the service's form may have changed"
    )


def _check_version(request: Request, session: Session) -> None:
    """Refuse a vintage that the archives do not have, naming the nearest ones."""
    bank = request.endpoints.world_bank
    query = urlencode({"format": "json", "per_page": 1000, "page": 1})
    received = download(f"{bank.api}/sources/{bank.archives}/version/data?{query}", session, "json")
    where = place(received.url)
    try:
        listed = _json(received, where)["source"][0]["concept"][0]["variable"]
        months = sorted(f"{v['id'][:4]}-{v['id'][4:6]}" for v in listed)
    except (KeyError, IndexError, TypeError) as error:
        raise DataError(f"{where}: found no list of versions ({error}), must have one") from None
    if request.vintage not in months:
        near = [m for m in months if m <= request.vintage][-2:]
        near += [m for m in months if m > request.vintage][:2]
        raise DataError(
            f"--vintage: found {request.vintage!r}, must be an archived month of the World "
            f"Development Indicators; nearest: {', '.join(near) or 'none'}"
        )


def _rebased(request: Request, units: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable whose base year is not the dictionary's."""
    told = []
    for name, label in units.items():
        here = re.search(r"constant (\d{4})", label)
        there = re.search(r"constant (\d{4})", request.variables.find(name).unit)
        if here and there and here.group(1) != there.group(1):
            told.append(
                f"{name}: published in prices of {here.group(1)}, the dictionary's unit says "
                f"{there.group(1)}: compare growth and ratios, not levels"
            )
    return told


SOURCE = Source(
    name="world_bank",
    publisher="World Bank",
    licence="CC-BY-4.0",
    attribution="The World Bank: World Development Indicators",
    page="https://datacatalog.worldbank.org/search/dataset/0037712",
    plan=plan,
    fetch=fetch,
)
