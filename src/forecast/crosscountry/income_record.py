"""Income relative to a line as far back as it can be had, for learning how it moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.income.sdr_deflator import BASKETS, basket_in, threshold_growth
from forecast.panel import Panel
from forecast.statistics.income_classes.class_lines import class_line

MOVED_FROM = 1990  # the high-income line was held at 6,000 US$ from 1987 to 1989
_INFLATION, _RATE = "gdp_deflator_inflation", "exchange_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeRecord:
    """What is known of income through the last year.

    Attributes
    ----------
    relative : pandas.DataFrame
        Years by countries: log of GNI per capita (Atlas method) over the line.
    premium : pandas.DataFrame
        Of the same shape: log of GDP per capita at the year's exchange rate over GNI per capita
        (Atlas method). The Atlas method averages three years' rates, so that a rate that has moved
        shows here first.
    """

    relative: pd.DataFrame
    premium: pd.DataFrame

    def through(self, year: int) -> IncomeRecord:
        """Return the record as it ends in ``year``: all that a forecast from there may see."""
        return IncomeRecord(relative=self.relative.loc[:year], premium=self.premium.loc[:year])


def income_record(annual: Panel, thresholds: pd.DataFrame, line: str = "high") -> IncomeRecord:
    """Return relative income with the line carried back before it was published.

    Through 1989 the line moves with the SDR deflator (``threshold_growth``; before 1981 with the
    basket of 1981), backwards from its value of 1990. Nothing is carried back where the package
    lacks a deflator or exchange rate of the five economies of that basket.

    Parameters
    ----------
    annual : Panel
        With ``gni_pc_atlas``, ``gdp_pc_current`` (current US$), ``gdp_deflator_inflation`` (%) and
        ``exchange_rate`` (local currency per US$).
    thresholds : pandas.DataFrame
        ``year`` and the columns of `CLASS_LINES`, current US$.
    line : str
        Class that is entered: a key of `CLASS_LINES`.

    Raises
    ------
    DataError
        If a column is missing.
    SpecError
        If the line is unknown.
    """
    frame = annual.require(["gni_pc_atlas", "gdp_pc_current"])
    wide = {str(name): frame[name].unstack("country") for name in frame.columns}
    whole = carried_line(annual, thresholds, line)
    income = _positive(wide["gni_pc_atlas"]).reindex(whole.index)
    market = _positive(wide["gdp_pc_current"]).reindex(index=whole.index, columns=income.columns)
    return IncomeRecord(
        relative=pd.DataFrame(np.log(income.div(whole, axis=0))),
        premium=pd.DataFrame(np.log(market / income)),
    )


def carried_line(annual: Panel, thresholds: pd.DataFrame, line: str = "high") -> pd.Series:
    """Return the line by year, current US$, carried back as ``income_record`` says.

    Parameters, errors: as there; the index is consecutive years.
    """
    frame = annual.require([_INFLATION, _RATE])
    wide = {str(name): frame[name].unstack("country") for name in frame.columns}
    return _carried_back(class_line(thresholds, line), _deflator_growth(wide))


def _positive(values: pd.DataFrame) -> pd.DataFrame:
    return values.where(values > 0)


def _deflator_growth(wide: dict[str, pd.DataFrame]) -> pd.Series:
    """Return the line's growth through 1990, log differences x 100; empty where not known."""
    first = BASKETS[0]
    codes = list(first.weights)
    inflation = wide[_INFLATION].reindex(columns=codes).loc[:MOVED_FROM]
    rate = wide[_RATE].reindex(columns=codes).loc[:MOVED_FROM].assign(USA=1.0)
    growth = 100 * (inflation / 100).apply(np.log1p) - 100 * rate.apply(np.log).diff()
    known = growth.notna().all(axis=1)
    start = known[::-1].cummin()[::-1]  # the unbroken run of years that ends in 1990
    growth = growth[start]
    if len(growth) < 3 or growth.index[-1] != MOVED_FROM:
        return pd.Series(dtype=float)
    weights = [basket_in(max(int(year), first.first_year)).weights for year in growth.index]
    rows = growth.to_dict("records")
    sdr = [sum(w[c] * row[c] for c in codes) for w, row in zip(weights, rows, strict=True)]
    moved = threshold_growth(np.array(sdr), growth["USA"].to_numpy(dtype=np.float64))
    return pd.Series(moved, index=growth.index[2:])


def _carried_back(published: pd.Series, growth: pd.Series) -> pd.Series:
    """Return the line (US$) by consecutive years, from the year before the first growth on."""
    if growth.empty or MOVED_FROM not in published.index:
        return published
    back = growth[::-1].cumsum()[::-1]
    values = published[MOVED_FROM] * np.exp(-back.to_numpy() / 100)
    earlier = pd.Series(values, index=back.index - 1)
    return pd.concat([earlier, published.loc[MOVED_FROM:]])
