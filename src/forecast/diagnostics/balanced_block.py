"""The balanced block of most values in a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.panel import Panel


def balanced_block(panel: Panel, columns: Sequence[str], least: int, tests: str) -> Panel:
    """Return the countries and years that hold most values, the longest of those that tie.

    Parameters
    ----------
    panel : Panel
    columns : sequence of str
        A country counts where it has each of them in every year of the block, and each moves.
    least : int
        Fewest years.
    tests : str
        Begins the message.

    Raises
    ------
    EstimationError
        If no two countries share ``least`` successive years.
    DataError
        If a column does not exist.
    """
    tables = [wide(panel, column) for column in columns]
    years = [int(year) for year in tables[0].index]
    every = list(range(years[0], years[-1] + 1, panel.step)) if years else []
    tables = [table.reindex(every) for table in tables]
    known = np.all([table.notna().to_numpy() for table in tables], axis=0)
    moves = [table.diff().ne(0).to_numpy() for table in tables]
    best, chosen = 0, None
    for first in range(len(known)):
        for last in range(len(known), first + least - 1, -1):
            if (last - first) * known.shape[1] <= best:
                break
            whole = known[first:last].all(axis=0)
            whole &= np.all([m[first + 1 : last].any(axis=0) for m in moves], axis=0)
            count = int(whole.sum())
            if count > 1 and count * (last - first) > best:
                best, chosen = count * (last - first), (first, last, whole)
    if chosen is None:
        raise EstimationError(
            f"{tests}: no two countries have {' and '.join(map(repr, columns))} in the same "
            f"{least} successive rows of {panel.source}; the tests' tables know no fewer: they are "
            f"for annual series"
        )
    first, last, whole = chosen
    frame = panel.require(list(columns))
    year = frame.index.get_level_values("year")
    countries = tables[0].columns[np.flatnonzero(whole)]
    keep = frame.index.get_level_values("country").isin(countries)
    keep &= (year >= tables[0].index[first]) & (year <= tables[0].index[last - 1])
    return replace(panel, frame=frame.loc[keep], imputed=None, editions={})


def wide(panel: Panel, column: str) -> pd.DataFrame:
    """Return the column as a table of years by countries."""
    return panel.require([column])[column].unstack("country").sort_index()
