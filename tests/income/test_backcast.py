"""The accounting against what the World Bank published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.income.backcast import backcast, root_mean_square
from forecast.income.sdr_deflator import sdr_inflation
from forecast.sources.package.package import DataPackage


@pytest.fixture(scope="module")
def errors(starter: DataPackage) -> pd.DataFrame:
    """Return the back-cast of China and of the line."""
    china = starter.annual().frame.xs("CHN", level="country")
    line = starter.table("thresholds").set_index("year")["high_above"]
    return backcast(china, line, sdr_inflation(starter.table("sdr_parts"), starter.annual()))


def test_income_growth_is_within_one_percent_each_year_since_2010(errors: pd.DataFrame) -> None:
    """The identity reproduces the growth of China's Atlas income; RMSE 0.53 since 2000."""
    assert errors["income_error"].loc[2010:2025].abs().max() < 1.0
    assert len(errors["income_error"].loc[2010:2025].dropna()) == 16
    assert_allclose(root_mean_square(errors["income_error"], 2000, 2025), 0.53, atol=0.01)


def test_threshold_growth_is_within_its_error_since_2003(errors: pd.DataFrame) -> None:
    """RMSE 0.26 points by the World Bank's formula against 0.91 for a plain three-year mean."""
    plain = errors["threshold_plain_average"] - errors["threshold_published"]

    assert_allclose(root_mean_square(errors["threshold_error"], 2003, 2025), 0.26, atol=0.01)
    assert_allclose(root_mean_square(plain, 2003, 2025), 0.91, atol=0.01)
    assert errors["threshold_error"].loc[2003:].abs().max() < 0.6


def test_the_fall_of_2024_is_reproduced(errors: pd.DataFrame) -> None:
    """The line fell in 2024; the formula says so, the plain mean does not."""
    assert errors.loc[2024, "threshold_published"] < 0
    assert errors.loc[2024, "threshold"] < 0
    assert errors.loc[2024, "threshold_plain_average"] > 1


def test_income_errors_are_noise_of_the_level(errors: pd.DataFrame) -> None:
    """Their first autocorrelation is near -1/2 and their mean near zero."""
    since = errors["income_error"].loc[2000:2025]

    # Standard error of an autocorrelation of 26 years: 0.2; of the mean: 0.1.
    assert -0.9 < since.autocorr() < -0.2
    assert abs(since.mean()) < 0.2


def test_published_growth_is_the_log_difference(errors: pd.DataFrame) -> None:
    """2025: log(14,230 / 13,660) and log(14,375 / 13,935)."""
    assert_allclose(errors.loc[2025, "income_published"], 100 * np.log(14_230 / 13_660))
    assert_allclose(errors.loc[2025, "threshold_published"], 100 * np.log(14_375 / 13_935))


def test_missing_column_is_named(starter: DataPackage) -> None:
    """A table without the exchange rate is refused by name."""
    china = starter.annual().frame.xs("CHN", level="country")
    line = starter.table("thresholds").set_index("year")["high_above"]
    inflation = sdr_inflation(starter.table("sdr_parts"), starter.annual())

    with pytest.raises(DataError, match="exchange_rate"):
        backcast(china.drop(columns="exchange_rate"), line, inflation)
