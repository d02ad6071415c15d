"""The exchange rate between GDP in local currency and in US$."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.income.conversion_rate import conversion_rate
from forecast.sources.package.package import DataPackage

YEARS = np.arange(1994, 2011)


@pytest.fixture
def economy() -> pd.DataFrame:
    """An economy whose US$ GDP is converted at a rate that rises by 4 % a year."""
    rng = np.random.default_rng(2)
    real, inflation = rng.normal([3, 8], 2, (len(YEARS), 2)).T
    rate = 10 * 1.04 ** np.arange(len(YEARS))
    people = 5e6 * 1.01 ** np.arange(len(YEARS))
    local = 1e9 * np.exp(np.cumsum(np.log1p(real / 100) + np.log1p(inflation / 100)))
    return pd.DataFrame(
        {
            "exchange_rate": rate,
            "gdp_growth": real,
            "gdp_deflator_inflation": inflation,
            "gdp_pc_current": local / rate / people,
            "population": people,
        },
        index=pd.Index(YEARS, name="year"),
    )


def test_an_official_rate_that_agrees_is_kept(economy: pd.DataFrame) -> None:
    """The official series comes back untouched, small differences included."""
    official = economy["exchange_rate"] * (1 + 0.01 * (-1.0) ** np.arange(len(YEARS)))

    found = conversion_rate(economy.assign(exchange_rate=official))

    pd.testing.assert_series_equal(found, official, check_names=False)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("points", "kept"), [(4.99, True), (5.01, False)])
def test_five_points_apart_are_too_many(
    economy: pd.DataFrame, sign: int, points: float, kept: bool
) -> None:
    """In one year, up or down, in log points: 4.99 may be rounding, 5.01 is a break."""
    step = np.where(economy.index < 2003, 1.0, np.exp(sign * points / 100))
    official = economy["exchange_rate"] * step

    found = conversion_rate(economy.assign(exchange_rate=official))

    expected = official if kept else economy["exchange_rate"] * step[-1]
    assert_allclose(found, expected, rtol=1e-10)


def test_a_change_of_currency_is_bridged(economy: pd.DataFrame) -> None:
    """The official rate drops to a 40th in 2001; the chained one goes on at 4 % a year."""
    switched = economy["exchange_rate"].where(economy.index < 2001, economy["exchange_rate"] / 40)

    found = conversion_rate(economy.assign(exchange_rate=switched))

    assert_allclose(found, economy["exchange_rate"] / 40, rtol=1e-10)


def test_a_year_without_accounts_ends_the_chain(economy: pd.DataFrame) -> None:
    """Before a year whose prices are unknown there is no rate; after it there is."""
    hole = economy.copy()
    hole.loc[2003, "gdp_deflator_inflation"] = np.nan
    hole.loc[2005:, "exchange_rate"] /= 40

    found = conversion_rate(hole)

    assert found.loc[:2002].isna().all()
    assert_allclose(found.loc[2003:], economy.loc[2003:, "exchange_rate"] / 40, rtol=1e-10)


def test_china_keeps_its_official_rate(starter: DataPackage) -> None:
    """Since 1996 the yuan's two rates agree, so that the embedded study does not change."""
    china = starter.annual().rows("CHN")

    pd.testing.assert_series_equal(conversion_rate(china), china["exchange_rate"])
