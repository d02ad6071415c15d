"""The SDR deflator built from its parts."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.income.sdr_deflator import BASKETS, basket_in, sdr_inflation, threshold_growth
from forecast.sources.package.package import DataPackage


def test_weights_of_every_basket_sum_to_one() -> None:
    """Published weights are shares."""
    for basket in BASKETS:
        assert_allclose(sum(basket.weights.values()), 1.0, atol=1e-12)


@pytest.mark.parametrize(
    ("year", "dollar", "yuan"),
    [(2016, 0.419, None), (2017, 0.4173, 0.1092), (2022, 0.4173, 0.1092), (2023, 0.4338, 0.1228)],
)
def test_a_basket_applies_from_its_first_whole_year(
    year: int, dollar: float, yuan: float | None
) -> None:
    """The yuan of October 2016 counts from 2017, the weights of August 2022 from 2023."""
    weights = basket_in(year).weights

    assert weights["USA"] == dollar
    assert weights.get("CHN") == yuan


def test_no_basket_before_1981() -> None:
    """A year before the five-currency basket is an error."""
    with pytest.raises(DataError, match="1980"):
        basket_in(1980)


def test_growth_of_one_year_by_hand(starter: DataPackage) -> None:
    """2010: .44 US + .34 euro area + .11 Japan + .11 United Kingdom, from FACTS' figures."""
    log = np.log
    expected = 100 * (
        0.44 * log(1.0122)
        + 0.34 * (log(1.0078) - log(0.7543 / 0.7170))
        + 0.11 * (log(1 - 0.0190) - log(87.7799 / 93.5701))
        + 0.11 * (log(1.0133) - log(0.6472 / 0.6419))
    )
    found = sdr_inflation(starter.table("sdr_parts"), starter.annual())

    # The package may carry more digits than the two and four used here.
    assert_allclose(found.loc[2010, "sdr"], expected, atol=0.02)
    assert_allclose(found.loc[2010, "usa"], 100 * log(1.0122), atol=0.01)


def test_the_euro_does_not_break_the_mark(starter: DataPackage) -> None:
    """In 1999 the mark and the franc lose about 6 % against the dollar, not 53 and 16 to 1."""
    found = sdr_inflation(starter.table("sdr_parts"), starter.annual())

    assert abs(found.loc[1999, "sdr"]) < 5


def test_smoothed_growth_equals_the_atlas_form() -> None:
    """S = D / e*, with e* the Atlas factor of the SDR against the dollar, gives the same growth."""
    from forecast.income.atlas import atlas_factor

    rng = np.random.default_rng(1)
    in_sdr, usa, rate = np.cumsum(rng.normal(0, 3, (3, 4, 10)), axis=2)
    deflator, prices, per_dollar = np.exp(in_sdr / 100), np.exp(usa / 100), np.exp(rate / 100)
    line = deflator[:, 2:] / atlas_factor(per_dollar, deflator, prices)
    basket = np.diff(100 * np.log(deflator / per_dollar), axis=1)

    found = threshold_growth(basket, np.diff(usa, axis=1))

    assert_allclose(found, 100 * np.diff(np.log(line), axis=1), rtol=1e-10, atol=1e-10)


def test_smoothed_growth_to_first_order() -> None:
    """For small changes it is United States inflation plus the three-year mean of the gap."""
    rng = np.random.default_rng(2)
    sdr, usa = rng.normal(0, 0.01, (2, 12))
    gap = np.convolve(sdr - usa, np.full(3, 1 / 3), mode="valid")

    assert_allclose(threshold_growth(sdr, usa), usa[2:] + gap, atol=1e-5)


def test_a_currency_that_ends_early_is_named(starter: DataPackage) -> None:
    """A basket currency without its deflator is an error with economy and year."""
    parts = starter.table("sdr_parts")
    short = parts[~((parts["country"] == "JPN") & (parts["year"] == 2020))]

    with pytest.raises(DataError, match=r"JPN .* 2020"):
        sdr_inflation(short, starter.annual())
