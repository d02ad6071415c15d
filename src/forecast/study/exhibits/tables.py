"""Annual tables as exhibits take them: a package's long one made wide, and a user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.errors import DataError
from forecast.study.own_panel import read_panel

if TYPE_CHECKING:
    from pathlib import Path

LEAST_ECONOMIES = 30  # fewer: an extract, as the starter's, not all economies


def wide_annual(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return columns of a long annual table on (country, year); those it lacks are empty."""
    rows = table[table["variable"].isin(names)]
    found = rows.pivot(index=["country", "year"], columns="variable", values="value")
    return found.reindex(columns=names).rename_axis(columns=None)


def own_annual(source: Path | str) -> pd.DataFrame:
    """Return a user's table of economies and years as columns ``country, year, ...``.

    Raises
    ------
    DataError
        If it cannot be read, or is not of single years.
    """
    panel = read_panel(source, "country", "year")
    if panel.step != 1:
        raise DataError(f"{source}: rows are {panel.step} years apart, must be single years")
    return panel.frame.reset_index()
