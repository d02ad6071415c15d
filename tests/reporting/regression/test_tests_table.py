"""Tests as a table: sentences are to the left, and no line is wider than the terminal."""

from __future__ import annotations

import pytest

from forecast.diagnostics.record import TestResult, TestTable
from forecast.reporting.regression.cells import TableCells
from forecast.reporting.regression.tests_table import cells_of_tests
from forecast.reporting.regression.typeset import typeset
from forecast.specs.table import TableSpec

NULLS = ("residuals are uncorrelated between countries", "slopes are equal in all countries")


def _cells(things: int = 1) -> TableCells:
    made = [
        TestResult(name=f"Test {at}", statistic=1.5, df=at + 1, p_value=0.25, null=null)
        for at, null in enumerate(NULLS)
    ]
    results = [(f"model {n}", one.name, one) for n in range(things) for one in made]
    return cells_of_tests(
        TestTable(results=tuple(results), left_out={}, source="made"), TableSpec()
    )


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize("things", [1, 2])
def test_a_line_holds_the_table_and_its_sentences(width: int, things: int) -> None:
    """In one table, never in panels of columns: a test's null stands beside its number."""
    made = str(typeset(_cells(things), "text", width))

    assert max(map(len, made.splitlines())) <= width
    assert made.count("Table 1") == 1
    assert "Table 2" not in made
    for null in NULLS:
        assert [word for word in null.split() if word not in made] == []


@pytest.mark.parametrize(
    ("form", "sign"),
    [("md", "|:---|---:|---:|---:|:---|"), ("typst", "align: (left, center, center, center, left)"),
     ("html", "td:last-child,th:last-child{text-align:left}"), ("tex", r"\raggedright")],
)  # fmt: skip
def test_sentences_are_set_to_the_left(form: str, sign: str) -> None:
    """In every form that has sides."""
    made = str(typeset(_cells(), form))

    assert made.count(sign) == (2 if form == "tex" else 1)
