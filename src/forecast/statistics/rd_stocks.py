"""R&D stocks of all economies, and what the periods of a growth panel have of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.derive.apply import shift
from forecast.derive.rd_stock import DEPRECIATION, rd_stock
from forecast.errors import DataError
from forecast.panel import INDEX, Panel
from forecast.statistics.periods import Periods

LONGEST_GAP = 3  # years without a survey that are filled, log-linearly, between two that have one


def annual_stocks(
    annual: Panel, depreciation: float = DEPRECIATION, intensity: float | None = None
) -> pd.DataFrame:
    """Return R&D stocks by economy and year.

    Real spending is R&D in % of GDP times output in constant prices (``output_pwt``). A record is
    taken from its first survey on; gaps of up to three years are filled by the line between the
    logs, a longer one ends it.

    Parameters
    ----------
    annual : Panel
        With ``rd_gdp`` and ``output_pwt``.
    depreciation : float
    intensity : float or None
        In place of every economy's R&D: the same share of GDP, % of it, in the same years. The
        placebo stock, in which nothing but GDP is left.

    Returns
    -------
    pandas.DataFrame
        ``rd_stock`` (million 2017 US$), ``rd_stock_initial_share``, ``rd_stock_log_error``, on the
        index (country, year). Economies of which no stock can be made are not in it.
    """
    frame = annual.require(["rd_gdp", "output_pwt"])
    pieces = []
    for country, rows in frame.groupby(level="country"):
        flow = _spending(rows.droplevel("country"), intensity)
        try:
            found = rd_stock(flow.to_numpy(), depreciation)
        except DataError:
            continue
        pieces.append(
            pd.DataFrame(
                {
                    "country": country,
                    "year": flow.index,
                    "rd_stock": found.stock,
                    "rd_stock_initial_share": found.initial_share,
                    "rd_stock_log_error": found.log_error,
                }
            )
        )
    columns = [*INDEX, "rd_stock", "rd_stock_initial_share", "rd_stock_log_error"]
    whole = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)
    return whole.set_index(list(INDEX))


def period_stocks(annual: Panel, periods: Periods) -> pd.DataFrame:
    """Return the stock's growth by period, and what is a guess of where it began.

    Returns
    -------
    pandas.DataFrame
        ``rd_stock_growth`` (% a year, log change over the period) and ``rd_stock_initial_share``
        (of the stock as the period begins), on the index (country, last year).
    """
    stocks = annual_stocks(annual)
    stock = stocks["rd_stock"]
    logs = pd.Series(np.log(stock.to_numpy(dtype=float)), index=stock.index)
    made = pd.DataFrame(
        {
            "rd_stock_growth": 100 * (logs - shift(logs, periods.length)) / periods.length,
            "rd_stock_initial_share": shift(stocks["rd_stock_initial_share"], periods.length),
        }
    )
    return made[made.index.get_level_values("year").isin(periods.ends)].dropna(how="all")


def _spending(rows: pd.DataFrame, intensity: float | None) -> pd.Series:
    """Return real spending over the longest stretch from the first survey without a long gap."""
    share = rows["rd_gdp"].where(rows["rd_gdp"] > 0)
    known = share.dropna().index.to_numpy()
    if not len(known):
        return share.dropna()
    breaks = np.flatnonzero(np.diff(known) > LONGEST_GAP + 1)
    last = known[breaks[0]] if len(breaks) else known[-1]
    years = np.arange(known[0], last + 1)
    logs = np.interp(years, known, np.log(share.dropna().to_numpy(dtype=float)))
    filled = pd.Series(np.exp(logs) if intensity is None else intensity, index=years)
    output = rows["output_pwt"].reindex(years)
    flow: pd.Series = (filled / 100 * output).dropna()
    return flow if len(flow) == len(years) else flow.loc[: _unbroken(flow)]


def _unbroken(flow: pd.Series) -> int:
    """Return the last year before the first one that is missing."""
    years = flow.index.to_numpy()
    ends = np.flatnonzero(np.diff(years) > 1)
    return int(years[ends[0]] if len(ends) else years[-1]) if len(years) else 0
