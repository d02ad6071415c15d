"""Interactive fixed effects against alternating least squares in R, print, and known truths."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pydantic import ValidationError

from estimation.heterogeneous.reference_panels import expected, found
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.estimation.interactive.bias import factor_bias
from forecast.estimation.interactive.iteration import factor_fit
from forecast.estimation.interactive.layout import Layout
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT

BOTH = ["country", "year"]
CIGAR = ("cigar", "sales", ["price", "ndi"])
GRUNFELD = ("grunfeld", "inv", ["value", "capital"])
HOLES = ("grunfeld_holes", "inv", ["value", "capital"])
CASES: dict[str, tuple[tuple[str, str, list[str]], int, list[str]]] = {
    "cigar_none": (CIGAR, 2, []),
    "cigar_country": (CIGAR, 2, ["country"]),
    "cigar_year": (CIGAR, 1, ["year"]),
    "cigar_both": (("cigar", "sales", ["price"]), 2, BOTH),
    "cigar_both_3": (CIGAR, 3, BOTH),
    "grunfeld_country": (GRUNFELD, 1, ["country"]),
    "holes_none": (HOLES, 1, []),
    "holes_country": (HOLES, 1, ["country"]),
    "holes_both": (HOLES, 2, BOTH),
}
BALANCED = [case for case in CASES if not case.startswith("holes")]


def _found(case: str, covariance: str = "classical", **more: Any) -> Estimate:
    named, factors, effects = CASES[case]
    table = {"factors": factors, **more}
    return found(
        *named,
        "interactive_effects",
        effects=effects,
        covariance=covariance,
        interactive_effects=table,
    )


def _expected(case: str, quantity: str) -> pd.Series:
    return expected("interactive_effects", case, quantity)


@pytest.mark.parametrize("case", CASES)
def test_coefficients(case: str) -> None:
    """The minimum is that of least squares by turns, which creeps: it stops nine digits deep."""
    one = _found(case)

    assert_allclose(one.params, _expected(case, "coef").loc[list(one.terms)], rtol=1e-8)
    squares = float(one.residuals @ one.residuals)
    assert_allclose(squares, _expected(case, "ssr"), rtol=1e-10)


@pytest.mark.parametrize("kind", ["classical", "hc1", "clustered"])
@pytest.mark.parametrize("case", CASES)
def test_standard_errors(case: str, kind: str) -> None:
    """Those of lm beside dummies and the directions of loadings and factors."""
    one = _found(case, kind)

    assert_allclose(one.std_errors, _expected(case, f"se_{kind}").loc[list(one.terms)], rtol=1e-7)
    if kind == "classical":
        assert one.df_resid == int(_expected(case, "df").iloc[0])


@pytest.mark.parametrize("case", BALANCED)
def test_bias(case: str) -> None:
    """The sums of Bai (2009), section 7, written out country by country."""
    one = _found(case, bias_correction=True)

    table = one.tables["bias"].set_index("term")
    for column, quantity in (("over_countries", "bias_countries"), ("over_years", "bias_years")):
        numbers = _expected(case, quantity).loc[list(table.index)]
        assert_allclose(table[column], numbers, rtol=1e-6)
    off = table["over_countries"] + table["over_years"]
    assert_allclose(one.params, table["uncorrected"] - off, rtol=1e-14)


@pytest.mark.parametrize("case", ["both", "country"])
def test_criteria(case: str) -> None:
    """All seven criteria of Bai and Ng, and the number that each of them takes."""
    named, most, effects = (CIGAR, 5, BOTH) if case == "both" else (GRUNFELD, 4, ["country"])
    for name in ("ic_p1", "ic_p2", "ic_p3", "pc_p1", "pc_p2", "pc_p3", "bic_3"):
        options = {"most": most, "criterion": name}
        one = found(*named, "interactive_effects", effects=effects, interactive_effects=options)
        numbers = _expected(f"criteria_{case}", name)

        assert_allclose(one.tables["factor_number"][name], numbers, rtol=1e-9)
        assert one.stats["factors"] == int(np.argmin(numbers))
        assert bool(one.notes) == (one.stats["factors"] == most)


def test_other_programs_in_print() -> None:
    """Sales of cigarettes on their price as InteractiveFixedEffectModels.jl has them, 6 digits."""
    path = ROOT / "tests" / "reference" / "estimation" / "interactive_effects_in_print.csv"
    for _, row in pd.read_csv(path).iterrows():
        one = found(
            "cigar",
            "sales",
            ["price"],
            "interactive_effects",
            effects=row["effects"].split(" + "),
            interactive_effects={"factors": int(row["factors"])},
        )
        assert_allclose(one.params.iloc[0], row["price"], rtol=2e-6)


def _drawn(rng: np.random.Generator, countries: int, years: int, tilt: float) -> Layout:
    """Return one factor that the driver loads on; variances follow the driver by ``tilt``."""
    loads, own = rng.normal(1, 1, size=countries), rng.normal(size=countries)
    factor, other = rng.normal(1, 1, size=years), rng.normal(size=years)
    x = np.outer(loads + own, factor) + np.outer(loads, other)
    x = x + rng.normal(size=(countries, years))
    spread = np.exp(tilt * np.tanh(own * loads))[:, None] * np.exp(tilt * np.tanh(other * factor))
    y = x + np.outer(loads, factor) + spread * rng.normal(size=(countries, years))
    inside = np.ones((countries, years), dtype=bool)
    return Layout(y=y, x=x[:, :, None], inside=inside, country=False, year=False)


def test_the_bias_is_what_it_is_said_to_be() -> None:
    """With variances tied to the driver the mean of 200 slopes is off; most of it is taken off.

    Bias -0.03 from countries, -0.03 from years, each alone, in panels of 30 x 30; the correction
    is of first order, so that a third of it may stay.
    """
    rng = np.random.default_rng(4)
    slopes, biases = [], []
    for _ in range(200):
        panel = _drawn(rng, 30, 30, 0.5)
        fit = factor_fit(panel, 1, [np.ones(1), np.zeros(1)])
        slopes.append(fit.slopes[0] - 1)
        biases.append(factor_bias(panel, fit).sum())
    off, error = float(np.mean(slopes)), float(np.std(slopes)) / np.sqrt(200)

    assert off < -8 * error
    assert abs(off - np.mean(biases)) < abs(off) / 3 + 2 * error


def _panel(seed: int, *, kept: float = 1.0, factors: int = 2) -> Panel:
    rng = np.random.default_rng(seed)
    countries, years = 40, 30
    loads, common = rng.normal(size=(countries, factors)), rng.normal(size=(factors, years))
    level = rng.normal(size=(countries, 1)) + rng.normal(size=years)
    x = rng.normal(size=(2, countries, years)) + 0.7 * loads @ common + level
    y = x[0] - 0.5 * x[1] + loads @ common + level + rng.normal(size=(countries, years))
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(countries)], range(1990, 1990 + years)],
        names=["country", "year"],
    )
    frame = pd.DataFrame({"y": y.ravel(), "x1": x[0].ravel(), "x2": x[1].ravel()}, index)
    return Panel(frame[rng.random(len(frame)) < kept], source="made")


def _spec(**more: Any) -> ModelSpec:
    base = {"name": "m", "label": "m", "outcome": "y", "drivers": ["x1", "x2"], "effects": BOTH}
    return ModelSpec.model_validate({**base, "estimator": "interactive_effects", **more})


@pytest.mark.parametrize("kept", [1.0, 0.85], ids=["balanced", "holes"])
def test_the_truth_is_found_and_covered(kept: float) -> None:
    """Slopes 1 and -0.5 beside two factors: of 20 intervals of 95 % at most four miss.

    Five of 20 and more have a chance of 0.3 %. Two-way effects alone are off by 0.1 and more.
    """
    missed, numbers = 0, []
    for seed in range(10):
        one = estimate(_panel(seed, kept=kept), _spec(covariance="classical"))
        ends = one.conf_int(0.05)
        missed += int(((ends.iloc[:, 0] > [1.0, -0.5]) | (ends.iloc[:, 1] < [1.0, -0.5])).sum())
        numbers.append(one.stats["factors"])
    within = estimate(_panel(1, kept=kept), _spec(estimator="within"))

    assert missed <= 4
    assert set(numbers) == {2.0}
    assert within.params.iloc[0] > 1.1


def test_factors_and_loadings_are_normalised() -> None:
    """F'F / T is the identity, loadings are orthogonal, and the fit is effects, x'b and l'f."""
    panel = _panel(3)
    one = estimate(panel, _spec(interactive_effects={"factors": 2}))
    f = one.tables["factors"].pivot(index="year", columns="factor", values="value")
    loads = one.tables["loadings"].pivot(index="country", columns="factor", values="value")
    left = panel.frame["y"] - panel.frame[["x1", "x2"]] @ one.params.to_numpy()
    wide = left.unstack("year")
    wide = wide.sub(wide.mean(axis=1), axis=0)
    wide = wide - wide.mean(axis=0) - loads.to_numpy() @ f.to_numpy().T

    assert_allclose(f.T @ f / len(f), np.eye(2), atol=1e-10)
    assert abs(float(loads[1] @ loads[2])) < 1e-6 * float(loads[1] @ loads[1])
    assert_allclose(wide.to_numpy().ravel(), one.residuals, atol=1e-6)


