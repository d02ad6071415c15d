"""Models side by side in panels that a page holds."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.reporting.regression.cells import TableCells, page_panels


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatePanel:
    """Some models of a regression table.

    Attributes
    ----------
    header : column headings, the first empty.
    rows : label, cells of one or two lines, and whether the rows about the models begin here;
        coefficients that none of the models has are left out.
    """

    header: list[str]
    rows: list[tuple[str, list[list[str]], bool]]


def estimate_panels(regression: TableCells | None) -> list[EstimatePanel]:
    """Return the table in the panels that a page holds, in its order."""
    if regression is None:
        return []
    return [_panel(panel) for panel in page_panels(regression)]


def _panel(cells: TableCells) -> EstimatePanel:
    rows = [
        (label, [text.split("\n") for text in texts], part.about and number == 0)
        for part in cells.parts
        for number, (label, texts) in enumerate(part.rows)
    ]
    return EstimatePanel(header=["", *cells.header], rows=rows)
