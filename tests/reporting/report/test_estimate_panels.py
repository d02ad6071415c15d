"""Panels of a regression table: every model once, no row that is empty in all of a panel."""

from __future__ import annotations

import pytest

from forecast.reporting.regression.cells import MOST, TableCells, TablePart
from forecast.reporting.report.estimate_panels import estimate_panels


def _table(models: int) -> TableCells:
    first = tuple("1.0\n(0.1)" if i % 2 else "" for i in range(models))
    last = tuple("2.0" if i >= MOST else "" for i in range(models))
    rows = TablePart(rows=(("first", first), ("last", last)))
    about = TablePart(rows=(("rows", ("10",) * models),), about=True)
    return TableCells(header=tuple(f"m{i}" for i in range(models)), parts=(rows, about))


@pytest.mark.parametrize("models", [1, 5, 6, 7, 13])
def test_panels_hold_every_model_once(models: int) -> None:
    """In order, six at most; rows about models are in every panel."""
    panels = estimate_panels(_table(models))

    assert [name for panel in panels for name in panel.header[1:]] == [
        f"m{i}" for i in range(models)
    ]
    assert all(len(panel.header) - 1 <= MOST for panel in panels)
    for panel in panels:
        assert panel.rows[-1][0] == "rows"
        assert panel.rows[-1][2]
        assert all(len(cells) == len(panel.header) - 1 for _, cells, _ in panel.rows)
        for _, cells, _ in panel.rows[:-1]:
            assert any(line for lines in cells for line in lines)
    assert ("last" in [row[0] for row in panels[0].rows]) is False
    assert estimate_panels(None) == []


def test_a_standard_error_stands_under_its_coefficient() -> None:
    """One cell of two lines."""
    (label, cells, _), *_ = estimate_panels(_table(2))[0].rows

    assert label == "first"
    assert cells[1] == ["1.0", "(0.1)"]