def test_without_factors_it_is_the_within_estimator() -> None:
    """No factor: two-way effects, coefficients and errors, with holes too."""
    panel = _panel(2, kept=0.8)
    one = estimate(panel, _spec(interactive_effects={"factors": 0}))
    other = estimate(panel, _spec(estimator="within"))

    assert_allclose(one.params, other.params, rtol=1e-10)
    assert_allclose(one.cov, other.cov, rtol=1e-9)


def test_refusals() -> None:
    """Each with one message."""
    for more, say in (
        ({"interactive_effects": {"factors": 2, "most": 3}}, "'most' goes without 'factors'"),
        ({"covariance": "hc3"}, "takes covariance"),
        ({"effects": ["region"]}, "takes effects"),
        ({"bma": {}}, "takes no table 'bma'"),
    ):
        with pytest.raises(ValidationError, match=say):
            _spec(**more)
    panel = _panel(1, kept=0.9)
    with pytest.raises(EstimationError, match="bias_correction: the panel has holes"):
        estimate(panel, _spec(interactive_effects={"factors": 1, "bias_correction": True}))
    with pytest.raises(EstimationError, match="found 30, at most 28 can be told"):
        estimate(panel, _spec(interactive_effects={"factors": 30}))
    with pytest.raises(EstimationError, match="'x1': nothing is left after the country and year"):
        estimate(panel.with_columns(x1=panel.frame.groupby("country")["x1"].transform("mean")),
                 _spec(interactive_effects={"factors": 1}))  # fmt: skip
    for y in (panel.frame["x1"], 0.0 * panel.frame["y"]):
        with pytest.raises(EstimationError, match="leave nothing of the outcome"):
            estimate(panel.with_columns(y=y), _spec(effects=[]))


@pytest.mark.parametrize("kept", [1.0, 0.9])
@pytest.mark.parametrize("factors", [{}, {"factors": 1}])
def test_factors_without_errors_are_refused_at_once(kept: float, factors: dict[str, int]) -> None:
    """What one factor fits to the last digit leaves rounding, on which no iteration converges."""
    panel = _panel(1, kept=kept)
    year = panel.frame.index.get_level_values("year").to_numpy(dtype=float)
    exact = panel.with_columns(y=pd.Series(year, panel.frame.index))
    with pytest.raises(EstimationError, match=r"\d factors fit the outcome exactly"):
        estimate(exact, _spec(effects=[], interactive_effects=factors))
