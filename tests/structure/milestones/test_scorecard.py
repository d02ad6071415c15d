"""The scorecard on panels whose quartiles are known, and what holds for any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.structure.milestones.indicators import (
    MILESTONES,
    milestone_gaps,
    milestone_readings,
)
from forecast.structure.milestones.scorecard import ScorecardRules, milestone_scorecard

VALUES = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
PASSERS = tuple("ABCDEFG")


def _readings(
    values: dict[str, dict[int, float]], name: str = "rd_gdp", marked: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return annual readings of one indicator, those of some economies imputed."""
    rows = [(c, year, value) for c, own in values.items() for year, value in own.items()]
    columns = pd.DataFrame(rows, columns=["country", "year", name]).set_index(["country", "year"])
    marks = columns.notna() & np.isin(columns.index.get_level_values(0), marked)[:, None]
    return milestone_readings(columns, marks, 0)


def _only(
    values: dict[str, dict[int, float]], moments: dict[str, float], marked: tuple[str, ...] = ()
) -> pd.Series:
    card = milestone_scorecard(_readings(values, marked=marked), "CHN", pd.Series(moments))
    assert list(card["indicator"]) == ["rd_gdp"]
    return card.iloc[0]


def test_a_made_panel_by_hand():
    """Five that passed had 1 to 5 in 2000 and twice that now; the subject rose from 2 to 4.5."""
    values = {c: {2000: n, 2020: 2.0 * n} for n, c in enumerate("ABCDE", start=1)}
    values |= {"CHN": {2010: 2.0, 2020: 4.5}, "XXX": {2020: 0.5}}

    row = _only(values, dict.fromkeys("ABCDE", 2000.0))

    # The quartiles of 1 to 5 are 2, 3 and 4; 4 of 5 lie below 4.5; of A to E now (2, 4, 6, 8, 10)
    # and XXX (0.5) three of six.
    told = row[["q1", "median", "q3", "economies", "percentile", "distance"]].tolist()
    assert told == [2, 3, 4, 5, 80, 0.75]
    assert row[["passers_today", "percentile_today", "all_today"]].tolist() == [6, 50, 6]
    assert row[["value", "year", "change", "direction"]].tolist() == [4.5, 2020, 2.5, "up"]


def test_a_moment_between_years_is_interpolated():
    """A quarter of the way from 1 in 2000 to 5 in 2004 is 2; far from any value there is none."""
    values = {c: {2000: 1.0, 2004: 5.0} for c in "ABCDE"} | {"FFF": {1990: 9.0}}
    values |= {"CHN": {2004: 2.0}}

    row = _only(values, dict.fromkeys([*"ABCDE", "FFF"], 2001.0))

    assert row[["q1", "median", "q3", "economies"]].tolist() == [2, 2, 2, 5]
    assert row["percentile"] == 50
    assert row["distance"] == 0


def test_across_a_long_gap_the_nearest_value_counts():
    """1990 and 2010 lie too far apart to join; 2009 is near the later one."""
    values = {c: {1990: 1.0, 2010: 7.0} for c in "ABCDE"} | {"CHN": {2010: 1.0}}

    assert _only(values, dict.fromkeys("ABCDE", 2009.0))["median"] == 7
    assert _only(values, dict.fromkeys("ABCDE", 2000.0))["economies"] == 0


def test_imputed_values_are_said():
    """The subject's and, of those that passed, how many."""
    values = {c: {2000: 1.0 + n} for n, c in enumerate("ABCDE")} | {"CHN": {2000: 3.0}}

    row = _only(values, dict.fromkeys("ABCDE", 2000.0), marked=("CHN", "A", "B"))

    assert row[["imputed", "then_imputed"]].tolist() == [True, 2]


def test_fewer_than_five_give_no_quartiles():
    """Four economies: their number, and no comparison with them."""
    values = {c: {2000: 1.0 + n} for n, c in enumerate("ABCD")} | {"CHN": {2000: 3.0}}
    moments = dict.fromkeys("ABCD", 2000.0)

    row = _only(values, moments)
    more = milestone_scorecard(
        _readings(values), "CHN", pd.Series(moments), ScorecardRules(least=4)
    ).iloc[0]

    assert row["economies"] == 4
    assert row[["q1", "median", "q3", "percentile", "distance"]].isna().all()
    assert more["median"] == 2.5


def test_nobody_is_never_enough():
    """Whatever the least number, quartiles of no economy are missing."""
    card = milestone_scorecard(
        _readings({"CHN": {2000: 3.0}}), "CHN", pd.Series(dtype=float), ScorecardRules(least=0)
    )

    assert card[["median", "percentile", "passers_today", "percentile_today"]].isna().all(axis=None)


@pytest.mark.parametrize(("last", "direction"), [(3.0, "level"), (3.5, "up"), (2.5, "down")])
def test_directions(last: float, direction: str):
    """Against ten years before."""
    assert _only({"CHN": {2010: 3.0, 2020: last}}, {})["direction"] == direction


