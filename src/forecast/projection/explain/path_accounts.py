"""The income chain's mean path taken apart: what is work, what is people, what is prices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import atlas_sums
from forecast.crosscountry.chain.record import LONGEST
from forecast.crosscountry.chain.regressors import STATE
from forecast.errors import DataError, ProjectionError
from forecast.income.working_age import splice_share
from forecast.projection.futures.futures import Futures, Inputs

EMPLOYMENT_YEARS = 10  # of which the mean growth of employment is carried on


def path_accounts(inputs: Inputs, futures: Futures) -> pd.DataFrame:
    """Return what the baseline's mean growth of income over the line consists of, year by year.

    The chain forecasts growth per head and the real exchange rate; the rest is an accounting of
    them, which no probability rests on. Growth per head is that of the share of ages 15-64 (the
    United Nations' median), of employment per person of that age (its mean of the last ten years
    carried on) and of output per worker, which is what is left. Prices and the exchange rate are
    one in the chain: the Atlas method's three-year mean of the real rate against the line.

    Parameters
    ----------
    inputs : Inputs
    futures : Futures
        Drawn from the income chain.

    Returns
    -------
    pandas.DataFrame
        ``year, income, line, income_over_line, productivity, employment, ages,
        real_exchange_rate, remainder``, ten years at most: changes since the last known year, log
        points x 100, means over the chain's error vectors; ``income`` is ``income_over_line`` +
        ``line`` (the mean over the draws of the line), and ``income_over_line`` the sum of the
        columns after it.

    Raises
    ------
    ProjectionError
        If the futures are not the income chain's.
    DataError
        If ages or employment of the economy are not known.
    """
    setting = futures.setting
    if setting.chain is None:
        raise ProjectionError("accounts of the path: the baseline is not the income chain's")
    fit, country = setting.chain.fit, setting.plan.country
    years = setting.years[:LONGEST]
    made = forecast_chain(fit, [country], horizon=len(years))
    last, before = (fit.state[name][country] for name in STATE[:2])
    rate = atlas_sums(made.exchange[0], np.array([last]), np.array([before])).mean(axis=0)
    growth = made.growth[0].mean(axis=0)
    ratio = (made.income[0] - made.relative[0]).mean(axis=0)
    ages, employment = _ages(inputs, futures, len(years)), _employment(futures, len(years))
    origin_line = float(setting.history.threshold[-1])
    line = np.log(futures.accounts.threshold[:, : len(years)] / origin_line).mean(axis=0)
    parts = {
        "income": ratio + line,
        "line": line,
        "income_over_line": ratio,
        "productivity": growth - ages - employment,
        "employment": employment,
        "ages": ages,
        "real_exchange_rate": rate,
        "remainder": ratio - growth - rate,
    }
    return pd.DataFrame({"year": years} | {name: 100 * value for name, value in parts.items()})


def _ages(inputs: Inputs, futures: Futures, count: int) -> Array:
    """Return the change of the log share of ages 15-64 since the origin."""
    country, years = futures.setting.plan.country, futures.setting.years
    table = inputs.population
    rows = table[(table["country"] == country) & (table["variable"] == "share_15_64")]
    if rows.empty:
        raise DataError(f"{country}: the population projection has no 'share_15_64'")
    known = inputs.annual.through(int(years[0]) - 1).series(country, "share_15_64")
    share = splice_share(known, rows.set_index("year")["value"])
    level = np.log(share.loc[int(years[0]) - 1 : int(years[count - 1])].to_numpy(dtype=np.float64))
    change: Array = level[1:] - level[0]
    return change


def _employment(futures: Futures, count: int) -> Array:
    """Return growth of employment per person aged 15-64 since the origin, its mean carried on."""
    rates = futures.setting.history.rates
    if "employment" not in rates:
        raise DataError(f"{futures.setting.plan.country}: employment is not known")
    mean = float(rates["employment"].iloc[-EMPLOYMENT_YEARS:].mean()) / 100
    return mean * np.arange(1.0, count + 1)
