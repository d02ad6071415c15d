"""Runs of equal values: which years they mark, and what excluding them leaves."""

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.statistics.imputed import flat_runs, imputed_shares, without_imputed
from forecast.statistics.periods import Periods, period_means


def frame(**series: list[float]) -> pd.DataFrame:
    """Return one country's columns from 2000 on."""
    length = len(next(iter(series.values())))
    index = pd.MultiIndex.from_product([["AAA"], range(2000, 2000 + length)])
    return pd.DataFrame(series, index=index.set_names(["country", "year"]), dtype=float)


def test_four_equal_years_are_a_run_and_three_are_not():
    """Three equal values pass; of four, all four are marked, the first included."""
    runs = flat_runs(frame(x=[1, 2, 2, 2, 3, 4, 4, 4, 4, 5]))

    assert runs["x"].tolist() == [False] * 5 + [True] * 4 + [False]


def test_noise_of_the_tenth_digit_is_no_change():
    """China's share of 41.4512685 moves in the tenth digit only: a run; in the fifth: none."""
    noisy = [41.4512685209591, 41.4512685203049, 41.4512685209806, 41.4512685204961]

    assert flat_runs(frame(x=noisy))["x"].all()
    assert not flat_runs(frame(x=[41.451, 41.452, 41.453, 41.454]))["x"].any()


def test_a_missing_year_ends_a_run():
    """Two and two equal values around a hole are no run; nor are they where the year is no row."""
    holed = frame(x=[7, 7, np.nan, 7, 7])

    assert not flat_runs(holed)["x"].any()
    assert not flat_runs(holed.dropna())["x"].any()


def test_countries_are_apart_and_order_changes_nothing():
    """Equal values of two countries are no run; shuffled rows get the same marks."""
    two = pd.concat([frame(x=[3, 3]), frame(x=[3, 3]).rename(index={"AAA": "BBB"})])
    long = frame(x=[1, 1, 1, 1, 2])
    shuffled = long.iloc[[3, 0, 4, 2, 1]]

    assert not flat_runs(two)["x"].any()
    pd.testing.assert_frame_equal(flat_runs(shuffled), flat_runs(long).loc[shuffled.index])


def test_natural_repetition_is_not_marked():
    """A pegged exchange rate repeats itself for good reason."""
    assert not flat_runs(frame(rate=[4.0] * 9), natural=["rate"])["rate"].any()


def test_share_counts_the_years_behind_the_mean():
    """Of the period's three years with a value, two are imputed: two thirds."""
    annual = frame(x=[1, 1, 1, 1, np.nan, np.nan, 2])  # 2000-2003 a run
    periods = Periods(ends=(2006,), length=5, least=2)  # 2002-2006
    shares = imputed_shares(annual, flat_runs(annual), periods)
    means = period_means(annual, periods)

    assert shares.loc[("AAA", 2006), "x"] == pytest.approx(2 / 3)
    assert shares.notna().equals(means.notna())


def test_excluding_takes_out_half_and_more_and_nothing_else():
    """A share of a half goes, a smaller one stays; the panel given is not changed."""
    given = frame(x=[1, 2, 3], y=[4, 5, 6])
    shares = pd.DataFrame({"x": [0.5, 0.4, 1.0]}, index=given.index)
    panel = Panel(given, source="toy", step=5, imputed=shares)
    left = without_imputed(panel).frame

    assert left["x"].isna().tolist() == [True, False, True]
    assert left["y"].tolist() == [4, 5, 6]
    assert panel.frame["x"].tolist() == [1, 2, 3]


def test_a_panel_that_does_not_know_is_refused():
    """Without marks nothing can be excluded: said, not ignored."""
    with pytest.raises(DataError, match=r"toy: does not say which values are imputed"):
        without_imputed(Panel(frame(x=[1.0]), source="toy"))
