"""Growth accounts, shares, screens, quantile curves, passages and hazards: closed forms, truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, sparse

from forecast.errors import DataError
from forecast.structure.deindustrialisation import ALONE, CITED, deindustrialised, flagged_spells
from forecast.structure.growth_accounting import growth_accounting
from forecast.structure.manufacturing_range import quantile_curves, standing
from forecast.structure.quantile_regression import quantile_regression


def _pwt(seed: int = 0, years: int = 21) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for country in ("AAA", "BBB", "USA"):
        drift = rng.uniform(0.01, 0.05, 4)
        for year in range(years):
            y, k, n, h = np.exp(drift * year + 0.01 * rng.normal(size=4))
            rows.append((country, 1990 + year, y, n, h, k, 0.5 + 0.1 * rng.random(), 2 * n))
    columns = ["country", "year", "rgdpna", "emp", "hc", "rnna", "labsh", "pop"]
    return pd.DataFrame(rows, columns=columns)


@given(st.integers(0, 500))
def test_growth_accounts_close_and_know_no_units(seed: int) -> None:
    """Parts sum to growth; capital in other units, or prices, change nothing."""
    pwt = _pwt(seed)
    found = growth_accounting(pwt, [(1990, 2000), (2000, 2010)])
    parts = found[["capital", "human_capital", "tfp"]].sum(axis=1)
    other = pwt.assign(rnna=pwt["rnna"] * 1e6, rgdpna=pwt["rgdpna"] / 7)
    again = growth_accounting(other, [(1990, 2000), (2000, 2010)])

    np.testing.assert_allclose(parts, found["output_per_worker"], atol=1e-12)
    np.testing.assert_allclose(
        found["output_per_worker"] + found["workers_per_head"], found["output_per_head"], atol=1e-12
    )
    np.testing.assert_allclose(again["tfp"], found["tfp"], atol=1e-9)
    logs = np.log(pwt.set_index(["country", "year"])[["rgdpna", "emp"]])
    own = logs["rgdpna"] - logs["emp"]
    expected = 10 * (own["AAA"][2000] - own["AAA"][1990])
    assert found["output_per_worker"].iloc[0] == pytest.approx(expected, rel=1e-9)


def test_a_cobb_douglas_economy_gives_its_own_tfp() -> None:
    """Y = A k^0.4 h^0.6 with a constant share: TFP growth is that of A, 1 % a year."""
    years = np.arange(11)
    k, h, a = np.exp(0.05 * years), np.exp(0.02 * years), np.exp(0.01 * years)
    pwt = pd.DataFrame(
        {
            "country": "AAA", "year": 2000 + years, "rgdpna": a * k**0.4 * h**0.6, "emp": 1.0,
            "hc": h, "rnna": k, "labsh": 0.6,
        }
    )  # fmt: skip
    row = growth_accounting(pwt, [(2000, 2010)]).iloc[0]

    assert (row["tfp"], row["capital"], row["human_capital"]) == pytest.approx((1.0, 2.0, 1.2))


def test_a_span_without_all_years_has_no_row() -> None:
    """Nor does one beyond the table; one that does not end after its start is named."""
    pwt = _pwt()
    pwt.loc[(pwt["country"] == "AAA") & (pwt["year"] == 1995), "rnna"] = np.nan

    found = growth_accounting(pwt, [(1990, 2000), (2005, 2015)])

    assert found["country"].tolist() == ["BBB", "USA"]
    with pytest.raises(DataError, match="must end after it begins"):
        growth_accounting(pwt, [(2000, 2000)])


def _panel(values: dict[str, dict[tuple[str, int], float]]) -> pd.DataFrame:
    frame = pd.DataFrame(values)
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["country", "year"])
    return frame


@given(
    seed=st.integers(0, 500),
    income=st.floats(2000, 20000),
    employment=st.floats(5, 30),
    more=st.floats(0, 5000),
)
def test_looser_thresholds_flag_at_least_as_many(
    seed: int, income: float, employment: float, more: float
) -> None:
    """Income or employment higher, value added lower: a superset."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([["A", "B"], range(2000, 2015)], names=["country", "year"])
    frame = pd.DataFrame(
        {
            "income": rng.uniform(500, 30000, 30),
            "value_added": rng.uniform(5, 35, 30),
            "employment": rng.uniform(3, 30, 30),
        },
        index=index,
    )
    tight = deindustrialised(frame, CITED, income=income, employment=employment, value_added=18)
    loose = deindustrialised(
        frame, CITED, income=income + more, employment=employment + 2, value_added=15
    )

    assert not (tight & ~loose).any()
    spells = flagged_spells(frame, tight)
    assert spells["years"].sum() == tight.sum()


def test_value_added_alone_flags_a_fall_and_not_what_was_always_low() -> None:
    """A falls from 20 to 17; B never was above 18."""
    values = {("A", 2000): 20.0, ("A", 2001): 17.0, ("B", 2000): 10.0, ("B", 2001): 9.0}
    frame = _panel({"value_added": values, "income": dict.fromkeys(values, 5000.0)})
    found = deindustrialised(frame, ALONE, income=11750, employment=18, value_added=18)

    assert found.to_dict() == {
        ("A", 2000): False, ("A", 2001): True, ("B", 2000): False, ("B", 2001): False,
    }  # fmt: skip


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_quantile_regression_is_the_linear_programmes(quantile: float) -> None:
    """The primal's least loss, to the solver's tolerance: the function solves the dual."""
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(400), rng.normal(9, 1, 400)])
    y = x @ [3.0, 2.0] + rng.standard_t(3, 400) * x[:, 1]
    n, k = x.shape
    cost = np.concatenate([np.zeros(k), np.full(n, quantile), np.full(n, 1 - quantile)])
    left = sparse.hstack([sparse.csr_array(x), sparse.eye_array(n), -sparse.eye_array(n)])
    exact = optimize.linprog(
        cost, A_eq=left, b_eq=y, bounds=[(None, None)] * k + [(0, None)] * (2 * n), method="highs"
    )
    error = y - x @ quantile_regression(y, x, quantile)
    loss = float(np.sum(np.maximum(quantile * error, (quantile - 1) * error)))

    assert loss == pytest.approx(exact.fun, rel=1e-8)


def test_quantile_curves_hold_their_share_and_standing_its_rank() -> None:
    """Of made shares a tenth lies below the first curve; a share at the top ranks 99 or more."""
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product(
        [[f"E{i:02d}" for i in range(60)], range(2000, 2010)], names=["country", "year"]
    )
    income = np.exp(rng.uniform(7, 11, 600))
    frame = pd.DataFrame({"income": income, "share": 15 + rng.normal(0, 4, 600)}, index=index)
    frame.loc[("E00", 2009), "share"] = 60.0
    curves = quantile_curves(frame, draws=0)
    at = curves[curves["quantile"] == 0.1]
    below = frame["share"] < np.interp(frame["income"], at["income"], at["share"])

    assert below.mean() == pytest.approx(0.1, abs=0.02)  # four rows of 600
    assert standing(frame, ["E00"])["rank"].iloc[0] == pytest.approx(99.0)
    medians = curves[curves["quantile"] == 0.5]["share"]
    assert (curves[curves["quantile"] == 0.9]["share"].to_numpy() > medians.to_numpy()).all()
