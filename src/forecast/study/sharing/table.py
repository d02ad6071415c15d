"""Models side by side, or tests, in any form: what ``forecast table`` and ``test`` print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forecast.diagnostics.record import TestResult, TestTable
from forecast.diagnostics.run_test import run_test
from forecast.errors import ForecastError, SpecError
from forecast.estimation.averaging.with_prior import beside_data_alone
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.reporting.regression.cells import TableCells
from forecast.reporting.regression.regression_table import regression_cells
from forecast.reporting.regression.tests_table import cells_of_tests
from forecast.reporting.regression.typeset import typeset, typeset_file
from forecast.reporting.regression.words import form_of
from forecast.reporting.write import check_file
from forecast.specs.changed import changed
from forecast.specs.read import read_declaration
from forecast.specs.table import TableColumn, TableSpec
from forecast.specs.tests.table import FOOT_TESTS
from forecast.study.own_panel import labels_for
from forecast.variables import Variables


def table(
    estimates: Estimate | Sequence[Estimate] | TestResult | TestTable,
    *,
    format: str | None = None,
    out: Path | str | None = None,
    spec: Path | str | TableSpec | None = None,
    panel: Panel | None = None,
    **options: Any,
) -> str | bytes:
    """Return models side by side, or tests, and write them to a file where one is named.

    Parameters
    ----------
    estimates : Estimate or sequence of Estimate, TestResult or TestTable
        Estimates in the order of the columns; tests as `forecast.test` returns them.
    format : {"text", "md", "html", "tex", "docx", "typst", "csv", "json", "xlsx"}, optional
        By default what the ending of ``out`` says, or text.
    out : Path or str, optional
        File to write.
    spec : Path, str or TableSpec, optional
        A table's TOML file, or what is read from one; its columns give headings and groups.
    panel : Panel, optional
        Needed for ``tests``: the one that the estimates come from. A panel of your own keeps its
        columns' names as labels.
    **options
        Fields of `forecast.specs.table.TableSpec`, the words of the command line: ``stars``,
        ``foot``, ``tests``, ``caption``, ``spanners`` ...

    Returns
    -------
    str or bytes
        Bytes for ``docx`` and ``xlsx``.

    Raises
    ------
    SpecError
        If an option is not one of those, or ``format`` and ``out`` disagree.
    """
    path = None if out is None else Path(out)
    form = form_of(format, path)
    layout = changed(_layout(spec), **options)
    if path is not None:
        check_file(path, "out")
    if isinstance(estimates, TestResult | TestTable):
        cells = tests_cells(estimates, layout)
    else:
        found = [estimates] if isinstance(estimates, Estimate) else list(estimates)
        cells = _of_models(found, panel, layout)
    return typeset(cells, form) if path is None else typeset_file(cells, form, path)


def tests_cells(tests: TestResult | TestTable, layout: TableSpec) -> TableCells:
    """Return the cells of a table of tests, or of a single one."""
    if isinstance(tests, TestResult):
        tests = TestTable(results=(("", "", tests),))
    return cells_of_tests(tests, layout)


def _of_models(found: Sequence[Estimate], panel: Panel | None, layout: TableSpec) -> TableCells:
    if layout.tests and panel is None:
        raise SpecError("table: tests need panel=, the one that the estimates come from")
    panels = {} if panel is None else {one.spec.table: panel for one in found}
    return model_cells(found, panels, layout, labels_for(panel))


def model_cells(
    estimates: Sequence[Estimate],
    panels: Mapping[str, Panel],
    layout: TableSpec,
    variables: Variables,
    source: str = "",
) -> TableCells:
    """Return the cells of a table of models, its tests made now.

    An estimate with a prior has what the data alone say beside it.

    Parameters
    ----------
    panels : mapping of table to Panel
        Those that the estimates come from; used by tests alone.
    """
    shown = beside_data_alone(list(estimates))
    if len(shown) > len(estimates) and layout.columns:
        layout = changed(layout, columns=_beside(estimates, layout.columns))
    tests = [_tests(layout, panels[one.spec.table], one) if layout.tests else {} for one in shown]
    return regression_cells(shown, variables, layout, source=source, tests=tests)


def _layout(spec: Path | str | TableSpec | None) -> TableSpec:
    if isinstance(spec, TableSpec):
        return spec
    return TableSpec() if spec is None else read_declaration(Path(spec), TableSpec)


def _beside(estimates: Sequence[Estimate], columns: Sequence[TableColumn]) -> list[TableColumn]:
    """Return the columns with one more for what the data alone say, under the same spanner."""
    found = []
    for one, column in zip(estimates, columns, strict=True):
        found.append(column)
        if one.data_alone is not None:
            heading = f"{column.heading}, data alone" if column.heading else ""
            found.append(changed(column, heading=heading))
    return found


def _tests(layout: TableSpec, panel: Panel, one: Estimate) -> dict[str, str]:
    """Return each test's row at the foot: the p-value, empty where the test does not apply."""
    rows = {}
    for name in layout.tests:
        try:
            # the same weights each time: a table's bytes depend on its data alone
            p_value = run_test(name, panel, one, np.random.default_rng(0)).p_value
        except ForecastError:  # it does not go with the model
            p_value = float("nan")
        rows[f"{FOOT_TESTS[name]} (p)"] = f"{p_value:.3f}" if np.isfinite(p_value) else ""
    return rows
