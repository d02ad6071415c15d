"""The accounting of every economy's income, against identities and what was published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.income.atlas import atlas_factor
from forecast.income.backcast import backcast
from forecast.income.economies import EconomiesBackcast, backcast_economies, implied_deflator
from forecast.income.sdr_deflator import sdr_inflation
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage


def _economies(package: DataPackage, rate: str) -> EconomiesBackcast:
    annual = package.annual()
    inflation = sdr_inflation(package.table("sdr_parts"), annual)
    return backcast_economies(annual, package.table("thresholds"), inflation, rate)


@pytest.fixture(scope="module", params=["conversion", "official"])
def found(request: pytest.FixtureRequest, starter: DataPackage) -> EconomiesBackcast:
    """The back-cast of the starter package, whose one economy is China, by either rate."""
    return _economies(starter, request.param)


def test_china_is_within_one_percent_each_year_since_2010(found: EconomiesBackcast) -> None:
    """The largest error since 2010 is 0.84 (2014), as in the back-cast from growth and prices."""
    assert found.summary()["economies"] == 1
    assert_allclose(found.summary()["china_max_abs_growth_error_since_2010"], 0.84, atol=0.01)
    assert list(found.rows.loc[found.rows["year"] >= 2010, "year"]) == list(range(2010, 2026))


def test_line_is_within_its_error_since_2003(found: EconomiesBackcast) -> None:
    """The summary gives the line's error of `backcast`: 0.26 points."""
    assert_allclose(found.summary()["threshold_growth_rmse_since_2003"], 0.26, atol=0.01)


def test_china_agrees_with_the_back_cast_from_growth_and_prices(
    found: EconomiesBackcast, starter: DataPackage
) -> None:
    """For China US$ GDP, real growth and prices tell one story from 1997 on."""
    china = starter.annual().rows("CHN")
    line = starter.table("thresholds").set_index("year")["high_above"]
    other = backcast(china, line, sdr_inflation(starter.table("sdr_parts"), starter.annual()))
    mine = found.rows.set_index("year")["growth"].loc[1997:]

    # The package rounds its series: GDP per capita to 1 US$ of some 700, so growth to 0.1.
    assert_allclose(mine, other["income"].loc[1997:], atol=0.1)


@pytest.fixture(scope="module")
def invented() -> tuple[Panel, pd.DataFrame]:
    """An economy whose Atlas income follows the formula exactly, and the lines."""
    rng = np.random.default_rng(5)
    years = np.arange(1987, 2011)
    real, inflation, people = rng.normal([3, 20, 1], [2, 9, 0.2], (len(years), 3)).T
    rate = np.exp(np.cumsum(rng.normal(0.15, 0.1, len(years))))
    deflator = np.exp(np.cumsum(np.log1p(inflation / 100)))
    population = 1e7 * np.exp(np.cumsum(people / 100))
    local = np.exp(np.cumsum(np.log1p(real / 100))) * deflator / population * 1e10
    line = 6000 * np.exp(np.cumsum(rng.normal(0.02, 0.01, len(years))))
    income = np.full(len(years), np.nan)
    income[2:] = 0.9 * local[2:] / atlas_factor(rate, deflator, line)
    frame = pd.DataFrame(
        {
            "gni_pc_atlas": income,
            "gdp_pc_current": local / rate,
            "gdp_growth": real,
            "gdp_deflator_inflation": inflation,
            "exchange_rate": rate,
            "population": population,
        },
        index=pd.MultiIndex.from_product([["AAA"], years], names=["country", "year"]),
    )
    thresholds = pd.DataFrame({"year": years, "high_above": line, "lower_middle_at_most": line / 3})
    return Panel(frame, source="invented"), thresholds


def _inflation() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    years = pd.Index(range(1985, 2011), name="year")
    return pd.DataFrame(rng.normal(2, 1, (26, 2)), index=years, columns=["sdr", "usa"])


@pytest.mark.parametrize("rate", ["conversion", "official"])
def test_growth_is_the_atlas_formulas(invented: tuple[Panel, pd.DataFrame], rate: str) -> None:
    """Where income is GDP over the Atlas factor of levels, no error remains."""
    annual, thresholds = invented

    rows = backcast_economies(annual, thresholds, _inflation(), rate).rows

    assert_allclose(rows["error"], 0, atol=1e-9)
    assert list(rows["year"]) == list(range(1990, 2011))


def test_a_missing_year_is_not_bridged(invented: tuple[Panel, pd.DataFrame]) -> None:
    """Without the row of 2000 no growth touches it: three years of prices enter each factor."""
    annual, thresholds = invented
    frame = annual.frame.drop(index=("AAA", 2000))

    rows = backcast_economies(Panel(frame, source="gap"), thresholds, _inflation()).rows

    assert sorted(set(range(1990, 2011)) - set(rows["year"])) == [2000, 2001, 2002, 2003]
    assert_allclose(rows["error"], 0, atol=1e-9)


def test_wrong_rate_is_named(invented: tuple[Panel, pd.DataFrame]) -> None:
    """A rate that does not exist is refused, with those that do."""
    with pytest.raises(DataError, match=r"'offical'.*official"):
        backcast_economies(*invented, _inflation(), "offical")


def test_deflator_moves_with_the_lower_line_before_1990(starter: DataPackage) -> None:
    """The high line stood at 6,000 in 1987-1989; the lower one moved as the deflator did."""
    thresholds = starter.table("thresholds")

    deflator = implied_deflator(thresholds)

    assert_allclose(deflator[1989] / deflator[1988], 2335 / 2200)
    later = thresholds[thresholds["year"] >= 1990].set_index("year")["high_above"]
    assert_allclose(deflator.loc[1990:], later)
    # Over the three years the two lines agree within their rounding.
    assert_allclose(deflator[1987], 6000, rtol=0.002)


@pytest.mark.raw
@pytest.mark.parametrize(
    ("rate", "economies", "median"), [("conversion", 207, 0.717), ("official", 204, 0.851)]
)
def test_all_economies_are_within_one_percent_in_the_median(
    full: DataPackage, rate: str, economies: int, median: float
) -> None:
    """Over 200 economies and 1990-2025 half of the errors are below one percent."""
    summary = _economies(full, rate).summary()

    # A new edition of the statistics may move the third decimal.
    assert summary["economies"] == economies
    assert_allclose(summary["median_abs_growth_error"], median, atol=0.005)
    assert summary["china_max_abs_growth_error_since_2010"] < 1.0
    assert summary["threshold_growth_rmse_since_2003"] < 1.2
