"""Five-year periods against closed forms and a plain loop over the definition."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.statistics.periods import Periods, growth_panel, period_means

YEARS = np.arange(1990, 2025)
GROWTH = {"AAA": 0.02, "BBB": 0.05, "USA": 0.015}
START = {"AAA": 10_000.0, "BBB": 3_000.0, "USA": 60_000.0}


def annual(drop: tuple[tuple[str, int], ...] = ()) -> Panel:
    """Levels that grow at constant log rates, and one determinant equal to the year."""
    rows = [(c, y) for c in GROWTH for y in YEARS if (c, y) not in drop]
    index = pd.MultiIndex.from_tuples(rows, names=["country", "year"])
    country = index.get_level_values("country")
    year = index.get_level_values("year").to_numpy()
    rate = country.map(GROWTH).to_numpy(dtype=float)
    level = country.map(START).to_numpy(dtype=float) * np.exp(rate * (year - 1990))
    frame = pd.DataFrame(
        {"output_per_worker": level, "tfp": level / 7, "tfp_level": level / 9, "x": year * 1.0},
        index=index,
    )
    return Panel(frame=frame, source="made up")


def test_growth_of_a_constant_rate_is_that_rate():
    """A level that grows at r in logs has period growth of 100 r in every period."""
    got = growth_panel(annual(), ["x"]).frame

    for country, rate in GROWTH.items():
        for name in ("growth_output_per_worker", "growth_tfp"):
            # the log and its difference lose a few units in the last place of numbers near 10
            assert_allclose(got.xs(country)[name], 100 * rate, rtol=1e-10)


def test_gap_is_taken_at_the_start_of_the_period():
    """The gap of the period ending in e is the log distance in e - 5."""
    got = growth_panel(annual(), ["x"]).frame["gap_output_per_worker"]
    for end in range(1999, 2025, 5):
        t = end - 5 - 1990
        expected = np.log(3_000 / 60_000) + (0.05 - 0.015) * t

        assert_allclose(got["BBB", end], expected, rtol=1e-12)


def test_frontier_has_no_gap_whichever_it_is():
    """The frontier's own gap is zero in every period, for any economy named as frontier."""
    for frontier in GROWTH:
        got = growth_panel(annual(), ["x"], frontier=frontier).frame

        assert_allclose(got.xs(frontier)["gap_output_per_worker"], 0.0, atol=0)


def test_mean_covers_the_five_years_up_to_the_end():
    """The mean of the calendar year over 1995-1999 is 1997."""
    got = growth_panel(annual(), ["x"])

    assert got.frame["x"]["AAA", 1999] == 1997.0
    assert got.frame["x"]["AAA", 2024] == 2022.0
    assert got.step == 5


@pytest.mark.parametrize(("present", "known"), [(1, False), (2, True)])
def test_mean_needs_two_years(present, known):
    """One year of five is too few for a mean, two are enough."""
    gone = tuple(("AAA", y) for y in range(1995, 2000 - present))
    panel = annual(drop=gone)

    assert bool(growth_panel(panel, ["x"]).frame["x"].notna()["AAA", 1999]) is known


def test_growth_needs_both_ends_and_no_neighbour_stands_in():
    """Without the level of 1994 growth to 1999 is missing; a neighbouring year is not used."""
    got = growth_panel(annual(drop=(("AAA", 1994),)), ["x"]).frame

    assert np.isnan(got["growth_output_per_worker"]["AAA", 1999])
    assert np.isnan(got["gap_output_per_worker"]["AAA", 1999])
    assert got["growth_output_per_worker"].notna()["AAA", 2004]


def test_gap_survives_a_missing_end():
    """The gap needs only the start: without the level of 1999 it is there, growth is not."""
    got = growth_panel(annual(drop=(("AAA", 1999),)), ["x"]).frame

    assert got["gap_output_per_worker"].notna()["AAA", 1999]
    assert np.isnan(got["growth_output_per_worker"]["AAA", 1999])


@pytest.mark.parametrize("length", [3, 5, 10])
def test_period_means_equal_a_loop_over_the_definition(length):
    """Means over periods equal the mean of the years with a value, taken one by one."""
    rng = np.random.default_rng(7)
    frame = annual().frame[["x"]].assign(y=rng.normal(size=len(annual().frame)))
    frame = frame.mask(rng.random(frame.shape) < 0.5)
    periods = Periods(ends=tuple(range(1994, 2025, length)), length=length, least=2)
    got = period_means(frame, periods)
    for (country, end), row in got.iterrows():
        for name in frame:
            cell = frame.xs(country)[name]
            window = cell[(cell.index > end - length) & (cell.index <= end)].dropna()
            expected = window.mean() if len(window) >= 2 else np.nan

            # the order of summation may differ
            assert_allclose(row[name], expected, rtol=1e-12, equal_nan=True)


def test_input_is_not_changed():
    """The annual panel is the same before and after."""
    panel = annual(drop=(("BBB", 2001),))
    before = panel.frame.copy(deep=True)
    growth_panel(panel, ["x"])

    pd.testing.assert_frame_equal(before, panel.frame)


def test_later_years_do_not_change_earlier_periods():
    """Cutting the panel in 2014 leaves the periods up to 2014 as they are."""
    whole = growth_panel(annual(), ["x"]).through(2014)
    cut = growth_panel(annual().through(2014), ["x"])

    pd.testing.assert_frame_equal(whole.frame, cut.frame)


def test_missing_frontier_is_named():
    """An economy that is not in the panel cannot be the frontier; the nearest is suggested."""
    with pytest.raises(DataError, match=r"frontier 'USB'.*did you mean 'USA'"):
        growth_panel(annual(), ["x"], frontier="USB")


def test_level_that_is_not_positive_is_refused():
    """A zero level has no logarithm: the message names column, row and value."""
    panel = annual()
    broken = panel.with_columns(tfp=panel.frame["tfp"].where(panel.frame["tfp"] > 2000, 0.0))
    with pytest.raises(DataError, match=r"'tfp' at \(AAA, 1990\): found 0.0, must be positive"):
        growth_panel(broken, ["x"])


def test_missing_determinant_is_named():
    """A determinant that the panel lacks is named."""
    with pytest.raises(DataError, match="column 'rd_gdp'"):
        growth_panel(annual(), ["rd_gdp"])
