"""Where a variable has values: economies by years."""

from __future__ import annotations

import pandas as pd

from forecast.panel import INDEX


def coverage(values: pd.DataFrame, flagged: pd.DataFrame, step: int = 1) -> pd.DataFrame:
    """Return economies (rows, longest series first) by years: 0 none, 1 a value, 2 flagged.

    Parameters
    ----------
    values, flagged : pandas.DataFrame
        Columns ``country`` and ``year``: where there is a value, and where one is imputed or
        spliced.
    step : int
        Years between periods.
    """
    rows, places = values[list(INDEX)], pd.MultiIndex.from_frame(flagged[list(INDEX)])
    rows = rows.assign(state=1 + pd.MultiIndex.from_frame(rows).isin(places))
    wide = rows.pivot(index="country", columns="year", values="state")
    first, last = int(rows["year"].min()), int(rows["year"].max())
    wide = wide.reindex(columns=range(first, last + 1, step)).fillna(0).astype(int)
    order = (wide > 0).sum(axis=1).sort_values(ascending=False, kind="stable").index
    return wide.loc[order]
