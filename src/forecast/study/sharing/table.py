"""Models side by side in any form: the table that ``forecast table`` prints, from estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from forecast.diagnostics.table_tests import table_test
from forecast.errors import SpecError
from forecast.estimation.averaging.with_prior import beside_data_alone
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.reporting.regression.cells import TableCells
from forecast.reporting.regression.regression_table import regression_cells
from forecast.reporting.regression.typeset import typeset, typeset_file
from forecast.reporting.regression.words import TEST_ROWS, form_of
from forecast.reporting.write import check_file
from forecast.specs.changed import changed
from forecast.specs.read import read_declaration
from forecast.specs.table import TableColumn, TableSpec
from forecast.study.own_panel import labels_for
from forecast.variables import Variables


def table(
    estimates: Estimate | Sequence[Estimate],
    *,
    format: str | None = None,
    out: Path | str | None = None,
    spec: Path | str | TableSpec | None = None,
    panel: Panel | None = None,
    **options: Any,
) -> str | bytes:
    """Return models side by side, and write them to a file where one is named.

    Parameters
    ----------
    estimates : Estimate or sequence of Estimate
        In the order of the columns.
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
    found = [estimates] if isinstance(estimates, Estimate) else list(estimates)
    path = None if out is None else Path(out)
    form = form_of(format, path)
    layout = changed(_layout(spec), **options)
    if layout.tests and panel is None:
        raise SpecError("table: tests need panel=, the one that the estimates come from")
    if path is not None:
        check_file(path, "out")
    panels = {} if panel is None else {one.spec.table: panel for one in found}
    cells = model_cells(found, panels, layout, labels_for(panel))
    return typeset(cells, form) if path is None else typeset_file(cells, form, path)


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
        # the same weights each time: a table's bytes depend on its data alone
        found = table_test(name, panel, one, np.random.default_rng(0))
        known = found is not None and np.isfinite(found.p_value)
        rows[f"{TEST_ROWS[name]} (p)"] = f"{found.p_value:.3f}" if found and known else ""
    return rows
