"""The record of relative income: the line carried back, the premium, the cut in time."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.crosscountry.income_record import income_record
from forecast.errors import SpecError
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage

SDR = ("USA", "DEU", "FRA", "JPN", "GBR")


@pytest.fixture
def annual() -> Panel:
    """Six economies 1960-1995: the deflators of five grow by 2 % a year, rates stand still."""
    rows = pd.MultiIndex.from_product([[*SDR, "XXX"], range(1960, 1996)], names=["country", "year"])
    frame = pd.DataFrame(
        {
            "gni_pc_atlas": 3000.0,
            "gdp_pc_current": 3300.0,
            "gdp_deflator_inflation": 2.0,
            "exchange_rate": 4.0,
        },
        index=rows,
    ).sort_index()
    return Panel(frame=frame, source="made up")


@pytest.fixture
def thresholds() -> pd.DataFrame:
    """Lines 1987-1995, the high one held at 6,000 until 1989."""
    years = range(1987, 1996)
    high = [6000.0 if year < 1990 else 7000.0 for year in years]
    return pd.DataFrame(
        {"year": years, "low_at_most": 500, "lower_middle_at_most": 2000, "high_above": high}
    )


def test_line_moves_with_the_deflator_before_1990(annual: Panel, thresholds: pd.DataFrame) -> None:
    """At 2 % inflation and constant rates the line of 1962 is that of 1990 over 1.02^28."""
    record = income_record(annual, thresholds)

    assert list(record.relative.index) == list(range(1962, 1996))
    assert_allclose(record.relative.loc[1962, "XXX"], np.log(3000 / (7000 / 1.02**28)), rtol=1e-12)
    assert_allclose(record.relative.loc[1990:, "XXX"], np.log(3000 / 7000), rtol=1e-12)
    assert_allclose(record.premium, np.log(1.1), rtol=1e-12)


def test_a_gap_in_the_deflators_ends_the_line(annual: Panel, thresholds: pd.DataFrame) -> None:
    """Nothing before a missing deflator is used: of years from 1976 on the line begins in 1977."""
    frame = annual.frame.copy()
    frame.loc[("JPN", 1975), "gdp_deflator_inflation"] = np.nan

    record = income_record(Panel(frame=frame, source="made up"), thresholds)

    # the first growth of a three-year mean of rates needs the years 1976-1978: line from 1977 on
    assert record.relative.index[0] == 1977


def test_without_deflators_the_line_is_as_published(starter: DataPackage) -> None:
    """The starter's annual table lacks the five economies: 1987 on, nothing carried back."""
    record = income_record(starter.annual(), starter.table("thresholds"))

    assert record.relative.index[0] == 1987


def test_through_hides_what_is_later(annual: Panel, thresholds: pd.DataFrame) -> None:
    """A record cut in 1988 ends there."""
    cut = income_record(annual, thresholds).through(1988)

    assert cut.relative.index[-1] == cut.premium.index[-1] == 1988


def test_unknown_line_is_named(annual: Panel, thresholds: pd.DataFrame) -> None:
    """Another class than the three that are entered is refused."""
    with pytest.raises(SpecError, match="upper_middle"):
        income_record(annual, thresholds, "upper")
