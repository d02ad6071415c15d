"""Broad sectors: shares sum to 100, contributions to growth; GEAD without prices or workers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.structure.broad_sectors import SECTORS, broad_sectors, sector_contributions
from forecast.structure.decomposition import shift_share


def _frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    names = ["country", "year", "agriculture_share", "industry_share", "output_per_worker"]
    return pd.DataFrame(rows, columns=names).set_index(["country", "year"])


FRAME = _frame([("AAA", 2000, 20.0, 30.0, 100.0), ("AAA", 2010, 10.0, 40.0, 150.0)])


def test_shares_and_changes_by_hand():
    """The rest is what is left of 100, and changes sum to none."""
    found = broad_sectors(FRAME)

    assert found["remainder"].tolist() == [50, 50]
    last = found.iloc[1]
    assert [last[f"{name}_change"] for name in SECTORS] == [-10, 10, 0]


def test_changes_do_not_pass_from_one_economy_to_the_next():
    """The first row of each economy has none."""
    other = FRAME.rename(index={"AAA": "BBB"})
    found = broad_sectors(pd.concat([FRAME, other]))

    assert found.loc[found["year"] == 2000, "industry_change"].isna().all()


def test_contributions_by_hand():
    """G = 50 %: agriculture 20 x 0.5 = 10 at its share, -10 x 1.5 from its loss of share."""
    found = sector_contributions(FRAME, [(2000, 2010)]).set_index("sector")

    assert found.loc["agriculture", ["at_first_share", "from_share"]].tolist() == [10, -15]
    assert found.loc["industry", ["at_first_share", "from_share"]].tolist() == [15, 15]
    assert found.loc["all", ["at_first_share", "from_share", "total"]].tolist() == [50, 0, 50]
    assert found.index.tolist() == [*SECTORS, "all"]


positive = st.floats(0.01, 100)


@given(st.lists(st.tuples(positive, positive, positive), min_size=6, max_size=6))
@settings(deadline=None, max_examples=50)
def test_totals_are_those_of_gead(values: list[tuple[float, float, float]]):
    """With sectors' prices and workers known, GEAD's whole of each sector is the same number."""
    keys = [(year, sector) for year in (2000, 2010) for sector in SECTORS]
    table = pd.DataFrame(
        [("AAA", *key, *value) for key, value in zip(keys, values, strict=True)],
        columns=["entity", "year", "sector", "value_added", "employment", "nominal_value_added"],
    )
    sums = table.groupby("year")[["value_added", "employment", "nominal_value_added"]].sum()
    shares = table.assign(
        v=100 * table["nominal_value_added"] / table["year"].map(sums["nominal_value_added"])
    ).pivot(index="year", columns="sector", values="v")
    output = sums["value_added"] / sums["employment"]
    frame = _frame([
        ("AAA", year, shares.loc[year, "agriculture"], shares.loc[year, "industry"], output[year])
        for year in (2000, 2010)
    ])  # fmt: skip
    gead = shift_share(table).query("method == 'GEAD'").set_index("sector")
    own = sector_contributions(frame, [(2000, 2010)]).set_index("sector")

    scale = 1 + float((gead[["within", "static", "dynamic"]].abs().to_numpy()).sum())
    assert np.abs(own["total"] / 100 - gead["total"].loc[own.index]).max() <= 1e-12 * scale
    parts = own.drop(index="all")[["at_first_share", "from_share"]].sum()
    whole = own.loc["all", ["at_first_share", "from_share"]]
    assert np.abs(parts - whole).max() <= 1e-10 * scale
    again = sector_contributions(frame.assign(output_per_worker=1000 * frame.iloc[:, 2]), [
        (2000, 2010)
    ]).set_index("sector")  # fmt: skip
    assert np.abs(again["total"] - own["total"]).max() <= 1e-9 * scale


def test_a_year_that_is_missing_leaves_its_economy_out():
    """No row of the span; others stand."""
    other = FRAME.rename(index={"AAA": "BBB"}).iloc[:1]
    found = sector_contributions(pd.concat([FRAME, other]), [(2000, 2010)])

    assert set(found["country"]) == {"AAA"}
    assert sector_contributions(FRAME, [(1990, 2000)]).empty


def test_faults_are_one_message():
    """A missing column and a span without length."""
    with pytest.raises(DataError, match="column 'industry_share' is missing"):
        broad_sectors(FRAME.drop(columns="industry_share"))
    with pytest.raises(DataError, match="column 'output_per_worker' is missing"):
        sector_contributions(FRAME.drop(columns="output_per_worker"), [(2000, 2010)])
    with pytest.raises(DataError, match="2010-2000: must end after"):
        sector_contributions(FRAME, [(2010, 2000)])
