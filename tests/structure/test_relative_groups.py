"""Groups by income relative to the United States, by hand, and sums that hold for any bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.structure.relative_groups import (
    counts_by_definition,
    group_counts,
    growth_by_group,
    relative_groups,
    relative_to_frontier,
)

INCOMES = {"USA": (10, 20), "AAA": (2, 10), "BBB": (2, 4), "CCC": (2, 0.5), "DDD": (0.2, 12)}
ROWS = pd.DataFrame(
    [
        (country, year, 3 * value, 3.0, 3 * value, 6.0)
        for country, own in INCOMES.items()
        for year, value in zip((1960, 2008), own, strict=True)
    ],
    columns=["country", "year", "rgdpo", "pop", "rgdpna", "emp"],
)  # fmt: skip


def test_by_hand():
    """A fifth that becomes a half; a fifth that stays; a fifth that falls; one that was low."""
    groups = relative_groups(relative_to_frontier(ROWS), 1960, 2008, 0.05, 0.45)

    assert groups[["country", "group_first", "group_last"]].to_numpy().tolist() == [
        ["AAA", "middle", "high"], ["BBB", "middle", "middle"],
        ["CCC", "middle", "low"], ["DDD", "low", "high"],
    ]  # fmt: skip
    assert groups["faster"].tolist()[:2] == pytest.approx([100 * np.log(2.5) / 48, 0])
    assert group_counts(groups, 0.0) == {
        "known": 4, "middle": 3, "became_high": 1, "gaining": 1, "others": 1, "fell_low": 1,
    }  # fmt: skip


def test_growth_of_those_who_passed_by_hand():
    """Compound growth of output per worker: 5-fold and 2- and 1/4-fold in 48 years."""
    groups = relative_groups(relative_to_frontier(ROWS), 1960, 2008, 0.05, 0.45)
    summary, each = growth_by_group(ROWS, groups, 1960, 2008)
    rates = {c: 100 * (v ** (1 / 48) - 1) for c, v in (("AAA", 5), ("BBB", 2), ("CCC", 0.25))}

    assert dict(zip(each["country"], each["growth"], strict=True)) == pytest.approx(rates)
    assert summary[["group", "economies"]].to_numpy().tolist() == [
        ["passed", 1], ["did not pass", 2],
    ]  # fmt: skip
    assert summary["mean"].tolist() == pytest.approx(
        [rates["AAA"], (rates["BBB"] + rates["CCC"]) / 2]
    )
    later = ROWS.assign(year=ROWS["year"].where(ROWS["country"] != "BBB", ROWS["year"] + 10))
    later = later[later["year"] <= 2008]
    both = pd.concat([later, later.query("country == 'BBB'").assign(year=2008, rgdpna=12.0)])
    _, found = growth_by_group(both, groups, 1960, 2008, whole=False)
    assert found.set_index("country").loc["BBB", ["begun", "growth"]].tolist() == pytest.approx(
        [1970, 100 * (2 ** (1 / 38) - 1)]
    )
    _, found = growth_by_group(both, groups, 1960, 2008)
    assert set(found["country"]) == {"AAA", "CCC"}
    with pytest.raises(DataError, match="no middle-income economy is known"):
        growth_by_group(ROWS, groups.assign(group_first="low"), 1960, 2008)


@given(st.floats(0.01, 0.3), st.floats(0.31, 0.9), st.floats(-2, 3))
@settings(deadline=None, max_examples=40)
def test_groups_add_up(low: float, high: float, progress: float):
    """Middle is high and gaining and others; the grid says what the single count says."""
    rng = np.random.default_rng(3)
    many = pd.DataFrame({
        "country": [f"C{k}" for k in range(60)] * 2, "year": [1960] * 60 + [2008] * 60,
        "rgdpo": np.exp(rng.normal(-1.5, 1, 120)), "pop": 1.0, "rgdpna": 1.0, "emp": 1.0,
    })  # fmt: skip
    usa = many.iloc[[0, 60]].assign(country="USA", rgdpo=1.0)
    table = pd.concat([many, usa])
    counts = group_counts(
        relative_groups(relative_to_frontier(table), 1960, 2008, low, high), progress
    )

    assert counts["middle"] == counts["became_high"] + counts["gaining"] + counts["others"]
    grid = counts_by_definition(table, [(1960, 2008)], [(low, high)], progress)
    assert grid.iloc[0][list(counts)].tolist() == list(counts.values())


def test_what_cannot_be_is_said():
    """Bounds and years in the wrong order, a year without data, no such measure, no frontier."""
    relative = relative_to_frontier(ROWS)
    for arguments, said in (
        ((1960, 2008, 0.5, 0.4), "low 0.5 must be above 0 and below high 0.4"),
        ((2008, 1960, 0.1, 0.4), "first year 2008 must be before the last, 1960"),
        ((1950, 2008, 0.1, 0.4), "no economy is known in 1950 and in 2008"),
    ):
        with pytest.raises(DataError, match=said):
            relative_groups(relative, *arguments)
    with pytest.raises(DataError, match="measure 'gdp'"):
        relative_to_frontier(ROWS, "gdp")
    with pytest.raises(DataError, match="nothing of USA"):
        relative_to_frontier(ROWS[ROWS["country"] != "USA"])
