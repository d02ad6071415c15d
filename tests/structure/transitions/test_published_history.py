"""The World Bank's whole history against what is counted from it (needs FORECAST_RAW)."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from forecast.sources.package.package import DataPackage
from forecast.statistics.income_classes.classes import CLASSES, class_changes
from forecast.structure.transitions.became import passage_list
from forecast.structure.transitions.matrices import class_transitions
from forecast.structure.transitions.passages import BOUNDARIES, class_passages, passages_by_year
from forecast.structure.transitions.spells import class_spells
from places import ROOT

FLOWS = ROOT / "tests" / "reference" / "structure" / "decade_flows.csv"
YEARS = range(1987, 2026)

pytestmark = pytest.mark.raw
Cells = dict[tuple[str, int], str]


@pytest.fixture(scope="module")
def cells(raw_dir: Path) -> Cells:
    """Return class by economy and year, read by nothing of the package."""
    with (raw_dir / "income_classes_2026-07-01.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {(r["iso3"], int(r["year"])): r["income_class"].rstrip("*") for r in rows}


@pytest.fixture(scope="module")
def history(cells: Cells) -> pd.DataFrame:
    """Return the same as a table."""
    rows = [(country, year, income_class) for (country, year), income_class in cells.items()]
    return pd.DataFrame(rows, columns=["country", "year", "income_class"])


def _moves(cells: Cells) -> list[tuple[str, int, int, int]]:
    """Return country, year, rank before and after of each change: a walk through the cells."""
    found = []
    for country in sorted({country for country, _ in cells}):
        known = [(y, CLASSES.index(cells[country, y])) for y in YEARS if (country, y) in cells]
        found += [(country, y, a, b) for (_, a), (y, b) in pairwise(known) if a != b]
    return found


def test_passages_are_the_history_s_for_every_economy_and_year(
    cells: Cells, history: pd.DataFrame, starter: DataPackage
):
    """223 economies, 39 years: every passage, no other, from the history and from the starter."""
    assert len({country for country, _ in cells}) == 223
    assert {year for _, year in cells} == set(YEARS)
    counted = Counter(
        (year, country, BOUNDARIES[k], 1 if b > a else -1)
        for country, year, a, b in _moves(cells)
        for k in range(min(a, b), max(a, b))
    )
    for changes in (class_changes(history), starter.table("class_changes")):
        rows = class_passages(changes)[["year", "country", "boundary", "direction"]]
        assert Counter(map(tuple, rows.to_numpy().tolist())) == counted
    by_year = passages_by_year(class_passages(class_changes(history)))
    for year, boundary, up, down in by_year[["year", "boundary", "up", "down"]].itertuples(
        index=False
    ):
        own = [key[3] for key in counted.elements() if key[0] == year and key[2] == boundary]
        assert (up, down) == (own.count(1), own.count(-1))


def test_the_list_of_the_high_line_is_the_history_s(cells: Cells, history: pd.DataFrame):
    """Who, when, and the year of falling back, from the walk through the cells."""
    moves, high = _moves(cells), CLASSES.index("H")
    falls = [(country, year) for country, year, a, _ in moves if a == high]
    expected = {
        (country, year): min((y for c, y in falls if c == country and y > year), default=None)
        for country, year, _, b in moves
        if b == high
    }
    found = passage_list(class_changes(history))

    assert {
        (c, y): None if pd.isna(fell) else int(fell)
        for c, y, fell in found[["country", "year", "fell"]].itertuples(index=False)
    } == expected


def test_spells_and_pairs_are_the_history_s(cells: Cells, history: pd.DataFrame):
    """Every classified year lies in one spell of its class; every pair of years is one count."""
    spells = class_spells(history)
    inside = {
        (country, year): income_class
        for country, income_class, first, last in spells[
            ["country", "income_class", "first", "last"]
        ].itertuples(index=False)
        for year in range(first, last + 1)
        if (country, year) in cells
    }
    assert inside == cells
    assert spells["classified"].sum() == len(cells)
    counted = Counter((cells[c, y], k) for (c, y1), k in cells.items() if (c, y := y1 - 1) in cells)
    matrix = class_transitions(history, 1988, 2025).counts
    for i, start in enumerate(CLASSES):
        assert matrix[i].tolist() == [counted[start, to] for to in CLASSES]


def test_flows_between_decades_are_those_that_others_count(history: pd.DataFrame):
    """Economies from class to class, as Moving Frontiers publishes them: 29 counts, exactly."""
    spells = class_spells(history)
    classes = {
        year: spells[(spells["first"] <= year) & (spells["last"] >= year)].set_index("country")[
            "income_class"
        ]
        for year in (1990, 2000, 2010, 2020)
    }
    with FLOWS.open(encoding="utf-8") as lines:
        printed = {
            (int(r["from_year"]), int(r["to_year"]), r["from_class"], r["to_class"]): int(
                r["economies"]
            )
            for r in csv.DictReader(lines)
        }
    counted: Counter[tuple[int, int, str, str]] = Counter()
    for first, last in pairwise(classes):
        both = pd.concat([classes[first], classes[last]], axis=1, join="inner")
        counted.update((first, last, a, b) for a, b in both.to_numpy().tolist())

    assert counted == printed
