"""The World Bank's income classification: history and thresholds, from its workbook OGHIST."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from forecast.errors import DataError
from forecast.sources.live.download import download, place
from forecast.sources.live.protocol import Fetched, Request, Source, refuse_twice
from forecast.sources.live.session import Session
from forecast.sources.readers.workbook import SheetRow, read_sheets

HISTORY, THRESHOLDS = "Country Analytical History", "Thresholds"
CLASSES = ("L", "LM", "LM*", "UM", "H")
EMPTY = ("", "..")
FIRST_YEAR = 1987
FEWEST_YEARS = 3
LABELS = {
    "low": "low income",
    "lower_middle": "lower middle income",
    "upper_middle": "upper middle income",
    "high": "high income",
}
PUBLISHED = 7  # July of the year after the data year


def plan(request: Request) -> list[str]:
    """Return the workbook's address."""
    return [request.endpoints.income_classes.url]


def fetch(request: Request, session: Session) -> Fetched:
    """Return the tables ``classes`` (country, year, income_class) and ``thresholds``.

    Years are data years: that of the income, not the fiscal year. Of a past vintage, only the
    data years published by then are kept; the workbook does not tell what was revised later.

    Raises
    ------
    DataError
        If the workbook, its two sheets, the row of years, a class or a threshold is not as
        published.
    """
    endpoint = request.endpoints.income_classes
    received = download(endpoint.url, session, "workbook", endpoint.sha256)
    where = place(endpoint.url)
    sheets = read_sheets(received.path, (HISTORY, THRESHOLDS), where)
    classes = _classes(sheets[HISTORY], f"{where}, sheet {HISTORY!r}")
    lines = _thresholds(sheets[THRESHOLDS], f"{where}, sheet {THRESHOLDS!r}")
    if request.vintage:
        year, month = map(int, request.vintage.split("-"))
        last = year - 1 if month >= PUBLISHED else year - 2
        classes, lines = classes[classes["year"] <= last], lines[lines["year"] <= last]
    if lines.empty or classes.empty:
        raise DataError(f"{where}: found no data year up to {request.vintage}, must have some")
    if classes["year"].max() != lines["year"].max():
        raise DataError(
            f"{where}: found classes to {classes['year'].max()} and thresholds to "
            f"{lines['year'].max()}, must end in the same data year"
        )
    dated = f"{lines['year'].max() + 1}-0{PUBLISHED}-01"
    origin = SOURCE.origin(
        f"World Bank, income classification and thresholds, {dated}",
        dated,
        {"OGHIST.xlsx": received.sha256},
        received.retrieved,
    )
    return Fetched(
        origins={"classification": origin},
        tables={
            "classes": classes.reset_index(drop=True),
            "thresholds": lines.reset_index(drop=True),
        },
        units=dict.fromkeys(lines.columns[1:], "current US$, Atlas method"),
    )


def _years(rows: Sequence[SheetRow], where: str) -> tuple[int, dict[int, int]]:
    """Return the row of calendar years, and the year of each column."""
    for number, row in enumerate(rows):
        years = {place_: _year(cell) for place_, cell in enumerate(row)}
        found = {place_: year for place_, year in years.items() if year is not None}
        if len(found) >= FEWEST_YEARS:
            values = list(found.values())
            if values != list(range(values[0], values[0] + len(values))):
                raise DataError(f"{where}: row {number + 1}: years must follow one another")
            return number, found
    raise DataError(f"{where}: found no row of calendar years from {FIRST_YEAR}, must have one")


def _year(cell: object) -> int | None:
    text = str(cell).strip().removesuffix(".0")
    return int(text) if re.fullmatch(r"(19|20)\d\d", text) else None


def _classes(rows: Sequence[SheetRow], where: str) -> pd.DataFrame:
    header, years = _years(rows, where)
    found = []
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        code = str(row[0] or "").strip() if row else ""
        if not re.fullmatch(r"[A-Z]{3}", code):
            continue
        for column, year in years.items():
            cell = str((row[column] if column < len(row) else "") or "").strip()
            if cell in EMPTY:
                continue
            if cell not in CLASSES:
                raise DataError(
                    f"{where}: row {number}, {code} in {year}: found {cell!r}, must be one of "
                    f"{', '.join(CLASSES)} or empty"
                )
            found.append((code, year, cell))
    if not found:
        raise DataError(f"{where}: found no economy with a code of three letters, must have some")
    frame = pd.DataFrame(found, columns=["country", "year", "income_class"])
    refuse_twice(frame, ("country", "year"), where)
    return frame.sort_values(["country", "year"], ignore_index=True)


def _thresholds(rows: Sequence[SheetRow], where: str) -> pd.DataFrame:
    header, years = _years(rows, where)
    cells: dict[str, SheetRow] = {}
    for row in rows[header + 1 :]:
        words = [str(c).strip().lower() for c in row[:3] if isinstance(c, str)]
        for key, label in LABELS.items():
            if key not in cells and any(w.startswith(label) for w in words):
                cells[key] = row
    missing = [LABELS[key] for key in LABELS if key not in cells]
    if missing:
        raise DataError(f"{where}: found no row {missing[0]!r}, must have one")
    lines = []
    for column, year in years.items():
        read = {key: _numbers(row[column]) for key, row in cells.items() if column < len(row)}
        if all(not numbers for numbers in read.values()):
            continue
        lines.append((year, *_line(read, f"{where}: {year}")))
    columns = ["year", "low_at_most", "lower_middle_at_most", "high_above"]
    return pd.DataFrame(lines, columns=columns).sort_values("year", ignore_index=True)


def _numbers(cell: object) -> list[int]:
    """Return the whole numbers in a cell such as ``481-1,940`` or ``> 6,000``."""
    return [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", str(cell or ""))]


def _line(read: dict[str, list[int]], where: str) -> tuple[int, int, int]:
    """Return three limits after checking that the four groups meet without gap or overlap."""
    try:
        (low,), (high,) = read["low"], read["high"]
        (middle_from, middle), (upper_from, upper) = read["lower_middle"], read["upper_middle"]
    except (KeyError, ValueError):
        raise DataError(
            f"{where}: found {read}, must be one number for low and high income, two for "
            "lower and upper middle income"
        ) from None
    if (middle_from, upper_from, upper) != (low + 1, middle + 1, high):
        raise DataError(f"{where}: found {read}, must be groups that meet without gap or overlap")
    return low, middle, high


SOURCE = Source(
    name="income_classes",
    publisher="World Bank",
    licence="CC-BY-4.0",
    attribution="The World Bank: Country and Lending Groups",
    page="https://datahelpdesk.worldbank.org/knowledgebase/articles/906519",
    plan=plan,
    fetch=fetch,
)
