"""Where a package has a variable: economies by years."""

from __future__ import annotations

import pandas as pd

from forecast.panel import INDEX
from forecast.sources.package import DataPackage
from forecast.sources.selection import long_rows


def coverage(package: DataPackage, table: str, variable: str) -> pd.DataFrame:
    """Return economies (rows, longest series first) by years: 0 none, 1 a value, 2 flagged.

    Flagged is what the table's column ``flag`` says: imputed or spliced.

    Raises
    ------
    DataError
        If the table has no country and year.
    """
    rows = long_rows(package, table)
    rows = rows[rows["variable"] == variable].assign(state=1)
    frame = package.table(table)
    if "flag" in frame:
        marked = frame[(frame["variable"] == variable) & (frame["flag"] != "")]
        places = pd.MultiIndex.from_frame(marked[list(INDEX)])
        rows["state"] += pd.MultiIndex.from_frame(rows[list(INDEX)]).isin(places)
    wide = rows.pivot(index="country", columns="year", values="state").fillna(0).astype(int)
    step = package.resources[table].step
    first, last = int(rows["year"].min()), int(rows["year"].max())
    wide = wide.reindex(columns=range(first, last + 1, step))
    wide = wide.fillna(0).astype(int)
    order = (wide > 0).sum(axis=1).sort_values(ascending=False, kind="stable").index
    return wide.loc[order]
