"""The perpetual inventory: steady growth, closed forms, invariants, faults."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.derive.initial import initial_along_years
from forecast.derive.rd_stock import (
    DEPRECIATION,
    OUTPUT_GROWTH,
    foreign_rd_stock,
    rd_stock,
    rd_stock_growth_along_years,
)
from forecast.errors import DataError

EXACT = 1e-12  # relative: a few dozen operations in double precision


@given(growth=st.floats(-0.05, 0.2), depreciation=st.floats(0.06, 0.5))
def test_steady_spending_has_a_steady_stock(growth: float, depreciation: float) -> None:
    """What is left of the initial value plus what was spent since, each depreciated."""
    flow = 3.0 * (1 + growth) ** np.arange(20)
    found = rd_stock(flow, depreciation)
    rate = np.log1p(growth)  # the slope of logs, which the initial value takes for g
    begun = flow[0] / (rate + depreciation)
    left = begun * (1 - depreciation) ** np.arange(1, 21)
    built = [sum(flow[s] * (1 - depreciation) ** (t - s) for s in range(t + 1)) for t in range(20)]

    np.testing.assert_allclose(found.stock, left + built, rtol=1e-11)
    np.testing.assert_allclose(found.initial_share, left / found.stock, rtol=1e-11)
    assert (found.log_error < 1e-6).all()  # spending without noise leaves no doubt about g


@given(st.integers(0, 10_000))
def test_a_stock_scales_with_its_flow_and_the_guess_dies_out(seed: int) -> None:
    """Twice the spending, twice the stock; the initial value's share and error only ever fall."""
    flow = np.exp(np.cumsum(np.random.default_rng(seed).normal(0.05, 0.1, 25)))
    one, two = rd_stock(flow), rd_stock(2 * flow)

    np.testing.assert_allclose(two.stock, 2 * one.stock, rtol=EXACT)
    np.testing.assert_allclose(two.initial_share, one.initial_share, rtol=EXACT)
    assert (np.diff(one.initial_share) < 0).all()
    assert (np.diff(one.log_error) < 0).all()


def test_a_stock_at_15_percent_is_half_gone_after_four_years() -> None:
    """Half-life log 2 / -log(1 - d): 4.27 years."""
    life = np.log(2) / -np.log(1 - DEPRECIATION)

    assert life == pytest.approx(4.27, abs=0.005)  # to the digits stated


def test_constant_intensity_grows_with_output_and_a_rise_leaves_a_level() -> None:
    """100 log(1 + G) throughout; a rise by a tenth leaves the stock a tenth higher in the end."""
    held = np.full(120, 2.0)
    risen = np.where(np.arange(120) >= 20, 2.2, 2.0)
    before, after = rd_stock_growth_along_years(held), rd_stock_growth_along_years(risen)

    np.testing.assert_allclose(before[1:], 100 * np.log1p(OUTPUT_GROWTH), rtol=1e-10)
    assert np.nansum(after - before) / 100 == pytest.approx(np.log(1.1), rel=1e-6)
    half = np.cumsum(np.nan_to_num(after - before))[20 + 3] / (100 * np.log(1.1))
    assert half == pytest.approx(1 - ((1 - DEPRECIATION) / (1 + OUTPUT_GROWTH)) ** 4, abs=0.03)


def test_missing_years_before_the_record_stay_missing() -> None:
    """Growth begins a year after the first survey."""
    path = np.array([np.nan, np.nan, 1.0, 1.0, 1.0])

    assert np.isnan(rd_stock_growth_along_years(path)).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(("step", "off"), [(5, 0.0), (10, 0.5)])
def test_a_periods_years_have_its_initial_value_on_average(step: int, off: float) -> None:
    """On a straight line; a period of even length has no middle year and is half a year off."""
    years = np.arange(60.0)
    found = initial_along_years(years, step)[41 - step : 41].mean()
    window = years[40 - step - 2 : 40 - step + 1].mean()

    assert found - window == pytest.approx(off)


def test_foreign_stock_is_the_weighted_mean_of_partners() -> None:
    """Two partners at 3 to 1."""
    stocks = np.array([[1.0, 2.0], [4.0, 8.0], [8.0, 16.0]])
    weights = np.array([[0, 3.0, 1.0], [1.0, 0, 0], [1.0, 1.0, 0]])
    found = foreign_rd_stock(stocks, weights)

    np.testing.assert_allclose(found, [[5.0, 10.0], [1.0, 2.0], [2.5, 5.0]], rtol=EXACT)
    by_year = np.broadcast_to(weights, (2, 3, 3))
    np.testing.assert_allclose(foreign_rd_stock(stocks, by_year), found, rtol=EXACT)


@pytest.mark.parametrize(
    ("flow", "depreciation", "said"),
    [
        ([1.0] * 4, 0.15, "found 4 years"),
        ([1.0, 0.0, 1.0, 1.0, 1.0], 0.15, "of which 4 above zero"),
        (list(np.exp(-np.arange(10.0))), 0.15, "leaves no initial stock"),
        ([1.0] * 6, 1.0, "depreciation: found 1.0"),
    ],
)
def test_a_flow_without_a_stock_is_refused(
    flow: list[float], depreciation: float, said: str
) -> None:
    """One message, what was found and what is allowed."""
    with pytest.raises(DataError, match=said):
        rd_stock(np.array(flow), depreciation)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (np.ones((2, 2)), "zero on the diagonal"),
        (np.array([[0.0, 1.0], [0.0, 0.0]]), "at least one partner"),
        (np.zeros((3, 3)), "weights have shape"),
    ],
)
def test_weights_that_are_none_are_refused(weights: np.ndarray, said: str) -> None:
    """Negative, own or missing partners."""
    with pytest.raises(DataError, match=said):
        foreign_rd_stock(np.ones((2, 4)), weights)
