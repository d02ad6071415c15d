"""A figure of the present year moves the headline the right way, or is refused in one sentence."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError, ForecastError
from forecast.projection.baseline.present_year import with_present_year
from forecast.projection.futures.anchor import chain_source
from forecast.projection.futures.futures import Inputs
from forecast.sources.package.package import DataPackage
from forecast.specs.known import named_known
from forecast.statistics.within_year import known_share
from forecast.study.inputs import projection_inputs


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables."""
    return projection_inputs(starter, "CHN")


def _first(inputs: Inputs, *texts: str) -> tuple[float, float, float]:
    """Return means of g and x of the first year, and the spread of x."""
    fit = chain_source(inputs, "CHN", named_known(texts)).fit
    row = fit.moments.loc["CHN"]
    errors = fit.errors
    return (
        row["growth_mean_1"] + row["growth_scale_1"] * errors.growth[:, 0].mean(),
        row["exchange_mean_1"] + row["exchange_scale_1"] * errors.exchange[:, 0].mean(),
        row["exchange_scale_1"] * errors.exchange[:, 0].std(),
    )


def test_a_weaker_currency_is_a_lower_real_rate(inputs: Inputs) -> None:
    """Two rates 1 % apart give means 1 % apart, and the same spread, smaller than before."""
    _, _, before = _first(inputs)
    _, low, spread = _first(inputs, "exchange_rate=7.00@2026-06")
    _, high, same = _first(inputs, "exchange_rate=7.07@2026-06")

    assert_allclose(low - high, np.log(7.07 / 7.00), rtol=1e-9)
    assert_allclose(spread, same, rtol=1e-12)
    assert spread < before
    assert _first(inputs, "exchange_rate=7.00@2026-12")[2] < spread


def test_growth_of_the_year_is_growth_per_head(inputs: Inputs) -> None:
    """Of a whole year known at 5 % the mean is 5 % less the population's fall of 2025, 0.17 %."""
    growth, _, _ = _first(inputs, "growth=5@2026-12")

    assert_allclose(growth, np.log(1.05) + 0.0017, atol=1e-4)
    assert known_share(12) == 1.0


def test_the_deflator_s_share_adds_to_the_rate_s(inputs: Inputs) -> None:
    """With prices known too, less is open; prices 1 % higher make the real rate 1 % higher."""
    _, at_one, spread = _first(inputs, "exchange_rate=7@2026-06", "deflator=1@2026-06")
    _, at_two, _ = _first(inputs, "exchange_rate=7@2026-06", "deflator=2@2026-06")

    assert spread < _first(inputs, "exchange_rate=7@2026-06")[2]
    assert_allclose(at_two - at_one, np.log(1.02 / 1.01), rtol=1e-9)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["growth=5@2027-01"], "found 2027-01, must be a month of 2026"),
        (["deflator=1@2026-06"], "name exchange_rate"),
    ],
)
def test_what_says_nothing_is_refused(inputs: Inputs, texts: list[str], said: str) -> None:
    """Another year and a deflator alone."""
    with pytest.raises(ForecastError, match=said):
        chain_source(inputs, "CHN", named_known(texts))


def test_an_economy_without_record_is_named(inputs: Inputs) -> None:
    """The starter holds no annual series of Viet Nam; a missing column is named."""
    known = named_known(["growth=5@2026-06"])
    with pytest.raises(DataError, match="VNM"):
        chain_source(inputs, "VNM", known)
    source = chain_source(inputs, "CHN")
    rows = inputs.annual.rows("CHN").drop(columns="population")
    with pytest.raises(DataError, match="no population of 2024 and 2025"):
        with_present_year(source.fit, "CHN", known, rows, source.line)
