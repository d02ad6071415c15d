"""Shares of world manufacturing: sums, units, coverage, carried shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.structure.world_shares import world_manufacturing

NAMES = ["country", "year", "manuf_share", "gdp_current"]
ROWS: list[tuple[object, ...]] = [
    ("AAA", 2000, 20.0, 100.0), ("BBB", 2000, 10.0, 300.0), ("CCC", 2000, np.nan, 600.0),
    ("AAA", 2001, 30.0, 100.0), ("BBB", 2001, np.nan, 300.0), ("CCC", 2001, np.nan, 600.0),
    ("AAA", 2002, 30.0, 100.0), ("BBB", 2002, np.nan, 600.0), ("CCC", 2002, 10.0, 300.0),
]  # fmt: skip


def _panel(rows: list[tuple[object, ...]] = ROWS) -> Panel:
    return Panel(pd.DataFrame(rows, columns=NAMES).set_index(NAMES[:2]), source="test")


def test_shares_and_coverage_by_hand():
    """20 and 30 of 50, on 40 % of GDP; alone a year later; the largest first."""
    found = world_manufacturing(_panel())
    first = found[found["year"] == 2000]

    assert first["country"].tolist() == ["BBB", "AAA"]
    assert first["share"].tolist() == pytest.approx([60, 40], rel=1e-14)
    assert set(first["covered"]) == {40.0}
    assert found.loc[found["year"] == 2001, "share"].tolist() == [100]


def test_carried_shares_stand_for_as_many_years_as_said():
    """B's 10 % of its own GDP of the year: 30 beside 30 in 2001; in 2002 only if carried twice."""
    one, two = (
        world_manufacturing(_panel(), years).set_index(["year", "country"]) for years in (1, 2)
    )

    assert one.loc[(2001, "BBB"), "share_carried"] == pytest.approx(50, rel=1e-14)
    assert np.isnan(one.loc[(2001, "BBB"), "share"])
    assert one.loc[(2001, "BBB"), "covered"] == 10
    assert one.loc[(2001, "AAA"), ["share", "covered", "covered_carried"]].tolist() == [100, 10, 40]
    assert (2002, "BBB") not in one.index
    assert two.loc[(2002, "BBB"), "share_carried"] == pytest.approx(50, rel=1e-14)


cells = st.lists(
    st.tuples(st.floats(0.1, 60) | st.just(np.nan), st.floats(1, 1e14)), min_size=6, max_size=30
)


@given(cells, st.floats(1e-6, 1e6), st.integers(0, 4))
@settings(deadline=None, max_examples=50)
def test_shares_sum_to_the_whole_in_any_unit(
    values: list[tuple[float, float]], unit: float, carried: int
):
    """Each year's sum to 100, and GDP in another currency changes nothing."""
    rows = [(f"A{i % 3}", 2000 + i // 3, *value) for i, value in enumerate(values)]
    if all(np.isnan(share) for share, _ in values):
        with pytest.raises(DataError, match="no economy has both"):
            world_manufacturing(_panel(rows), carried)
        return
    found = world_manufacturing(_panel(rows), carried)
    other = world_manufacturing(_panel([(*row[:3], row[3] * unit) for row in rows]), carried)
    key = ["year", "country"]

    for name in ("share", "share_carried"):
        sums = found.groupby("year")[name].sum(min_count=1).dropna()
        np.testing.assert_allclose(sums, 100, rtol=1e-13)
    pd.testing.assert_frame_equal(
        found.sort_values(key, ignore_index=True), other.sort_values(key, ignore_index=True),
        rtol=1e-12,
    )  # fmt: skip
    assert (found["covered_carried"] >= found["covered"] - 1e-10).all()


def test_faults_are_one_message():
    """Nothing known, and years below none."""
    with pytest.raises(DataError, match="no economy has both"):
        world_manufacturing(_panel([("AAA", 2000, np.nan, 1.0)]))
    with pytest.raises(DataError, match="carried: found -1"):
        world_manufacturing(_panel(), -1)
