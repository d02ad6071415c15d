"""Paths of the high-income line in US$, whoever is set against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array, Integers
from forecast.errors import DataError
from forecast.income.sdr_deflator import threshold_growth
from forecast.income.threshold import threshold_path
from forecast.timeseries.bvar.posterior import bvar_posterior, draw_bvar
from forecast.timeseries.bvar.prior import BvarPrior
from forecast.timeseries.bvar.simulate import simulate_bvar

# China's system starts in the same year; the SDR's basket holds the renminbi since 2016 alone.
FIRST_YEAR = 1996
ERRORS_FROM = 2003
MAX_ROOT = 0.99
PARTS = ("sdr", "usa")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHistory:
    """What the line is forecast from.

    Attributes
    ----------
    base_year : int
        Last year with a published line and a known deflator.
    line : (3,) the published high-income line of the last three years, current US$.
    rates : pandas.DataFrame
        By year to ``base_year``: ``sdr`` (the SDR basket's deflator in US$) and ``usa`` (the United
        States GDP deflator), log differences x 100.
    noise : float
        Root mean squared error of the line's growth by formula since 2003, log points x 100.
    """

    base_year: int
    line: Array
    rates: pd.DataFrame
    noise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePaths:
    """Draws of the line and of the prices behind it, each (draws, t).

    Attributes
    ----------
    line : current US$, not rounded.
    sdr, usa : growth of the SDR basket's deflator in US$ and of the United States GDP deflator, log
        differences x 100.
    """

    line: Array
    sdr: Array
    usa: Array


def line_history(line: pd.Series, inflation: pd.DataFrame, base_year: int) -> LineHistory:
    """Return the record of the line through a year.

    Parameters
    ----------
    line : pandas.Series
        The published high-income line, current US$, by year.
    inflation : pandas.DataFrame
        Columns ``sdr`` and ``usa`` of ``sdr_inflation``, index year.
    base_year : int

    Raises
    ------
    DataError
        If line or inflation have no value for a year that is needed.
    """
    rates = inflation.loc[FIRST_YEAR:base_year, list(PARTS)]
    last = line.reindex(range(base_year - 2, base_year + 1))
    if last.isna().any() or list(rates.index) != list(range(FIRST_YEAR, base_year + 1)):
        raise DataError(f"the line: needs deflators from {FIRST_YEAR} and lines to {base_year}")
    if rates.isna().to_numpy().any():
        raise DataError(f"the line: a deflator has no value between {FIRST_YEAR} and {base_year}")
    formula = pd.Series(
        threshold_growth(rates["sdr"].to_numpy(float), rates["usa"].to_numpy(float)),
        index=rates.index[2:],
    )
    errors = (100 * np.log(line).diff() - formula).loc[ERRORS_FROM:base_year].to_numpy(float)
    return LineHistory(
        base_year=base_year,
        line=last.to_numpy(dtype=np.float64),
        rates=rates,
        noise=float(np.sqrt(np.mean(errors**2))),
    )


def draw_line(
    history: LineHistory, years: Integers, draws: int, parameters: Generator, shocks: Generator
) -> LinePaths:
    """Return draws of the line: the SDR deflator, smoothed as the World Bank does, plus its errors.

    The two deflators follow a Bayesian vector autoregression of one lag, centred on rates that
    return to their mean; the line grows by `threshold_growth` of them and an independent error of
    the size that the formula has made.

    Parameters
    ----------
    history : LineHistory
    years : (t,) projected years, the first after the base year.
    draws : int
    parameters, shocks : numpy.random.Generator

    Raises
    ------
    EstimationError
        If the autoregression cannot be estimated.
    """
    values = history.rates.to_numpy(dtype=np.float64)
    prior = BvarPrior(lags=1, scale=float(len(PARTS) + 2))
    drawn = draw_bvar(bvar_posterior(values, prior), draws, parameters, MAX_ROOT)
    paths = simulate_bvar(drawn, values, len(years), shocks)
    sdr, usa = (np.ascontiguousarray(paths[:, :, j]) for j in range(len(PARTS)))
    known = np.broadcast_to(values[-2:], (draws, 2, len(PARTS)))
    growth = threshold_growth(
        np.concatenate([known[:, :, 0], sdr], axis=1), np.concatenate([known[:, :, 1], usa], axis=1)
    )
    growth = growth + history.noise * shocks.standard_normal(growth.shape)
    return LinePaths(line=threshold_path(float(history.line[-1]), growth), sdr=sdr, usa=usa)
