"""Growth accounts against R and the Penn World Table's own index; sums and units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.structure.growth_accounting import growth_accounting

REFERENCE = Path(__file__).parents[1] / "reference" / "structure"
SOURCES = ["capital", "human_capital", "tfp"]
SPANS = [(1997, 2007), (2007, 2017)]
KEYS = ["country", "first", "last"]


@pytest.fixture(scope="module")
def inputs() -> pd.DataFrame:
    """Return four economies of the Penn World Table 9.1, with capital services and hours."""
    return pd.read_csv(REFERENCE / "pwt91_inputs.csv")


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    """Return what R makes of them, % a year."""
    return pd.read_csv(REFERENCE / "growth_accounts.csv").set_index(KEYS)


def test_accounts_are_those_of_r(inputs: pd.DataFrame, reference: pd.DataFrame):
    """Each part, and output per head; R prints twelve decimals."""
    found = growth_accounting(inputs, SPANS).set_index(KEYS).loc[reference.index]
    names = {
        "output_per_worker": "output", "capital": "capital", "human_capital": "schooling",
        "tfp": "tfp", "output_per_head": "heads", "published_tfp": "published",
    }  # fmt: skip

    for own, told in names.items():
        np.testing.assert_allclose(found[own], reference[told], atol=2e-12, rtol=0)


def test_with_services_and_hours_tfp_is_the_published_one(
    inputs: pd.DataFrame, reference: pd.DataFrame
):
    """The same formula on the table's own inputs; its single precision leaves 1e-6 a year."""
    own = inputs.assign(emp=inputs["emp"] * inputs["avh"], rnna=inputs["rkna"])
    found = growth_accounting(own, SPANS).set_index(KEYS).loc[reference.index]

    np.testing.assert_allclose(found["tfp"], reference["services"], atol=2e-12, rtol=0)
    assert found["difference"].abs().max() < 2e-6  # % a year: indices of 7 digits over 10 years


def test_the_starter_is_the_table_that_r_has(inputs: pd.DataFrame):
    """The shipped table gives the same accounts; it holds eight digits, good to 1e-6 a year."""
    shipped = pd.read_csv(Path(__file__).parents[2] / "data" / "starter-2026.07" / "pwt91.csv")
    codes = inputs["country"].unique()
    found, told = (
        growth_accounting(table, SPANS).set_index(KEYS)
        for table in (shipped[shipped["country"].isin(codes)], inputs)
    )

    np.testing.assert_allclose(found[told.columns], told, atol=2e-6, rtol=0)


levels = st.floats(0.01, 1e6)


@given(
    st.lists(
        st.tuples(*[levels] * 5, st.floats(0.05, 0.95)), min_size=3, max_size=8
    ),
    st.floats(1e-3, 1e3),
)  # fmt: skip
@settings(deadline=None, max_examples=50)
def test_parts_sum_and_units_do_not_matter(rows: list[tuple[float, ...]], unit: float):
    """Sources sum to output, workers and output to heads, spans to the whole; any unit will do."""
    names = ["rgdpna", "emp", "rnna", "hc", "pop", "labsh"]
    table = pd.DataFrame(rows, columns=names).assign(country="AAA")
    table["year"] = 2000 + np.arange(len(table))
    last = 2000 + len(table) - 1
    whole = growth_accounting(table, [(2000, last)]).iloc[0]
    scale = 1 + 100 * 40  # log changes of up to 40 in one year, %

    assert abs(whole[SOURCES].sum() - whole["output_per_worker"]) <= 1e-14 * scale * len(table)
    per_head = 100 * np.log(
        table["rgdpna"].iloc[-1] / table["pop"].iloc[-1]
        / (table["rgdpna"].iloc[0] / table["pop"].iloc[0])
    ) / (last - 2000)  # fmt: skip
    assert abs(whole["output_per_head"] - per_head) <= 1e-14 * scale * len(table)
    both = growth_accounting(table, [(2000, 2001), (2001, last)])
    years = both["last"] - both["first"]
    for name in SOURCES:
        assert abs((both[name] * years).sum() / years.sum() - whole[name]) <= 1e-12 * scale
    other = table.assign(rgdpna=table["rgdpna"] * unit, rnna=table["rnna"] * unit)
    again = growth_accounting(other, [(2000, last)]).iloc[0]
    for name in SOURCES:
        assert abs(again[name] - whole[name]) <= 1e-12 * scale


def test_closed_form():
    """Capital doubles, output and schooling grow by known factors, labour's share 0.5 then 0.7."""
    table = pd.DataFrame({
        "country": "AAA", "year": [2000, 2001], "rgdpna": [1.0, np.exp(0.5)], "emp": 1.0,
        "hc": [1.0, np.exp(0.1)], "rnna": [1.0, 2.0], "labsh": [0.5, 0.7],
    })  # fmt: skip
    found = growth_accounting(table, [(2000, 2001)]).iloc[0]

    assert found["capital"] == pytest.approx(40 * np.log(2), rel=1e-14)
    assert found["human_capital"] == pytest.approx(6, rel=1e-13)
    assert found["tfp"] == pytest.approx(50 - 40 * np.log(2) - 6, rel=1e-13)


def test_a_hole_leaves_its_span_out(inputs: pd.DataFrame):
    """A span with a year missing has no row; one without any is an empty table."""
    holed = inputs[(inputs["country"] == "CHN") & (inputs["year"] != 2003)]

    assert growth_accounting(holed, SPANS)["first"].tolist() == [2007]
    assert growth_accounting(holed, [(1950, 1960)]).empty


def test_faults_are_one_message(inputs: pd.DataFrame):
    """A missing column and a span without length."""
    with pytest.raises(DataError, match="column 'hc' is missing"):
        growth_accounting(inputs.drop(columns="hc"), SPANS)
    with pytest.raises(DataError, match="2007-2007: must end after"):
        growth_accounting(inputs, [(2007, 2007)])
