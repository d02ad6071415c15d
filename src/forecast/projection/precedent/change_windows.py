"""What drivers did in every economy over every stretch of a given length."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast.panel import Panel


def change_windows(panel: Panel, names: Sequence[str], periods: int) -> pd.DataFrame:
    """Return every economy's changes from one period mean to the one ``periods`` later.

    Parameters
    ----------
    panel : Panel
        Period means, rows by the last year of each period.
    names : sequence of str
        Columns.
    periods : int
        Periods between the two means; a window skips none, whatever lies between.

    Returns
    -------
    pandas.DataFrame
        Index ``country, since, until`` (last years of the two periods), one column a name, in its
        own unit; missing where either mean is. Windows without any change are left out.

    Raises
    ------
    DataError
        If a column is not in the panel.
    """
    later = panel.require(names)
    span = periods * panel.step
    earlier = later.copy()
    country, year = (earlier.index.get_level_values(level) for level in ("country", "year"))
    earlier.index = pd.MultiIndex.from_arrays([country, year + span], names=later.index.names)
    change = (later - earlier.reindex(later.index)).dropna(how="all")
    until = change.index.get_level_values("year")
    change.index = pd.MultiIndex.from_arrays(
        [change.index.get_level_values("country"), until - span, until],
        names=["country", "since", "until"],
    )
    return change
