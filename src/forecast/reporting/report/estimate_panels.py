"""Models side by side in panels that a page holds."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.reporting.regression.regression_table import RegressionTable

MOST = 6  # models of a panel


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


def estimate_panels(regression: RegressionTable | None) -> list[EstimatePanel]:
    """Return the table in panels of at most six models, in its order."""
    if regression is None:
        return []
    rows = _joined(regression)
    panels = []
    for first in range(1, len(regression.header), MOST):
        columns = slice(first - 1, first - 1 + MOST)
        shown = [
            (label, cells[columns], begins)
            for label, cells, begins, about in rows
            if about or any(line for lines in cells[columns] for line in lines)
        ]
        header = ["", *regression.header[first : first + MOST]]
        panels.append(EstimatePanel(header=header, rows=shown))
    return panels


def _joined(regression: RegressionTable) -> list[tuple[str, list[list[str]], bool, bool]]:
    """Return rows with a standard error under its coefficient, and which are about the models."""
    rows: list[tuple[str, list[list[str]], bool, bool]] = []
    for number, (label, *cells) in enumerate(regression.rows):
        if label:
            about = number >= regression.split
            rows.append((label, [[cell] for cell in cells], number == regression.split, about))
        else:
            for lines, cell in zip(rows[-1][1], cells, strict=True):
                lines.append(cell)
    return rows
