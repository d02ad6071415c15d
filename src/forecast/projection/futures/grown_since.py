"""How much real income per head has grown between two years on record."""

from __future__ import annotations

import numpy as np

from forecast.errors import DataError, ProjectionError
from forecast.panel import Panel


def grown_since(annual: Panel, country: str, year: int, until: int) -> float:
    """Return published growth of real GDP per head after ``year`` through ``until``, log points.

    Log growth of GDP at constant local prices less that of population, x 100; ``year`` may be
    ``until`` itself.

    Raises
    ------
    DataError
        If the package has no record of the economy or lacks a series.
    ProjectionError
        If ``year`` is after ``until``, or a figure between them is missing.
    """
    if country not in annual.countries():
        raise DataError(f"{country}: no annual record in the data package")
    if year > until:
        raise ProjectionError(f"{country}: found {year}, must be at most {until}, the last known")
    rows = annual.rows(country)
    for name in ("gdp_growth", "population"):
        if name not in rows:
            raise DataError(f"{country}: no {name!r} in the data package")
    rows = rows.reindex(range(year, until + 1))
    growth = 100 * np.log1p(rows["gdp_growth"] / 100) - 100 * np.log(rows["population"]).diff()
    lacking = growth.index[growth.isna()].drop(year, errors="ignore")
    if len(lacking):
        raise ProjectionError(
            f"{country}: growth of GDP or population is not known for {lacking[0]}, so real income "
            f"per head cannot be carried from {year} to {until}"
        )
    return float(growth.loc[year + 1 :].sum())
