"""A table of rows as words, for every form that tables have."""

from __future__ import annotations

import pandas as pd

from forecast.reporting.regression.cells import TableCells, TablePart


def frame_cells(frame: pd.DataFrame, caption: str = "") -> TableCells:
    """Return the rows of a table, the first column as their labels; numbers to four digits."""
    rows = [
        (_text(row[0]), tuple(_text(cell) for cell in row[1:]))
        for row in frame.itertuples(index=False, name=None)
    ]
    return TableCells(
        header=tuple(str(name) for name in frame.columns[1:]),
        parts=(TablePart(rows=tuple(rows)),),
        caption=caption,
        most=len(frame.columns),
    )


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}"
    return str(value)