def test_an_old_value_is_none_of_today_and_no_value_is_a_mistake():
    """A value of 2010 does not stand beside others of 2020."""
    readings = _readings({"CHN": {2010: 1.0}, "AAA": {2020: 1.0}})

    assert milestone_scorecard(readings, "CHN", pd.Series(dtype=float)).empty
    with pytest.raises(DataError, match="BBB: has no indicator"):
        milestone_scorecard(readings, "BBB", pd.Series(dtype=float))


@settings(max_examples=30, deadline=None)
@given(
    then=st.lists(VALUES, min_size=5, max_size=7),
    now=st.lists(VALUES, min_size=7, max_size=7),
    own=VALUES,
    order=st.permutations(range(9)),
)
def test_what_holds_for_any_panel(
    then: list[float], now: list[float], own: float, order: list[int]
):
    """Percentiles lie in 0 to 100, quartiles in order; the order of economies does not matter."""
    values = {c: {2000: a, 2020: b} for c, a, b in zip(PASSERS, then, now, strict=False)}
    values |= {"CHN": {2020: own}, "XXX": {2020: 0.0}}
    names = list(values)
    shuffled = {names[i]: values[names[i]] for i in order if i < len(names)}
    moments = dict.fromkeys(PASSERS, 2000.0)

    row = _only(values, moments)

    assert 0 <= row["percentile"] <= 100
    assert 0 <= row["percentile_today"] <= 100
    assert row["q1"] <= row["median"] <= row["q3"]
    # The subject's side of the median is the sign of its distance.
    if not np.isnan(row["distance"]):
        assert np.sign(row["distance"]) == np.sign(own - row["median"])
    pd.testing.assert_series_equal(_only(shuffled, dict(reversed(moments.items()))), row)


@settings(max_examples=30, deadline=None)
@given(then=st.lists(VALUES, min_size=5, max_size=7))
def test_an_economy_at_the_median_has_no_distance(then: list[float]):
    """Whatever the spread, zero included."""
    values = {c: {2000: a} for c, a in zip(PASSERS, then, strict=False)}
    values["CHN"] = {2000: float(np.median(then))}

    row = _only(values, dict.fromkeys(PASSERS, 2000.0))

    # Interpolated quartiles round at the last digit.
    assert row["distance"] == pytest.approx(0, abs=1e-9)
    # Ties count half: 50, but for those above or below that have no counterpart.
    middle = np.median(then)
    below, above = (np.array(then) < middle).sum(), (np.array(then) > middle).sum()
    assert row["percentile"] == pytest.approx(50 + 50 * (below - above) / len(then))


def test_derived_indicators():
    """Services are the remainder, trade the sum, patents per million; an own column comes first."""
    index = pd.MultiIndex.from_tuples([("CHN", 2020)], names=["country", "year"])
    columns = pd.DataFrame(
        {
            "agriculture_share": 8.0, "industry_share": 38.0, "exports_gdp": 18.0,
            "imports_gdp": 16.0, "patents_resident": 1400.0, "population": 2e6,
            "ip_receipts_current": 3.0, "gdp_current": 600.0,
        },
        index=index,
    )  # fmt: skip
    plain = columns.isna()

    found = milestone_readings(columns, plain, 0).set_index("indicator")["value"]
    own = columns.assign(trade_gdp=50.0)
    told = milestone_readings(own, own.isna(), 0).set_index("indicator")["value"]

    assert found["services_share"] == 54
    assert found["trade_gdp"] == 34
    assert found["patents_per_million"] == 700
    assert found["ip_receipts_gdp"] == 0.5
    assert told["trade_gdp"] == 50


def test_means_are_dated_by_their_middle():
    """A mean of 2020 to 2024, labelled 2024, stands for 2022."""
    found = _readings({"CHN": {2024: 1.0}})
    index = pd.MultiIndex.from_tuples([("CHN", 2024)], names=["country", "year"])
    columns = pd.DataFrame({"rd_gdp": [1.0]}, index=index)
    means = milestone_readings(columns, columns.isna(), 2)

    assert found[["year", "label_year"]].iloc[0].tolist() == [2024, 2024]
    assert means[["year", "label_year"]].iloc[0].tolist() == [2022, 2024]


@settings(deadline=None)
@given(present=st.sets(st.sampled_from(sorted(MILESTONES))))
def test_what_is_not_measured_is_a_gap(present: set[str]):
    """Every indicator is measured or named among the gaps, once, with what would fill it."""
    gaps = milestone_gaps(sorted(present), {"rd_gdp": 2011})

    assert set(gaps["indicator"]) == set(MILESTONES) - present
    assert gaps["indicator"].is_unique
    assert (gaps["bring"] != "").all()
    old = gaps.loc[gaps["indicator"] == "rd_gdp", "why"].tolist()
    assert old == ([] if "rd_gdp" in present else ["last value of 2011"])
