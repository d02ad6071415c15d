"""The accounting of every economy's Atlas income, checked against what was published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import DataError, choose
from forecast.income.backcast import backcast_line, root_mean_square
from forecast.panel import Panel
from forecast.statistics.income_classes.class_lines import class_line

FIRST, LAST = 1990, 2025
SUBJECT, SUBJECT_FROM = "CHN", 2010
LINE_FROM = 2003
GROUPS = ((1990, 1994), (1995, 1999), (2000, 2004), (2005, 2009), (2010, 2014), (2015, 2019),
          (2020, 2025))  # fmt: skip

# The high-income line stood at 6,000 US$ from 1987 to 1989 and caught up in 1990; the lower lines
# moved with the deflator throughout. Over 1987-1990 the two agree: 27.0 and 27.1 %.
HIGH_LINE_MOVES_FROM = 1990

RATES = {
    "conversion": ("gdp_pc_current", "population", "gdp_growth"),
    "official": ("gdp_pc_current", "gdp_deflator_inflation", "exchange_rate"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomiesBackcast:
    """Growth of Atlas GNI per capita by formula and as published.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row an economy and year, 1990 to 2025: ``country, year, growth, growth_published,
        error`` (log differences x 100; error is formula less published).
    line : pandas.DataFrame
        Growth of the high-income line likewise, from `backcast_line`.
    """

    rows: pd.DataFrame
    line: pd.DataFrame

    def summary(self) -> dict[str, float]:
        """Return the count of economies and the errors in percent; NaN where nothing is known.

        The median is over all economies' years.
        """
        rows = self.rows
        subject = rows[(rows["country"] == SUBJECT) & (rows["year"] >= SUBJECT_FROM)]
        return {
            "economies": int(rows["country"].nunique()),
            "median_abs_growth_error": float(rows["error"].abs().median()),
            "china_max_abs_growth_error_since_2010": float(subject["error"].abs().max()),
            "threshold_growth_rmse_since_2003": root_mean_square(
                self.line["threshold_error"], LINE_FROM, LAST
            ),
        }

    def groups(self) -> pd.DataFrame:
        """Return absolute errors by group of years: ``years, economies, median, p75, p90``."""
        table = []
        for first, last in (*GROUPS, (FIRST, LAST)):
            part = self.rows[self.rows["year"].between(first, last)]
            size = part["error"].abs()
            table.append(
                {
                    "years": f"{first}-{last}",
                    "economies": int(part["country"].nunique()),
                    "median": float(size.median()),
                    "p75": float(size.quantile(0.75)),
                    "p90": float(size.quantile(0.9)),
                }
            )
        return pd.DataFrame(table)


def backcast_economies(
    annual: Panel, thresholds: pd.DataFrame, inflation: pd.DataFrame, rate: str = "conversion"
) -> EconomiesBackcast:
    """Return every economy's growth of Atlas income by formula beside the published growth.

    GDP per capita in local currency is GDP per capita in current US$ times the exchange rate e,
    and GNI per capita is taken to grow with it: the ratio of GNI to GDP is left out. Divided by
    the Atlas factor it grows by the US$ value less the change of log(factor / e), where

        factor_t / e_t = (1 + exp(q_t) + exp(q_t + q_{t-1})) / 3

    and q is the growth of the economy's GDP deflator in US$ less that of the deflator S, which the
    published thresholds imply (`implied_deflator`). This is `atlas_factor` in growth rates.

    Parameters
    ----------
    annual : Panel
        ``gni_pc_atlas`` and ``gdp_pc_current`` (US$), and what ``rate`` needs (``RATES``).
    thresholds : pandas.DataFrame
        Table ``thresholds``.
    inflation : pandas.DataFrame
        Columns ``sdr`` and ``usa`` of ``sdr_inflation``, index year.
    rate : str
        ``conversion``: the rate between GDP in local currency and in US$, which is the World
        Bank's own (the official one, or an alternative where that is far from the rate of actual
        transactions); the deflator in US$ then grows by US$ GDP per capita less real GDP per
        capita. ``official``: the published exchange rate, with the deflator in local currency.

    Returns
    -------
    EconomiesBackcast

    Raises
    ------
    DataError
        If ``rate`` is unknown or a column is missing.
    """
    needed = choose(rate, RATES, "rate", DataError)
    frame = annual.require(["gni_pc_atlas", *needed])
    wide = {str(name): _wide(frame[name]) for name in frame}
    value = _growth(wide["gdp_pc_current"])
    prices = value - _real(wide) if rate == "conversion" else _local(wide)
    q = prices.sub(100 * np.log(implied_deflator(thresholds)).diff(), axis=0) / 100
    above_spot = ((1 + q.apply(np.exp) + (q + q.shift(1)).apply(np.exp)) / 3).apply(np.log)
    formula = value - 100 * above_spot.diff()
    rows = pd.DataFrame(
        {
            "growth": formula.stack(),
            "growth_published": _growth(wide["gni_pc_atlas"]).stack(),
        }
    ).dropna()
    rows = rows.assign(error=rows["growth"] - rows["growth_published"]).swaplevel().sort_index()
    rows = rows.reset_index()
    line = backcast_line(class_line(thresholds), inflation)
    return EconomiesBackcast(
        rows=rows[rows["year"].between(FIRST, LAST)].reset_index(drop=True), line=line
    )


def implied_deflator(thresholds: pd.DataFrame) -> pd.Series:
    """Return the deflator that the published lines imply, by year; a level in US$.

    The high-income line, which is the least rounded; before 1990, when it was not moved, the
    lower-middle-income line joined to it by ratio.
    """
    high, lower = class_line(thresholds), class_line(thresholds, "upper_middle")
    if HIGH_LINE_MOVES_FROM not in high.index:
        return high
    joined = lower * (high[HIGH_LINE_MOVES_FROM] / lower[HIGH_LINE_MOVES_FROM])
    return high.where(high.index >= HIGH_LINE_MOVES_FROM, joined)


def _wide(column: pd.Series) -> pd.DataFrame:
    """Return years down, economies across, no year left out."""
    table = column.unstack("country")
    return table.reindex(range(int(table.index.min()), int(table.index.max()) + 1))


def _growth(levels: pd.DataFrame) -> pd.DataFrame:
    return 100 * levels.apply(np.log).diff()


def _real(wide: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return growth of real GDP per capita, which is the same in any currency."""
    return 100 * (wide["gdp_growth"] / 100).apply(np.log1p) - _growth(wide["population"])


def _local(wide: dict[str, pd.DataFrame]) -> pd.DataFrame:
    inflation = 100 * (wide["gdp_deflator_inflation"] / 100).apply(np.log1p)
    return inflation - _growth(wide["exchange_rate"])
