"""What is known of the present year, in the terms of the income chain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.given import FirstYear, with_first_year
from forecast.crosscountry.chain.record import ChainFit
from forecast.errors import DataError, SpecError
from forecast.income.conversion_rate import conversion_rate
from forecast.income.line_path import LineHistory
from forecast.income.sdr_deflator import threshold_growth
from forecast.specs.known import KnownSpec, KnownValue
from forecast.statistics.within_year import known_share

INFLATION_YEARS = 20  # of which the changes say how far last year's inflation misses this year's
NEEDED = {
    "exchange_rate": ("exchange_rate", "gdp_deflator_inflation"),
    "growth": ("population",),
}


def with_present_year(
    fit: ChainFit, country: str, known: KnownSpec, rows: pd.DataFrame, line: LineHistory
) -> ChainFit:
    """Return the chain of one economy with what is known of its first year ahead.

    Growth of real GDP less last year's growth of population is g. Inflation of the deflator, last
    year's where it is not given, less the change of the exchange rate, less growth of the line, its
    deflators at their means, is x: of its variance the known shares of the rate's and of
    inflation's own are known, and nothing of the line's.

    Parameters
    ----------
    fit : ChainFit
    country : str
    known : KnownSpec
    rows : pandas.DataFrame
        The economy's annual series by year: ``exchange_rate`` (local currency per US$),
        ``gdp_deflator_inflation`` (%), ``population``.
    line : LineHistory

    Raises
    ------
    SpecError
        If the figures are of another year than the first ahead, or a deflator comes without an
        exchange rate, of which alone nothing follows for the real exchange rate.
    DataError
        If a series of the last year is missing.
    """
    given = known.given()
    for name, figure in given.items():
        if figure.year != fit.origin + 1:
            raise SpecError(
                f"known {name}: found {figure.month}, must be a month of {fit.origin + 1}, the "
                "year after the last on record"
            )
    if "deflator" in given and "exchange_rate" not in given:
        raise SpecError(
            "known deflator: alone it says nothing of the real exchange rate; name exchange_rate "
            "too"
        )
    told = dict[str, FirstYear]()
    if known.growth:
        told["growth"] = _growth(known.growth, _last(rows, "growth", fit.origin, country))
    if known.exchange_rate:
        last = _last(rows, "exchange_rate", fit.origin, country)
        scale = float(fit.moments["exchange_scale_1"][country])
        spread = scale * float(np.std(fit.errors.exchange[:, 0]))
        told["exchange"] = _exchange(known.exchange_rate, known.deflator, last, line, spread)
    return with_first_year(fit, country, told)


def _growth(told: KnownValue, rows: pd.DataFrame) -> FirstYear:
    people = np.diff(np.log(rows["population"].to_numpy(dtype=np.float64)))[-1]
    return FirstYear(value=np.log1p(told.value / 100) - people, share=_share(told))


def _exchange(
    rate: KnownValue,
    deflator: KnownValue | None,
    rows: pd.DataFrame,
    line: LineHistory,
    spread: float,
) -> FirstYear:
    """Return x of the first year, and how much of its variance ``spread`` squared is known."""
    inflation = np.log1p(rows["gdp_deflator_inflation"].to_numpy(dtype=np.float64) / 100)
    prices = inflation[-1] if deflator is None else np.log1p(deflator.value / 100)
    before = float(conversion_rate(rows).iloc[-1])
    expected, line_variance = _line_growth(line)
    value = prices - np.log(rate.value / before) - expected
    inflation_variance = float(np.mean(np.diff(inflation[-INFLATION_YEARS:]) ** 2))
    open_rate = 1.0 - _share(rate)
    open_prices = 1.0 - _share(deflator) if deflator else 1.0
    rate_variance = max(spread**2 - inflation_variance - line_variance, 0.0)
    to_come = open_rate * rate_variance + open_prices * inflation_variance + line_variance
    return FirstYear(value=float(value), share=float(np.clip(1 - to_come / spread**2, 0.0, 1.0)))


def _share(told: KnownValue) -> float:
    return known_share(told.months) if told.share is None else told.share


def _line_growth(line: LineHistory) -> tuple[float, float]:
    """Return mean and variance of the line's growth next year, log points."""
    past = line.rates.to_numpy(dtype=np.float64)
    ahead = np.stack([np.vstack([past[-2:], year]) for year in past])
    growth: Array = threshold_growth(ahead[:, :, 0], ahead[:, :, 1])[:, 0] / 100
    return float(growth.mean()), float(growth.var() + (line.noise / 100) ** 2)


def _last(rows: pd.DataFrame, name: str, origin: int, country: str) -> pd.DataFrame:
    """Return the record through the origin, whose last two years have what a figure is set on."""
    held = rows.loc[:origin]
    for column in NEEDED[name]:
        if column not in held or held[column].reindex([origin - 1, origin]).isna().any():
            raise DataError(f"known {name}: {country} has no {column} of {origin - 1} and {origin}")
    return held.loc[held[list(NEEDED[name])].notna().all(axis=1)]
