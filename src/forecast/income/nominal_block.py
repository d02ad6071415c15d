"""The history that prices, the exchange rate and employment are forecast from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import DataError
from forecast.income.atlas import atlas_factor
from forecast.income.backcast import backcast

# China's exchange rates were unified in January 1994 and inflation passed 20 % that year. From
# 1996 on, once both had settled, one linear system can hold.
FIRST_YEAR = 1996
INCOME_ERRORS_FROM = 2000
THRESHOLD_ERRORS_FROM = 2003
# Some 25 errors cannot tell a ratio that returns slowly from one that never does.
MOST_PERSISTENT = 0.95
BASE = ("gni_pc_atlas", "gdp_growth", "gdp_deflator_inflation", "exchange_rate")
NEEDED = (
    "gni_pc_atlas",
    "gdp_growth",
    "gdp_deflator_inflation",
    "population",
    "exchange_rate",
    "share_15_64",
    "employment_rate",
    "output_per_worker",
)

# What a reader of the annual table would have to look for when a rate of change is missing.
_MEASURED_BY = {
    "growth": "'output_per_worker' has no growth",
    "employment": "'output_per_worker', 'population' or 'share_15_64' has no growth",
    "deflator": "'gdp_deflator_inflation' has no value",
    "exchange_rate": "'exchange_rate' has no change",
    "sdr": "the SDR basket has no inflation",
    "usa": "the United States have no inflation",
}


# Compared by identity, so that what is fitted to a history can be kept by it.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NominalHistory:
    """One economy's past rates of change and where its levels stand.

    Attributes
    ----------
    base_year : int
        Last known year; the projection starts after it.
    rates : pandas.DataFrame
        Index year to ``base_year``; log differences x 100: ``growth`` (output per worker),
        ``employment`` (per person aged 15-64), ``deflator`` (GDP, local currency),
        ``exchange_rate`` (local currency per US$), ``sdr`` (SDR basket's deflator in US$),
        ``usa`` (United States GDP deflator). ``real_rate`` is a level: log x 100 of the economy's
        prices in US$ over those of the SDR basket, from zero before the first year.
    derived : tuple of int
        Years whose ``growth`` and ``employment`` are derived, output per worker being unpublished.
    exchange_rate : (3,) local currency per US$, the last three years.
    deflator : (3,) GDP deflator, base year = 1.
    threshold : (3,) published high-income line, US$; also the SDR deflator that it implies.
    income : float
        Published GNI per capita, US$, Atlas method, in ``base_year``.
    income_local : float
        GNI per capita in local currency that the Atlas factor turns into ``income``.
    income_noise, income_persistence : float
        Standard deviation, x 100, and first autocorrelation of what sets the log of income apart
        from the formula: measurement, and the ratio of GNI to GDP.
    threshold_noise : float
        Root mean squared error of the line's growth by formula, log points x 100.
    frontier : float
        Mean growth of output per worker at the frontier, log differences x 100: what productivity
        is relative to.
    """

    base_year: int
    rates: pd.DataFrame
    derived: tuple[int, ...]
    exchange_rate: Array
    deflator: Array
    threshold: Array
    income: float
    income_local: float
    income_noise: float
    threshold_noise: float
    income_persistence: float = 0.0
    frontier: float = 0.0


def nominal_history(
    annual: pd.DataFrame,
    threshold: pd.Series,
    inflation: pd.DataFrame,
    first_year: int = FIRST_YEAR,
    least_years: int | None = None,
    errors_from: int | None = None,
) -> NominalHistory:
    """Return the history matrix of the nominal system and its anchor in the last year.

    Employment per person grows by GDP per person less output per worker, so that the identity
    holds exactly; per person aged 15-64, less the growth of that share. Where the last year's
    output per worker is not published yet, employment per person is taken to grow as the
    employment rate (of ages 15 and over) plus the working-age share plus the difference that the
    identity showed in the last complete year; the year is listed in ``derived``.

    Parameters
    ----------
    annual : pandas.DataFrame
        One economy by year: the columns of ``NEEDED`` under their names in ``annual.csv``.
    threshold : pandas.Series, the high-income line, US$, by year
    inflation : pandas.DataFrame
        Columns ``sdr`` and ``usa`` of ``sdr_inflation``, index year.
    first_year : int, of rates of change
    least_years : int or None
        Where the span has a gap, start after the last if so many years follow; None: refuse.
    errors_from : int or None
        First year of the back-cast's errors behind the noise (None: 2000; 2003 for the line).

    Returns
    -------
    NominalHistory

    Raises
    ------
    DataError
        If a column or a value in the span is missing, or the series do not end in one year.
    """
    _present(annual)
    base = _base_year(annual, threshold, inflation)
    rates, derived = _rates(annual.loc[:base], inflation)
    rates = _span(rates, first_year, base, least_years)
    past = annual.loc[:base], threshold.loc[:base], inflation.loc[:base]
    errors = backcast(*past, after_gaps=least_years is not None)
    anchor = _anchor(annual, threshold, base)
    noise, persistence = level_noise(errors["income_error"], errors_from or INCOME_ERRORS_FROM)
    income = float(annual["gni_pc_atlas"].to_numpy(dtype=np.float64)[annual.index == base][0])
    return NominalHistory(
        base_year=base,
        rates=rates,
        derived=tuple(year for year in derived if year in rates.index),
        exchange_rate=anchor[0],
        deflator=anchor[1],
        threshold=anchor[2],
        income=income,
        income_local=income * float(atlas_factor(*anchor)[0]),
        income_noise=noise,
        income_persistence=persistence,
        threshold_noise=_spread(errors["threshold_error"], errors_from or THRESHOLD_ERRORS_FROM),
    )


def level_noise(errors: pd.Series, first: int) -> tuple[float, float]:
    """Return the standard deviation and persistence of a level from its errors in growth.

    Where the level is a first-order autoregression with coefficient phi, the errors' first
    autocorrelation is (phi - 1) / 2 and their variance 2 (1 - phi) times the level's. China's is
    near -0.5, as differenced white noise has: phi is 0. Elsewhere the ratio of GNI to GDP makes it
    persist.

    Parameters
    ----------
    errors : pandas.Series
        By year, log differences x 100.
    first : int
        First year used.

    Returns
    -------
    noise, persistence : float
        Of the level's log x 100, and its first autocorrelation, 0 to 0.95.
    """
    spread = _spread(errors, first)
    known = errors.loc[first:].dropna().to_numpy(dtype=np.float64)
    correlation = float(known[1:] @ known[:-1]) / float(known @ known)
    persistence = min(max(1 + 2 * correlation, 0.0), MOST_PERSISTENT)
    return spread / float(np.sqrt(2 * (1 - persistence))), persistence


def _present(annual: pd.DataFrame) -> None:
    absent = [name for name in NEEDED if name not in annual]
    if absent:
        raise DataError(f"nominal history: column {absent[0]!r} is missing; needed: {NEEDED}")
    empty = [name for name in NEEDED if annual[name].isna().all()]
    if empty:
        raise DataError(f"nominal history: {empty[0]!r} has no value")


def _base_year(annual: pd.DataFrame, threshold: pd.Series, inflation: pd.DataFrame) -> int:
    series = {name: annual[name] for name in BASE} | {
        "high_above": threshold,
        "sdr_parts": inflation["sdr"],
    }
    years = []
    for name, values in series.items():
        known = values.dropna().index.to_numpy(dtype=np.int64)
        if len(known) == 0:
            raise DataError(f"nominal history: {name!r} has no value")
        years.append(int(known.max()))
    return min(years)


def _rates(annual: pd.DataFrame, inflation: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """Return rates of change, and the years in which output per worker had to be derived."""
    levels = ["population", "exchange_rate", "share_15_64", "employment_rate"]
    change = 100 * annual[[*levels, "output_per_worker"]].apply(np.log).diff()
    real = 100 * (annual[["gdp_growth", "gdp_deflator_inflation"]] / 100).apply(np.log1p)
    per_person = real["gdp_growth"] - change["population"]
    growth = change["output_per_worker"]
    plain = change["employment_rate"] + change["share_15_64"]
    gap = (per_person - growth - plain).ffill()
    # A year after the last published one has seen output per worker at least once before it.
    seen = annual["output_per_worker"].notna()
    derived = growth.isna() & seen.cummax() & ~seen[::-1].cummax()[::-1]
    growth = growth.where(~derived, per_person - plain - gap)
    rates = pd.DataFrame(
        {
            "growth": growth,
            "employment": per_person - growth - change["share_15_64"],
            "deflator": real["gdp_deflator_inflation"],
            "exchange_rate": change["exchange_rate"],
            "sdr": inflation["sdr"],
            "usa": inflation["usa"],
        }
    )
    return rates, [int(year) for year in annual.index[derived]]


def _with_real_rate(rates: pd.DataFrame) -> pd.DataFrame:
    change = rates["deflator"] - rates["exchange_rate"] - rates["sdr"]
    return rates.assign(real_rate=change.cumsum())


def _span(rates: pd.DataFrame, first: int, last: int, least: int | None) -> pd.DataFrame:
    rates = rates.loc[first:last]
    if least is not None:
        first = _start(rates, first, last, least)
    rates = _with_real_rate(rates.loc[first:])
    _complete(rates, first, last)
    return rates


def _start(rates: pd.DataFrame, first: int, last: int, least: int) -> int:
    """Return the year after the last gap in the span; DataError if too few years follow it."""
    holes = rates.reindex(range(first, last + 1)).isna().to_numpy()
    broken = np.flatnonzero(holes.any(axis=1))
    if not len(broken):
        return first
    year = first + int(broken[-1])
    if last - year < least:
        name = str(rates.columns[holes[broken[-1]].argmax()])
        raise DataError(
            f"nominal history: {_MEASURED_BY[name]} for {year}, so {last - year} unbroken "
            f"years to {last}; needs at least {least}"
        )
    return year + 1


def _complete(rates: pd.DataFrame, first: int, last: int) -> None:
    missing = set(range(first, last + 1)) - set(rates.index)
    if missing:
        raise DataError(f"nominal history: no rows for {min(missing)}; needs {first}-{last}")
    holes = rates.isna()
    if holes.to_numpy().any():
        column = holes.any().idxmax()
        year = holes[column].idxmax()
        raise DataError(f"nominal history: {column!r} has no value for {year}")


def _anchor(annual: pd.DataFrame, threshold: pd.Series, base: int) -> tuple[Array, Array, Array]:
    """Return exchange rate, deflator (base year = 1) and line of the three years to ``base``."""
    years = [base - 2, base - 1, base]
    price = np.log1p(annual.loc[years, "gdp_deflator_inflation"].to_numpy(dtype=np.float64) / 100)
    deflator = np.exp(np.array([-price[1] - price[2], -price[2], 0.0]))
    return (
        annual.loc[years, "exchange_rate"].to_numpy(dtype=np.float64),
        deflator,
        threshold.loc[years].to_numpy(dtype=np.float64),
    )


def _spread(errors: pd.Series, first: int) -> float:
    """Return the root mean square of the errors from ``first`` on: their mean counts as noise."""
    known = errors.loc[first:].dropna().to_numpy(dtype=np.float64)
    if len(known) < 5:
        raise DataError(
            f"nominal history: {len(known)} back-cast errors since {first}, needs at least 5"
        )
    return float(np.sqrt(np.mean(known**2)))
