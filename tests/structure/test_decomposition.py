"""Shift-share decompositions against worked examples, R, and sums that hold whatever the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.structure.decomposition import PARTS, shift_share

COLUMNS = ["entity", "year", "sector", "value_added", "employment", "nominal_value_added"]
# Farm: 100 by 50, then 90 by 30; mill: 100 by 25, then 270 by 45. X0 = 200/75, X1 = 360/75.
ROWS = [
    ("AAA", 2000, "farm", 100.0, 50.0, 80.0),
    ("AAA", 2000, "mill", 100.0, 25.0, 120.0),
    ("AAA", 2010, "farm", 90.0, 30.0, 180.0),
    ("AAA", 2010, "mill", 270.0, 45.0, 270.0),
]


REFERENCE = Path(__file__).parents[1] / "reference" / "structure"


def _table(rows: list[tuple[object, ...]] = ROWS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def _of(found: pd.DataFrame, method: str, sector: str) -> pd.Series:
    return found[(found["method"] == method) & (found["sector"] == sector)].iloc[0]


def test_traditional_parts_are_those_by_hand():
    """Within 0.25 and 0.25, static -0.2 and 0.4, dynamic -0.1 and 0.2 of 0.8."""
    found = shift_share(_table().drop(columns="nominal_value_added"))

    assert set(found["method"]) == {"TRAD"}
    for sector, parts in {
        "farm": (0.25, -0.2, -0.1), "mill": (0.25, 0.4, 0.2), "all": (0.5, 0.2, 0.1),
    }.items():  # fmt: skip
        row = _of(found, "TRAD", sector)
        assert row[list(PARTS)].tolist() == pytest.approx(parts, abs=1e-15)  # a few roundings
    assert _of(found, "TRAD", "all")["total"] == pytest.approx(0.8, abs=1e-15)


def test_a_printed_example_to_its_last_digit():
    """Within 5.4, between 4.0, interaction 0.2 of a rise from 18 to 27.6, as its author prints."""
    given_ = pd.read_csv(REFERENCE / "worked_example.csv")
    table = pd.concat(
        pd.DataFrame({
            "entity": "AAA", "year": year, "sector": given_["sector"],
            "value_added": given_[f"share_{when}"] * given_[f"productivity_{when}"],
            "employment": given_[f"share_{when}"],
        })
        for year, when in ((2000, "first"), (2010, "last"))
    )  # fmt: skip
    whole = _of(shift_share(table), "TRAD", "all")

    assert [round(18 * whole[part], 12) for part in (*PARTS, "total")] == [5.4, 4.0, 0.2, 9.6]


def test_both_methods_are_those_of_r_in_another_algebra():
    """Every sector, part, window and method; 1e-14: R prints fifteen decimals, parts are of 1."""
    found = shift_share(
        pd.read_csv(REFERENCE / "shift_share_table.csv"),
        [(1990, 2000), (2000, 2010), (1990, 2010)],
    )
    keys = ["entity", "first", "last", "method", "sector"]
    told = pd.read_csv(REFERENCE / "shift_share.csv").set_index(keys)[list(PARTS)]
    own = found.set_index(keys).loc[told.index, list(PARTS)]

    assert len(told) == 48
    np.testing.assert_allclose(own, told, atol=1e-14, rtol=1e-14)


def test_gead_within_weighs_by_nominal_shares():
    """The pure productivity effect is the nominal share of the first year times growth."""
    found = shift_share(_table())

    assert _of(found, "GEAD", "farm")["within"] == pytest.approx(0.4 * 0.5, abs=1e-15)
    assert _of(found, "GEAD", "mill")["within"] == pytest.approx(0.6 * 0.5, abs=1e-15)


def test_gead_adds_up_to_a_chained_total():
    """The total told by the user, not the sum of sectors, is what GEAD sums to; TRAD's is not."""
    found = shift_share(_table().assign(total_value_added=[210.0, 210.0, 350.0, 350.0]))

    assert _of(found, "GEAD", "all")["total"] == pytest.approx(350 / 210 - 1, abs=1e-15)
    assert _of(found, "TRAD", "all")["total"] == pytest.approx(0.8, abs=1e-15)


def test_with_equal_deflators_both_methods_are_one():
    """Relative prices of one in both years leave the traditional decomposition."""
    table = _table().assign(nominal_value_added=lambda t: t["value_added"] * t["year"] / 1000)
    found = shift_share(table)
    one, other = (found[found["method"] == m][list(PARTS)].to_numpy() for m in ("TRAD", "GEAD"))

    np.testing.assert_allclose(one, other, atol=1e-15)


positive = st.floats(0.01, 100)
cells = st.lists(st.tuples(positive, positive, positive), min_size=4, max_size=12)


@given(cells)
@settings(deadline=None, max_examples=50)
def test_parts_sum_to_the_growth_of_the_aggregate(values: list[tuple[float, float, float]]):
    """Whatever the table: sectors and parts add up to X1/X0 - 1, by either method."""
    n = len(values) // 2
    rows = [("AAA", 2000 + i // n, f"s{i % n}", *v) for i, v in enumerate(values[: 2 * n])]
    table = _table(rows)
    found = shift_share(table)
    sums = table.groupby("year")[["value_added", "employment"]].sum()
    levels = sums["value_added"] / sums["employment"]
    growth = levels[2001] / levels[2000] - 1

    for method in ("TRAD", "GEAD"):
        whole = _of(found, method, "all")
        own = found[(found["method"] == method) & (found["sector"] != "all")]
        # Parts may be far larger than their sum: relative to the sum of their sizes.
        scale = own[list(PARTS)].abs().to_numpy().sum() + 1
        assert abs(whole["total"] - growth) <= 1e-13 * scale
        assert abs(own[list(PARTS)].to_numpy().sum() - growth) <= 1e-13 * scale


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.drop(columns="employment"), "column 'employment' is missing"),
        (lambda t: pd.concat([t, t.iloc[:1]]), "AAA 2000 farm occurs more than once"),
        (lambda t: t.assign(employment=[50.0, 0.0, 30.0, 45.0]), "employment: found 0.0"),
        (lambda t: t.assign(value_added=[50.0, np.nan, 3.0, 4.0]), "value_added: found nan"),
        (lambda t: t.iloc[:3], "sector 'mill' is not in both 2000, 2010"),
        (lambda t: t.assign(sector=["all", "mill"] * 2), "is called 'all'"),
        (lambda t: t.iloc[:0], "has no rows"),
        (lambda t: t.iloc[:2], "must end after it begins"),
        (lambda t: t.assign(total_value_added=[1.0, 2.0, 3.0, 3.0]), "differs among sectors"),
    ],
)
def test_a_faulty_table_is_one_message(change, said: str):
    """What is wrong, where, and what was found."""
    with pytest.raises(DataError, match=said):
        shift_share(change(_table()))


def test_windows_are_those_asked_for():
    """Two windows of one entity; one that it does not have is refused when nothing is left."""
    more = [(*row[:1], row[1] + 5, *row[2:]) for row in ROWS[:2]]
    found = shift_share(_table(ROWS + more), [(2000, 2005), (2005, 2010)])

    assert set(zip(found["first"], found["last"], strict=True)) == {(2000, 2005), (2005, 2010)}
    assert _of(found[found["first"] == 2000], "TRAD", "all")["total"] == 0
    with pytest.raises(DataError, match="both years of 1990-2000"):
        shift_share(_table(), [(1990, 2000)])
