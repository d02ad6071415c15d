"""The exchange rate that the World Bank converts an economy's GDP at."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Rounding of the published series moves the two rates apart by less than a point a year.
TOLERANCE = 5.0
FIRST_YEAR = 1996
SERIES = ("gdp_growth", "gdp_deflator_inflation", "gdp_pc_current", "population")


def conversion_rate(annual: pd.DataFrame, first_year: int = FIRST_YEAR) -> pd.Series:
    """Return the exchange rate to use for one economy, local currency per US$, by year.

    The official rate, where its growth is that of the rate between GDP in local currency and in
    US$: growth of real GDP and of its deflator less growth of GDP in US$. Where the two differ by
    more than 5 points in any year, the second is chained back from its last year. It has no break
    at a change of currency (the euro in 1999 and after, Ecuador's dollar in 2000), and it is the
    World Bank's alternative conversion factor where the official rate is far from that of actual
    transactions. The level's unit does not matter: income is anchored in its published level.

    Parameters
    ----------
    annual : pandas.DataFrame
        One economy by year: ``exchange_rate`` and the columns of ``SERIES``.
    first_year : int
        First year of the comparison.

    Returns
    -------
    pandas.Series
        Name ``exchange_rate``; the official one where the second cannot be formed.
    """
    official = annual["exchange_rate"]
    if not set(SERIES) <= set(annual.columns):
        return official
    nominal = (annual[["gdp_growth", "gdp_deflator_inflation"]] / 100).apply(np.log1p)
    value = annual[["gdp_pc_current", "population"]].apply(np.log)
    change = 100 * (nominal.sum(axis=1, skipna=False) - value.sum(axis=1, skipna=False).diff())
    known = change.loc[first_year:].dropna()
    stated = 100 * official.apply(np.log).diff()
    apart = (stated - known).loc[known.index].abs()
    if known.empty or (apart <= TOLERANCE).all():
        return official
    change = change.loc[: known.index[-1]]
    # A missing change leaves what lies before it unknown.
    later = change[::-1].cumsum(skipna=False)[::-1].shift(-1)
    later.iloc[-1] = 0.0
    anchor = official.dropna()
    level = float(anchor.iloc[-1]) if len(anchor) else 1.0
    chained = level * (-later / 100).apply(np.exp)
    return chained.reindex(annual.index).rename("exchange_rate")
