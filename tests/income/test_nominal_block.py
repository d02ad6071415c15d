"""The history of the nominal system and its anchor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.income.nominal_block import NominalHistory, level_noise, nominal_history
from forecast.income.sdr_deflator import sdr_inflation
from forecast.sources.package.package import DataPackage


@pytest.fixture(scope="module")
def china(starter: DataPackage) -> pd.DataFrame:
    """Return China's annual table."""
    return starter.annual().frame.xs("CHN", level="country")


@pytest.fixture(scope="module")
def line(starter: DataPackage) -> pd.Series:
    """Return the high-income line by year."""
    return starter.table("thresholds").set_index("year")["high_above"]


@pytest.fixture(scope="module")
def inflation(starter: DataPackage) -> pd.DataFrame:
    """Return inflation of the SDR basket and of the United States."""
    return sdr_inflation(starter.table("sdr_parts"), starter.annual())


@pytest.fixture(scope="module")
def history(china: pd.DataFrame, line: pd.Series, inflation: pd.DataFrame) -> NominalHistory:
    """Return China's nominal history."""
    return nominal_history(china, line, inflation)


def test_anchor_is_the_published_year(history: NominalHistory) -> None:
    """The last year is 2025 with income 14,230 and a line of 14,375."""
    assert history.base_year == 2025
    assert history.income == 14_230
    assert history.threshold[-1] == 14_375
    assert list(history.rates.index) == list(range(1996, 2026))


def test_local_income_is_close_to_yuan_gdp_per_person(
    history: NominalHistory, china: pd.DataFrame
) -> None:
    """The yuan level behind 14,230 is within 2 % of GDP per person in yuan: GNI is near GDP."""
    gdp = china.loc[2025, "gdp_pc_current"] * china.loc[2025, "exchange_rate"]

    assert_allclose(history.income_local, gdp, rtol=0.02)


def test_identity_holds_in_every_year(history: NominalHistory, china: pd.DataFrame) -> None:
    """Productivity, employment and the working-age share add up to GDP per person."""
    per_person = np.log1p(china["gdp_growth"] / 100) - np.log(china["population"]).diff()
    share = np.log(china["share_15_64"]).diff()
    total = history.rates["growth"] + history.rates["employment"] + 100 * share

    assert_allclose(total.loc[1996:2025], 100 * per_person.loc[1996:2025], atol=1e-9)


def test_only_the_unpublished_year_is_derived(history: NominalHistory, china: pd.DataFrame) -> None:
    """Output per worker ends in 2024, so 2025 is derived, at 4.75 % by the stated rule."""
    rate = 100 * np.log(china["employment_rate"]).diff()
    share = 100 * np.log(china["share_15_64"]).diff()
    people = 100 * np.log(china["population"]).diff()
    person = 100 * np.log1p(china["gdp_growth"] / 100) - people
    worker = 100 * np.log(china["output_per_worker"]).diff()
    gap = person[2024] - worker[2024] - rate[2024] - share[2024]

    assert history.derived == (2025,)
    assert_allclose(history.rates.loc[2024, "growth"], worker[2024])
    assert_allclose(
        history.rates.loc[2025, "growth"], person[2025] - rate[2025] - share[2025] - gap
    )


def test_rule_for_the_last_year_would_have_served_before(
    china: pd.DataFrame, line: pd.Series, inflation: pd.DataFrame
) -> None:
    """Hiding output per worker of 2015-2024 in turn, the rule misses growth by under 0.5."""
    for year in range(2015, 2025):
        cut = china.loc[:year].copy()
        cut.loc[year, "output_per_worker"] = np.nan
        found = nominal_history(cut, line.loc[:year], inflation.loc[:year])
        truth = 100 * np.log(china["output_per_worker"]).diff()[year]
        assert found.derived == (year,)
        assert abs(found.rates.loc[year, "growth"] - truth) < 0.5


def test_noise_is_that_of_the_back_cast(history: NominalHistory) -> None:
    """The level's noise is 0.53 / sqrt(2) and the line's 0.26."""
    assert_allclose(history.income_noise, 0.53 / np.sqrt(2), atol=0.01)
    assert_allclose(history.threshold_noise, 0.26, atol=0.01)


def test_history_is_blind_to_later_years(
    china: pd.DataFrame, line: pd.Series, inflation: pd.DataFrame
) -> None:
    """Cut at 2015, the result does not change when later years are noise."""
    cut = nominal_history(china.loc[:2015], line.loc[:2015], inflation.loc[:2015])
    noisy = china.copy()
    noisy.loc[2016:] = 7.0
    again = nominal_history(noisy.loc[:2015], line.loc[:2015], inflation.loc[:2015])

    assert cut.base_year == 2015
    pd.testing.assert_frame_equal(cut.rates, again.rates)
    assert cut.income_noise == again.income_noise


def test_gaps_and_missing_columns_are_named(
    china: pd.DataFrame, line: pd.Series, inflation: pd.DataFrame
) -> None:
    """A hole in a series and an absent or empty column are errors that say which."""
    hole = china.copy()
    hole.loc[2010, "exchange_rate"] = np.nan
    with pytest.raises(DataError, match=r"2010|gap after 2009"):
        nominal_history(hole, line, inflation)
    with pytest.raises(DataError, match="share_15_64"):
        nominal_history(china.drop(columns="share_15_64"), line, inflation)
    with pytest.raises(DataError, match="'output_per_worker' has no value"):
        nominal_history(china.assign(output_per_worker=np.nan), line, inflation)


def test_persistence_of_the_level_is_found_from_errors_in_growth() -> None:
    """A level with autocorrelation 0.7 and standard deviation 2, 20,000 years: both within 3 %."""
    rng = np.random.default_rng(5)
    level = np.empty(20_000)
    level[0] = 2 * rng.standard_normal()
    for year in range(1, len(level)):
        level[year] = 0.7 * level[year - 1] + 2 * np.sqrt(1 - 0.49) * rng.standard_normal()
    errors = pd.Series(np.diff(level), index=np.arange(1, len(level)))

    assert_allclose(level_noise(errors, 0), (2.0, 0.7), rtol=0.03)


def test_china_s_noise_does_not_persist(history: NominalHistory) -> None:
    """The ratio of GNI to GDP does not wander: errors in growth undo themselves a year later."""
    assert history.income_persistence == 0.0
