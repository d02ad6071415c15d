"""The accounting applied to the past: what it says against what was published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.income.atlas import atlas_factor
from forecast.income.sdr_deflator import threshold_growth

ACCOUNTS = (
    "gni_pc_atlas",
    "gdp_growth",
    "gdp_deflator_inflation",
    "population",
    "exchange_rate",
)


def backcast(
    annual: pd.DataFrame,
    threshold: pd.Series,
    inflation: pd.DataFrame,
    after_gaps: bool = False,
) -> pd.DataFrame:
    """Return, by year, growth of income and of the line by formula and as published.

    GNI per capita in local currency is taken to grow as GDP per capita: real growth, plus the GDP
    deflator's, less the population's. Dividing by the Atlas factor, with S the deflator that the
    published thresholds imply, gives the growth of GNI per capita in US$.

    Parameters
    ----------
    annual : pandas.DataFrame
        One economy by year: ``gni_pc_atlas`` (US$), ``gdp_growth`` (%),
        ``gdp_deflator_inflation`` (%), ``population`` (persons), ``exchange_rate`` (per US$).
    threshold : pandas.Series
        High-income line, US$, by year.
    inflation : pandas.DataFrame
        Columns ``sdr`` and ``usa`` of ``sdr_inflation``, index year.
    after_gaps : bool
        Whether an economy whose series have gaps is taken from its last gap on, not refused.

    Returns
    -------
    pandas.DataFrame
        Index year; ``income, income_published, income_error`` and ``threshold,
        threshold_published, threshold_error`` (log differences x 100; error is formula less
        published), and ``threshold_plain_average``, the three-year mean of the basket's growth,
        for comparison. Years for which a value cannot be formed are left out or NaN.

    Raises
    ------
    DataError
        If a column or series is missing or years have gaps.
    """
    missing = [name for name in ACCOUNTS if name not in annual]
    if missing:
        raise DataError(f"back-cast: column {missing[0]!r} is missing; needed: {ACCOUNTS}")
    known = annual.loc[:, list(ACCOUNTS)].dropna()
    if after_gaps:
        known = known.loc[_last_start(known.index) :]
    income = _income(known, threshold.dropna())
    return pd.concat([income, backcast_line(threshold.dropna(), inflation)], axis=1).sort_index()


def root_mean_square(errors: pd.Series, first: int, last: int) -> float:
    """Return the root mean squared error of the years ``first`` to ``last``, missing ones out."""
    part = errors.loc[first:last].dropna().to_numpy(dtype=np.float64)
    return float(np.sqrt(np.mean(part**2)))


def _income(annual: pd.DataFrame, threshold: pd.Series) -> pd.DataFrame:
    years = annual.index.intersection(threshold.index)
    _unbroken(years)
    annual = annual.loc[years]
    price = np.log1p(annual["gdp_deflator_inflation"].to_numpy() / 100)
    real = np.log1p(annual["gdp_growth"].to_numpy() / 100)
    factor = atlas_factor(
        annual["exchange_rate"].to_numpy(),
        np.exp(np.cumsum(price)),
        threshold.loc[years].to_numpy(dtype=np.float64),
    )
    people = np.diff(np.log(annual["population"].to_numpy()))[2:]
    formula = 100 * (real[3:] + price[3:] - people - np.diff(np.log(factor)))
    published = 100 * np.diff(np.log(annual["gni_pc_atlas"].to_numpy()))[2:]
    return pd.DataFrame(
        {
            "income": formula,
            "income_published": published,
            "income_error": formula - published,
        },
        index=pd.Index(years[3:], name="year"),
    )


def backcast_line(threshold: pd.Series, inflation: pd.DataFrame) -> pd.DataFrame:
    """Return the line's part of `backcast`: the columns ``threshold...``, index year.

    Raises
    ------
    DataError
        If years have gaps.
    """
    _unbroken(threshold.index)
    _unbroken(inflation.index)
    sdr, usa = inflation["sdr"].to_numpy(), inflation["usa"].to_numpy()
    published = pd.Series(
        100 * np.diff(np.log(threshold.to_numpy(dtype=np.float64))), index=threshold.index[1:]
    )
    frame = pd.DataFrame(
        {
            "threshold": threshold_growth(sdr, usa),
            "threshold_plain_average": np.convolve(sdr, np.full(3, 1 / 3), mode="valid"),
        },
        index=pd.Index(inflation.index[2:], name="year"),
    )
    frame["threshold_published"] = published
    frame["threshold_error"] = frame["threshold"] - frame["threshold_published"]
    return frame.dropna()


def _last_start(years: pd.Index) -> int:
    """Return the first year after the last gap."""
    values = years.to_numpy(dtype=np.int64)
    gaps = np.flatnonzero(np.diff(values) != 1)
    return int(values[gaps[-1] + 1 if len(gaps) else 0]) if len(values) else 0


def _unbroken(years: pd.Index) -> None:
    values = years.to_numpy(dtype=np.int64)
    if len(values) < 5:
        raise DataError(f"back-cast: {len(values)} years in common, needs at least 5")
    if (np.diff(values) != 1).any():
        after = values[np.argmax(np.diff(values) != 1)]
        raise DataError(f"back-cast: years must follow one another; gap after {after}")
