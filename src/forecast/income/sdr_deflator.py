"""International inflation as the World Bank measures it: the SDR deflator, built from its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, running_sum
from forecast.errors import DataError
from forecast.panel import Panel

# Fixed conversion rates of the currencies that became the euro, per euro: Council Regulation (EC)
# No 2866/98. The tables switch DEU and FRA to euros in 1999; the basket keeps their currencies.
EURO_FROM = 1999
EURO_RATES = {"DEU": 1.95583, "FRA": 6.55957}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Weights of one SDR valuation.

    Attributes
    ----------
    first_year : first whole calendar year in force; its growth is the first that uses the weights.
    weights : share of each economy's currency; they sum to one.
    source : where the weights were published.
    """

    first_year: int
    weights: Mapping[str, float]
    source: str


BASKETS = (
    Basket(
        first_year=1981,
        weights={"USA": 0.42, "DEU": 0.19, "FRA": 0.13, "JPN": 0.13, "GBR": 0.13},
        source="IMF Press Release 80/66, in force 1 January 1981",
    ),
    Basket(
        first_year=1986,
        weights={"USA": 0.42, "DEU": 0.19, "FRA": 0.12, "JPN": 0.15, "GBR": 0.12},
        source="IMF, review of 1985, in force 1 January 1986",
    ),
    Basket(
        first_year=1991,
        weights={"USA": 0.40, "DEU": 0.21, "FRA": 0.11, "JPN": 0.17, "GBR": 0.11},
        source="IMF, review of 1990, in force 1 January 1991",
    ),
    Basket(
        first_year=1996,
        weights={"USA": 0.39, "DEU": 0.21, "FRA": 0.11, "JPN": 0.18, "GBR": 0.11},
        source="IMF Press Release 95/49, in force 1 January 1996",
    ),
    Basket(
        first_year=2001,
        weights={"USA": 0.45, "EMU": 0.29, "JPN": 0.15, "GBR": 0.11},
        source="IMF Press Release 00/55, in force 1 January 2001",
    ),
    Basket(
        first_year=2006,
        weights={"USA": 0.44, "EMU": 0.34, "JPN": 0.11, "GBR": 0.11},
        source="IMF Press Release 05/265, in force 1 January 2006",
    ),
    Basket(
        first_year=2011,
        weights={"USA": 0.419, "EMU": 0.374, "JPN": 0.094, "GBR": 0.113},
        source="IMF Press Release 10/434, in force 1 January 2011",
    ),
    Basket(
        first_year=2017,
        weights={"USA": 0.4173, "EMU": 0.3093, "CHN": 0.1092, "JPN": 0.0833, "GBR": 0.0809},
        source="IMF Press Release 15/543, in force 1 October 2016",
    ),
    Basket(
        first_year=2023,
        weights={"USA": 0.4338, "EMU": 0.2931, "CHN": 0.1228, "JPN": 0.0759, "GBR": 0.0744},
        source="IMF Press Release 22/153, in force 1 August 2022",
    ),
)


def basket_in(year: int) -> Basket:
    """Return the basket whose weights apply to growth in ``year``; DataError before 1981."""
    in_force = [basket for basket in BASKETS if basket.first_year <= year]
    if not in_force:
        raise DataError(f"SDR basket: no weights for {year}, the first are of 1981")
    return in_force[-1]


def sdr_inflation(parts: pd.DataFrame, annual: Panel) -> pd.DataFrame:
    """Return inflation in US$ of the SDR basket and of the United States, by year.

    For each currency the growth of the GDP deflator in US$ is log(1 + inflation) less the log
    change of the exchange rate; the basket's is their weighted mean with the weights in force.

    Parameters
    ----------
    parts : pandas.DataFrame
        Table ``sdr_parts``: columns country, year, variable (``gdp_deflator_inflation`` %, and
        ``exchange_rate``, local currency per US$), value.
    annual : Panel
        With China's ``gdp_deflator_inflation`` and ``exchange_rate``.

    Returns
    -------
    pandas.DataFrame
        Index year, every year from the first possible one; columns ``sdr`` and ``usa``, growth in
        US$, log differences x 100.

    Raises
    ------
    DataError
        If China or a series is missing, or one ends while its currency is in the basket.
    """
    china = annual.rows("CHN")
    inflation, rates = _wide(parts, "gdp_deflator_inflation"), _wide(parts, "exchange_rate")
    inflation = inflation.assign(CHN=china["gdp_deflator_inflation"])
    # The United States has no exchange rate against itself.
    rates = rates.assign(CHN=china["exchange_rate"], USA=1.0)
    for country, rate in EURO_RATES.items():
        if country in rates:
            euro = rates.index >= EURO_FROM
            rates[country] = rates[country].where(~euro, rates[country] * rate)
    growth = 100 * (inflation / 100).apply(np.log1p) - 100 * rates.apply(np.log).diff()
    growth = growth.iloc[1:]
    years = [int(year) for year in growth.index]
    return pd.DataFrame(
        {
            "sdr": [_weighted(growth, year) for year in years],
            "usa": growth["USA"].to_numpy(dtype=np.float64),
        },
        index=pd.Index(years, name="year"),
    )


def threshold_growth(sdr: Array, usa: Array) -> Array:
    """Return the growth of the SDR deflator in US$ with the exchange rate smoothed.

    The World Bank forms the deflator in SDRs and converts it to US$ with a factor "calculated
    using the Atlas method" (Data Help Desk, "What is the SDR deflator?"): a three-year mean of
    exchange rates, each moved by the difference between SDR and United States inflation. With Q
    the basket's deflator converted at each year's own rates and U the United States' deflator,
    that is S_t = U_t / mean(U_t / Q_t, U_{t-1} / Q_{t-1}, U_{t-2} / Q_{t-2}); to first order its
    growth is U's of the year plus the three-year mean of Q's less U's. Thresholds and the Atlas
    factors of all economies move with S.

    Parameters
    ----------
    sdr, usa : (..., t) growth of Q and of U, log differences x 100, three or more years.

    Returns
    -------
    numpy.ndarray
        (..., t - 2): the first value belongs to the third year given. Log differences x 100.
    """
    zero = np.zeros_like(sdr[..., :1])
    relative = np.exp(np.concatenate([zero, running_sum(usa - sdr)], axis=-1) / 100)
    mean = relative[..., 2:] + relative[..., 1:-1] + relative[..., :-2]
    return np.asarray(usa[..., 2:] - 100 * np.diff(np.log(mean), axis=-1))


def _wide(parts: pd.DataFrame, variable: str) -> pd.DataFrame:
    rows = parts[parts["variable"] == variable]
    if rows.empty:
        raise DataError(f"sdr_parts: no rows with variable {variable!r}")
    return rows.pivot(index="year", columns="country", values="value").sort_index()


def _weighted(growth: pd.DataFrame, year: int) -> float:
    weights = basket_in(year).weights
    row = growth.loc[year].reindex(list(weights)).to_numpy(dtype=np.float64)
    if not np.isfinite(row).all():
        country = list(weights)[int(np.argmax(~np.isfinite(row)))]
        raise DataError(
            f"sdr_parts: {country} has no deflator inflation or exchange rate for {year}, "
            "when its currency is in the basket"
        )
    return float(row @ np.array(list(weights.values())))
