"""Tests as a table: statistic, distribution, p-value, null hypothesis."""

from __future__ import annotations

from math import isfinite

from forecast.diagnostics.record import TestResult, TestTable
from forecast.reporting.regression.cells import TableCells, TablePart
from forecast.specs.table import TableSpec

HEADER = ("Statistic", "Distribution", "p", "Null hypothesis")
LEAST = 0.001  # p-values below are said to be below


def cells_of_tests(tests: TestTable, layout: TableSpec) -> TableCells:
    """Return the cells of a table of tests, one row a test, one part for each thing tested.

    What was left out stands in the notes with its reason.

    Parameters
    ----------
    tests : TestTable
    layout : TableSpec
        Of it: ``caption``, ``label``, ``digits``, ``note``, ``notes``, ``most``, ``escape``.
    """
    things = list(dict.fromkeys(of for of, _, _ in tests.results))
    parts = [
        TablePart(
            heading=of if len(things) > 1 else "",
            rows=tuple(
                (one.name, _row(one, layout.digits)) for on, _, one in tests.results if on == of
            ),
        )
        for of in things
    ]
    usual = f"Tests: {things[0]}" if len(things) == 1 and things[0] else "Tests"
    return TableCells(
        header=HEADER,
        parts=tuple(parts),
        notes=_notes(tests, layout),
        caption=layout.caption or usual,
        label=layout.label,
        most=layout.most,
        apart=False,
        sentences=True,
        escape=layout.escape,
    )


def _row(one: TestResult, digits: int) -> tuple[str, ...]:
    p = one.p_value
    shown = "" if not isfinite(p) else f"<{LEAST}" if p < LEAST else f"{p:.3f}"
    statistic = f"{one.statistic:.{digits}f}" if isfinite(one.statistic) else ""
    return statistic, one.law, shown, one.null


def _notes(tests: TestTable, layout: TableSpec) -> str:
    if layout.notes == "own":
        return layout.note.strip()
    said = [layout.note.strip()] if layout.note.strip() else []
    many = len({of for of, _, _ in tests.results}) > 1
    for of, _, one in tests.results:
        if one.note:
            said.append(f"{one.name}{f', {of}' if many else ''}: {one.note}.")
    said += [f"Left out: {name}: {why}." for name, why in tests.left_out.items()]
    said += [f"Data: {tests.source}."] if tests.source else []
    return " ".join(said)
