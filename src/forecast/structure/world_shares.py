"""Shares of the world's manufacturing."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError
from forecast.panel import Panel


def world_manufacturing(annual: Panel, carried: int = 0) -> pd.DataFrame:
    """Return every economy's share of the manufacturing of all economies with data.

    Value added is the manufacturing share of GDP times GDP, current US$ at market rates. Where a
    large economy has no figure, all other shares are too large; ``carried`` lets each economy's
    last known share of GDP stand for some years (GDP itself is never carried).

    Parameters
    ----------
    annual : Panel
        With ``manuf_share`` (%) and ``gdp_current`` (US$).
    carried : int
        Years that a share of GDP may stand for after its own.

    Returns
    -------
    pandas.DataFrame
        ``year, country, share`` (% of the sum over economies with a figure of that year; NaN
        where its own is carried), ``covered`` (% of all economies' GDP that those economies have),
        ``share_carried, covered_carried`` (the same with carried shares), by year and share, the
        largest first.

    Raises
    ------
    DataError
        If a column is missing, no value added is known, or ``carried`` is below 0.
    """
    if carried < 0:
        raise DataError(f"world manufacturing: carried: found {carried}, must be 0 or more")
    frame = annual.require(["manuf_share", "gdp_current"])
    years = frame.index.get_level_values("year")
    if not len(years) or frame.notna().all(axis=1).sum() == 0:
        raise DataError("world manufacturing: no economy has both manuf_share and gdp_current")
    every = range(int(years.min()), int(years.max()) + 1)
    parts, gdp = (frame[name].unstack("country").reindex(every) for name in frame)
    known = _shares(parts, gdp, "")
    filled = _shares(parts.ffill(limit=carried) if carried else parts, gdp, "_carried")
    table = filled.join(known)[["share", "covered", "share_carried", "covered_carried"]]
    order = table.dropna(subset="share_carried").reset_index()
    return order.sort_values(
        ["year", "share_carried", "country"], ascending=[True, False, True], ignore_index=True
    )


def _shares(parts: pd.DataFrame, gdp: pd.DataFrame, name: str) -> pd.DataFrame:
    added = parts * gdp / 100
    share = 100 * added.div(added.sum(axis=1), axis=0)
    covered = 100 * gdp.where(added.notna()).sum(axis=1) / gdp.sum(axis=1)
    long = pd.DataFrame({f"share{name}": share.unstack()})  # keeps what is not known
    return long.join(covered.rename(f"covered{name}"), on="year")
