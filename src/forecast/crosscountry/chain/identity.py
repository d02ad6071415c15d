"""How income relative to the line moves: real growth, the real exchange rate, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.crosscountry.income_record import carried_line
from forecast.panel import Panel

_COLUMNS = ("gni_pc_atlas", "gdp_pc_current", "gdp_growth", "population")
_LEAST_GROWTH = -0.9  # of real GDP in a year: the log of less says nothing of income


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRecord:
    """The parts of relative income, by year and economy.

    Attributes
    ----------
    line : str
        The line that income is set against: a key of ``income_record.LINES``.
    years : (T,) consecutive calendar years.
    countries : tuple of N codes.
    relative : (T, N)
        r, log of GNI per capita (Atlas method) over the line.
    growth : (T, N)
        g, log growth of real GDP per head.
    exchange : (T, N)
        x, log growth of GDP per head in current US$ less that of the line less ``growth``: the
        change of the real exchange rate against the line.
    remainder : (T, N)
        u, what the identity leaves: terms of trade of income, conversion, revisions.
    population : (T, N)
        Log growth of population.
    """

    line: str
    years: Integers
    countries: tuple[str, ...]
    relative: Array
    growth: Array
    exchange: Array
    remainder: Array
    population: Array

    def through(self, year: int) -> ChainRecord:
        """Return the record as it ends in ``year``: all that a forecast from there may see."""
        keep = int((self.years <= year).sum())
        cut = {
            f.name: getattr(self, f.name)[:keep]
            for f in fields(self)
            if f.name not in ("line", "countries")
        }
        return replace(self, **cut)


def chain_record(annual: Panel, thresholds: pd.DataFrame, line: str = "high") -> ChainRecord:
    """Return the parts of relative income of every economy.

    They satisfy, exactly,

        r(t) - r(t-1) = g(t) + [x(t) + x(t-1) + x(t-2)] / 3 + u(t)

    The World Bank's Atlas method converts at the mean of three years' exchange rates, the earlier
    ones moved by inflation relative to the SDR's, as the line moves: so x of the last two years
    is still on its way into income, and no SDR part is needed for the ratio.

    Parameters
    ----------
    annual : Panel
        With ``gni_pc_atlas``, ``gdp_pc_current`` (current US$), ``gdp_growth`` (%), ``population``
        and what ``carried_line`` needs.
    thresholds : pandas.DataFrame
        ``year`` and the columns of ``income_record.LINES``, current US$.
    line : str
        Class that is entered.

    Raises
    ------
    DataError
        If a column is missing.
    SpecError
        If the line is unknown.

    References
    ----------
    World Bank, The World Bank Atlas method: detailed methodology.
    """
    frame = annual.require(list(_COLUMNS))
    lined = carried_line(annual, thresholds, line)
    first = int(frame.index.get_level_values("year").min())
    years = np.arange(first, int(lined.index[-1]) + 1, dtype=np.int64)
    countries = annual.countries()
    income, market, rate, people = (
        frame[name].unstack("country").reindex(index=years, columns=countries).to_numpy(np.float64)
        for name in _COLUMNS
    )
    moved = _log(lined.reindex(years).to_numpy(np.float64))[:, None]
    relative = _log(income) - moved
    population = _change(_log(people))
    growth = np.log1p(np.maximum(rate / 100, _LEAST_GROWTH)) - population
    exchange = _change(_log(market) - moved) - growth
    return ChainRecord(
        line=line,
        years=years,
        countries=tuple(countries),
        relative=relative,
        growth=growth,
        exchange=exchange,
        remainder=_change(relative) - growth - atlas_mean(exchange),
        population=population,
    )


def atlas_mean(exchange: Array) -> Array:
    """Return the mean (T, N) of each year's, the last year's and the one before's change."""
    mean = np.full_like(exchange, np.nan)
    mean[2:] = (exchange[2:] + exchange[1:-1] + exchange[:-2]) / 3
    return mean


def atlas_sums(exchange: Array, last: Array, before: Array) -> Array:
    """Return what a path of the real exchange rate has added to income since the origin.

    Parameters
    ----------
    exchange : (..., years)
        Sums of x since the origin.
    last, before : (..., 1)
        x of the origin and of the year before it.

    Returns
    -------
    (..., years)
        Sums over the years of [x(t) + x(t-1) + x(t-2)] / 3.
    """
    total = exchange.copy()
    total[..., 1:] += exchange[..., :-1]
    total[..., 2:] += exchange[..., :-2]
    total[..., 1:] += last
    total += last + before
    return total / 3


def _log(values: Array) -> Array:
    return np.log(np.where(values > 0, values, np.nan))


def _change(values: Array) -> Array:
    change = np.full_like(values, np.nan)
    change[1:] = np.diff(values, axis=0)
    return change
