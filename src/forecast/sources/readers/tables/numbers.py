"""Cells as numbers: marks of missing values, thousands, decimal commas, truth values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array
from forecast.sources.readers.tables.record import Column, as_text

# Publishers' marks: the World Bank's .., the IMF's n/a and --, Eurostat's :, Stata's ., R's NA.
MARKS = ".. ... n/a n.a. na nan #n/a null -- - \u2013 \u2014 : ."
MISSING = frozenset(["", *MARKS.split()])
TRUTH = {"true": 1.0, "false": 0.0}
PLAIN = frozenset("0123456789.+-eE")
GROUP = r" \u00a0\u202f\u2009'\u2019"  # blanks and apostrophes between thousands
THREES = {mark: re.compile(rf"[-+]?[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+") for mark in ",."}
DECIMALS = {
    ",": re.compile(r"[-+]?(?:\d*|\d{1,3}(?:\.\d{3})+),\d+"),
    ".": re.compile(r"[-+]?(?:\d*|\d{1,3}(?:,\d{3})+)\.\d+"),
}
NUMBER = {
    mark: re.compile(
        rf"[-+]?(?=\{mark}?\d)(?:\d{{1,3}}(?:[{GROUP}{other}]\d{{3}})+|\d+)?"
        rf"(?:\{mark}\d*)?(?:[eE][-+]?\d{{1,3}})?"
    )
    for mark, other in (".,", ",.")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column as numbers.

    Attributes
    ----------
    values : array (n,), NaN where missing; empty where a cell is no number.
    missing : mapping of str to int
        How often each mark of a missing value was met.
    bad : tuple (int, cell) or None
        Place and content of the first cell that is neither.
    """

    values: Array
    missing: Mapping[str, int]
    bad: tuple[int, object] | None = None


def read_numbers(cells: Column, decimal: str = ".") -> Numbers:
    """Return a column's numbers, or its first cell that is none.

    A number may have a sign, thousands in threes (comma, point, blank or apostrophe, whichever is
    not the decimal mark) and an exponent. A column of TRUE and FALSE alone is one of 1 and 0.
    """
    if isinstance(cells, np.ndarray):
        values = cells.astype(np.float64)
        gone = Counter({"": int(np.isnan(values).sum())})
        beyond = np.flatnonzero(np.isinf(values))
        bad = (int(beyond[0]), values[beyond[0]]) if len(beyond) else None
        return Numbers(values=values, missing=+gone, bad=bad)
    text = [cell if type(cell) is str else as_text(cell) for cell in cells]
    kinds = set(text)
    marks = {cell for cell in kinds if cell.casefold() in MISSING}
    known = _known(kinds - marks, decimal)
    for place, cell in enumerate(text):
        if cell not in known and cell not in marks:
            return Numbers(values=np.empty(0), missing={}, bad=(place, cell))
    gone = Counter(cell for cell in text if cell in marks)
    nothing = float("nan")
    values = np.array([known.get(cell, nothing) for cell in text], dtype=np.float64)
    return Numbers(values=values, missing=gone)


def are_words(cells: Column, decimal: str = ".") -> bool:
    """Say whether at most half of a column's cells, missing ones left out, are numbers."""
    text = [cell if type(cell) is str else as_text(cell) for cell in cells]
    there = [cell for cell in text if cell.casefold() not in MISSING]
    known = _known(set(there), decimal)
    return 2 * sum(cell in known for cell in there) <= len(there)


def _known(cells: set[str], decimal: str) -> dict[str, float]:
    """Return the value of each cell that is a number, correctly rounded."""
    if cells and all(cell.casefold() in TRUTH for cell in cells):
        return {cell: TRUTH[cell.casefold()] for cell in cells}
    found = {}
    other = "," if decimal == "." else "."
    for cell in cells:
        plain = cell.replace("\u2212", "-")
        if not (decimal == "." and PLAIN.issuperset(plain)):
            if not NUMBER[decimal].fullmatch(plain):
                continue
            plain = re.sub(rf"[{GROUP}{other}]", "", plain).replace(decimal, ".")
        try:
            value = float(plain)
        except ValueError:
            continue
        if np.isfinite(value):
            found[cell] = value
    return found


def decimal_mark(columns: Iterable[Iterable[str]], separator: str) -> str:
    """Return the mark before decimals, point or comma, by what the cells show.

    ``1,5`` and ``1.234,5`` speak for the comma, ``1.5`` and ``1,234.5`` for the point; ``1,234``
    alone is a thousand, save in a file separated by semicolons: there commas are for decimals. In
    workbooks and files separated by commas one number with a point decides for the point.
    """
    votes = dict.fromkeys(",.", 0)
    either = dict.fromkeys(",.", 0)
    for column in columns:
        for cell in set(column):
            for mark in votes:
                if mark in cell and DECIMALS[mark].fullmatch(cell):
                    if THREES[mark].fullmatch(cell):
                        either[mark] += 1
                    else:
                        votes[mark] += 1
    if separator in ",":
        return "," if votes[","] and not votes["."] + either["."] else "."
    if votes[","] == votes["."] == 0:
        return "," if either[","] and separator == ";" else "."
    return "," if votes[","] > votes["."] else "."
