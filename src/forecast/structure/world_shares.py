"""Shares of the world's manufacturing, and broad sectors at current prices."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError
from forecast.panel import Panel


def world_manufacturing(annual: Panel) -> pd.DataFrame:
    """Return every economy's share of the manufacturing of all economies with data.

    Value added is the manufacturing share of GDP times GDP, current US$ at market rates.

    Parameters
    ----------
    annual : Panel
        With ``manuf_share`` (%) and ``gdp_current`` (US$).

    Returns
    -------
    pandas.DataFrame
        ``year, country, share`` (% of the sum), ``covered`` (% of all economies' GDP that the sum's
        economies have), sorted by year and share, the largest first.
    """
    frame = annual.require(["manuf_share", "gdp_current"])
    added = (frame["manuf_share"] / 100 * frame["gdp_current"]).rename("added").dropna()
    year = added.index.get_level_values("year")
    total = added.groupby(year).transform("sum")
    gdp = frame["gdp_current"]
    whole = gdp.groupby(level="year").sum()
    behind = gdp.reindex(added.index).groupby(year).sum()
    covered = (100 * behind / whole).reindex(year).to_numpy()
    found = pd.DataFrame({"share": 100 * added / total, "covered": covered}).reset_index()
    ordered = found.sort_values(["year", "share"], ascending=[True, False], ignore_index=True)
    return ordered[["year", "country", "share", "covered"]]


def broad_sectors(frame: pd.DataFrame) -> pd.DataFrame:
    """Return agriculture, industry and services in % of GDP, and their changes.

    Shares are of value added at current prices: they hold prices and volumes together, so nothing
    of the change can be called growth within a sector.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``agriculture_share`` and ``industry_share``, % of GDP, on (country, year).

    Returns
    -------
    pandas.DataFrame
        ``country, year, agriculture, industry, remainder`` (services, and taxes less subsidies on
        products), and each one's change on the row before, points.

    Raises
    ------
    DataError
        If a column is missing.
    """
    for name in ("agriculture_share", "industry_share"):
        if name not in frame:
            raise DataError(f"broad sectors: column {name!r} is missing")
    known = frame[["agriculture_share", "industry_share"]].dropna().sort_index()
    shares = known.set_axis(["agriculture", "industry"], axis=1)
    shares["remainder"] = 100 - shares.sum(axis=1)
    changes = shares.groupby(level="country").diff().add_suffix("_change")
    return shares.join(changes).reset_index()
