"""Wald tests, delta method, intervals, prediction, influence against R and closed forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t

import forecast as fc
from forecast.diagnostics.influence import leave_one_out_table
from forecast.diagnostics.specification.wald import wald
from forecast.errors import EstimationError, SpecError
from forecast.estimation.effects.marginal import marginal_effects
from forecast.estimation.effects.predict import predict
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.confidence_intervals import confidence_intervals
from forecast.estimation.inference.delta_method import delta_method
from forecast.estimation.inference.expression import evaluate
from forecast.estimation.inference.pairs_bootstrap import pairs_bootstrap
from forecast.panel import Panel
from forecast.specs.changed import changed
from places import ROOT

REFERENCE = (
    pd.read_csv(ROOT / "tests" / "reference" / "diagnostics" / "panel_tests.csv")
    .set_index(["panel", "test", "quantity"])["value"]
    .sort_index()
)
Make = Callable[..., tuple[Panel, Any]]


@pytest.mark.parametrize("panel", ["grunfeld", "holes", "tails", "emplUK"])
def test_wald_and_delta_equal_r(plm_model: Make, panel: str) -> None:
    """Joint and linear hypotheses and a ratio, clustered by country, equal R's numbers."""
    data, spec = plm_model(panel, "within", ["country"])
    one = estimate(data, changed(spec, covariance="clustered"))
    a, b = one.terms[:2]

    joint = wald(one, ", ".join(one.terms), "chi2")
    line = wald(one, f"{a} = {b}/2 + 0.05")
    ratio = delta_method(one, f"{a} / {b}")

    expected = REFERENCE[panel]
    # a small clustered matrix is inverted: a few digits are lost
    assert_allclose(joint.statistic, expected["wald all zero chi2", "statistic"], rtol=1e-8)
    assert_allclose(line.statistic, expected["wald b1 = b2/2 + 0.05", "statistic"], rtol=1e-8)
    assert_allclose(ratio.estimate, expected["delta b1/b2", "estimate"], rtol=1e-9)
    assert_allclose(ratio.std_error, expected["delta b1/b2", "se"], rtol=1e-9)


def test_wald_equals_lmtest(grunfeld: Panel) -> None:
    """The F test of one coefficient with HC1 is lmtest's waldtest with sandwich's matrix."""
    one = estimate(grunfeld, "inv ~ value + capital", covariance="hc1")

    found = wald(one, "capital = 0")

    expected = REFERENCE["grunfeld", "lmtest capital HC1"]
    assert_allclose(found.statistic, expected["statistic"], rtol=1e-10)
    assert_allclose(found.p_value, expected["p"], rtol=1e-8)


def test_wald_of_one_coefficient_is_t_squared(grunfeld: Panel) -> None:
    """F with one restriction is the squared t, with the same p-value."""
    one = estimate(grunfeld, "inv ~ value + lag(capital, 1) | country", covariance="clustered")
    row = one.tidy().set_index("term").loc["lag(capital, 1)"]

    found = wald(one, "lag(capital,1)")

    assert_allclose(found.statistic, row["statistic"] ** 2, rtol=1e-12)
    assert_allclose(found.p_value, row["p_value"], rtol=1e-9)
    assert (found.df, found.df_denominator) == (1, 9.0)


def test_wald_by_f_with_normal_intervals_is_chi_squared(grunfeld: Panel) -> None:
    """Without finite degrees of freedom F is chi-squared over their number."""
    found = estimate(grunfeld, "inv ~ value; capital ~ value")
    by_f, by_chi2 = (wald(found, "inv: value = 0.1, inv: const = 0", d) for d in ("F", "chi2"))

    assert by_f.statistic == pytest.approx(by_chi2.statistic / 2, rel=1e-12)
    assert by_f.p_value == by_chi2.p_value > 0


def test_ways_to_write_a_hypothesis(grunfeld: Panel) -> None:
    """Sides, order, separators and lists do not matter; nonlinear ones carry a note."""
    one = estimate(grunfeld, "inv ~ value + capital", covariance="clustered")
    first = wald(one, "value = 2*capital, const = -40")

    for other in (
        "2*capital - value = 0; const + 40 == 0",
        ["const = -40", "capital = value/2"],
        "value - capital = capital\n40 = -const",
    ):
        assert_allclose(wald(one, other).statistic, first.statistic, rtol=1e-10)
    assert first.note == ""
    assert "nonlinear" in wald(one, "value/capital = 0.5").note


@pytest.mark.parametrize(
    ("text", "value", "gradient"),
    [
        ("-log(1 + 5*a)/5", -np.log(3.5) / 5, [-1 / 3.5, 0]),
        ("exp(a*b)", np.exp(-0.1), [-0.2 * np.exp(-0.1), 0.5 * np.exp(-0.1)]),
        ("sqrt(a) - b^2", np.sqrt(0.5) - 0.04, [0.5 / np.sqrt(0.5), 0.4]),
        ("2*a - (b + 1)/4", 0.8, [2, -0.25]),
        ("a^3 - b^-1 + b^0", 6.125, [0.75, 25]),
        ("a / (1 - b)", 0.5 / 1.2, [1 / 1.2, 0.5 / 1.44]),
    ],
)
def test_gradients_in_closed_form(text: str, value: float, gradient: list[float]) -> None:
    """Values and derivatives are those of calculus."""
    found = evaluate(text, ("a", "b"), np.array([0.5, -0.2]))

    assert_allclose(found.value, value, rtol=1e-14)
    assert_allclose(found.gradient, gradient, rtol=1e-13)


def test_an_expression_without_terms_is_arithmetic() -> None:
    """No coefficient, no gradient."""
    found = evaluate("2^3 / (1 + 3)", (), np.array([]))

    assert (found.value, len(found.gradient)) == (2, 0)


def test_a_coefficients_name_comes_first() -> None:
    """log(x) is the coefficient of that regressor, log(a) a logarithm; the longest name wins."""
    terms = ("log(x)", "x", "lag(x, 1)", "a")
    params = np.array([1.0, 2.0, 3.0, 4.0])

    assert evaluate("log(x) + 10*x", terms, params).value == 21
    assert evaluate("lag( x,1 )", terms, params).value == 3
    assert_allclose(evaluate("log(a)", terms, params).value, np.log(4))
    assert evaluate("`log(x)` * 2", terms, params).value == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os')", "cannot be used"),
        ("a.real", "cannot be used"),
        ("[a][0]", "cannot be used"),
        ("a if a else b", "cannot be used"),
        ("a**b", "cannot be used"),
        ("a; b", "cannot be read"),
        ("c + a", "term 'c' is not one of"),
        ("log(-a)", "no value"),
        ("1/(a - a)", "no value"),
        ("9**9**9**9", "no value"),
    ],
)
def test_expressions_are_a_closed_list(text: str, message: str) -> None:
    """Nothing but arithmetic of coefficients is read."""
    with pytest.raises(SpecError, match=message):
        evaluate(text, ("a", "b"), np.array([0.5, -0.2]))


def test_hypotheses_that_cannot_be_tested(grunfeld: Panel) -> None:
    """Unknown terms, repeated restrictions and empty texts are refused."""
    one = estimate(grunfeld, "inv ~ value + capital")

    for text, message in (
        ("valeu = 0", "did you mean 'value'|is not one of"),
        ("value = 0, value = 1", "not independent"),
        ("value = capital = 0", "more than one '='"),
        ("1 = 2", "no coefficient"),
        ("  ", "found none"),
    ):
        with pytest.raises(SpecError, match=message):
            wald(one, text)


def test_intervals_are_tidys(grunfeld: Panel) -> None:
    """Intervals are those of ``tidy`` at the level asked for, centred on the estimate."""
    one = estimate(grunfeld, "inv ~ value + capital | country", covariance="clustered")

    found = confidence_intervals(one, 0.9)

    assert_allclose(found.mean(axis=1), one.params, rtol=1e-12)
    assert_allclose(found["conf_high"], one.tidy(0.9)["conf_high"], rtol=0)
    width = confidence_intervals(one).diff(axis=1)["conf_high"] / one.std_errors
    assert_allclose(width, 2 * t.ppf(0.975, one.df_resid), rtol=1e-12)


@pytest.mark.parametrize("options", [{}, {"level": 0.9}])
def test_delta_method_of_one_coefficient_is_its_row(
    grunfeld: Panel, options: dict[str, float]
) -> None:
    """Estimate, error, statistic, p-value and interval are those of ``tidy``, 95 % or other."""
    one = estimate(grunfeld, "inv ~ value + capital | country", covariance="clustered")

    found = delta_method(one, "value", **options)

    row = one.tidy(**options).set_index("term").loc["value"]
    columns = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
    assert_allclose([getattr(found, name) for name in columns], row[columns].tolist(), rtol=1e-12)
    assert found.level == options.get("level", 0.95)


@pytest.mark.parametrize("level", [-0.5, 0, 1, 1.5, 95])
def test_a_level_is_between_0_and_1(grunfeld: Panel, level: float) -> None:
    """Wherever an interval is asked for."""
    one = estimate(grunfeld, "inv ~ value + capital", covariance="clustered")
    drawn = pairs_bootstrap(regression(grunfeld, one.spec), rng=np.random.default_rng(1), draws=20)
    asked = [
        lambda: one.tidy(level),
        lambda: confidence_intervals(one, level),
        lambda: delta_method(one, "value", level),
        lambda: marginal_effects(one, "value", level=level),
        lambda: drawn.interval(level),
    ]

    for ask in asked:
        with pytest.raises(
            SpecError, match=f"level: found {level}, must be a number between 0 and 1"
        ):
            ask()


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("inv ~ value + capital", {}),
        ("inv ~ value + capital | country", {}),
        ("inv ~ value + capital | year", {}),
        ("inv ~ value + capital | year", {"estimator": "pooled"}),
        ("log(inv) ~ log(value) + lag(capital, 1) | country + year", {}),
    ],
)
def test_prediction_plus_residual_is_the_outcome(
    grunfeld: Panel, text: str, options: dict[str, Any]
) -> None:
    """On its own sample, balanced or not, what is predicted and what is left add up."""
    holes = Panel(grunfeld.frame[np.arange(200) % 7 != 3], "holes")
    for panel in (grunfeld, holes):
        one = estimate(panel, text, **options)
        y = panel.frame["inv"] if text.startswith("inv") else np.log(panel.frame["inv"])

        found = predict(one, panel)

        left = (y - found - one.residuals).loc[one.residuals.index]
        assert np.abs(left).max() < 1e-10 * np.abs(y).max()


def test_prediction_for_other_rows(grunfeld: Panel) -> None:
    """Known effects are added, unknown ones give no prediction, and the outcome is not needed."""
    early = grunfeld.through(1950)
    one = estimate(early, "inv ~ value + capital | country")
    later = replace(grunfeld, frame=grunfeld.frame[["value", "capital"]])

    found = predict(one, later)

    assert found.notna().all()
    effect = one.anchors.loc[1, "inv"] - one.anchors.loc[1, ["value", "capital"]] @ one.params
    expected = effect + grunfeld.frame.loc[(1, 1954), ["value", "capital"]] @ one.params
    assert_allclose(found.loc[(1, 1954)], expected, rtol=1e-12)
    both = estimate(early, "inv ~ value + capital | country + year")
    assert predict(both, later, fitted_on=early).isna().sum() == 40  # 1951-1954
    assert predict(both, later, effects=False).notna().all()
    with pytest.raises(EstimationError, match="fitted_on"):
        predict(both, Panel(later.frame.loc[(slice(None), [1954]), :], "last"))
    with pytest.raises(EstimationError, match="changes"):
        predict(estimate(early, "inv ~ value", estimator="first_difference"), early)


def test_influence_equals_estimating_again(grunfeld: Panel) -> None:
    """Leaving out by downdating equals estimates without the country, and without the year."""
    one = estimate(grunfeld, "inv ~ value + capital | country + year", covariance="clustered")

    by_country = leave_one_out_table(grunfeld, one).set_index(["left_out", "term"])["estimate"]
    by_year = leave_one_out_table(grunfeld, one, "year").set_index(["left_out", "term"])["estimate"]

    again = estimate(grunfeld.without([3]), one.spec)
    assert_allclose(by_country.loc[3], again.params, rtol=1e-9)
    rest = grunfeld.frame[grunfeld.frame.index.get_level_values("year") != 1940]
    assert_allclose(by_year.loc[1940], estimate(Panel(rest, "r"), one.spec).params, rtol=1e-9)


def test_influence_of_random_effects(plm_model: Make) -> None:
    """An estimator without a closed form is estimated again, labels sorted by influence."""
    panel, spec = plm_model("grunfeld", "random_effects", [])
    one = estimate(panel, spec)

    table = leave_one_out_table(panel, one)

    first = table["left_out"].iloc[0]
    again = estimate(panel.without([first]), spec)
    assert_allclose(table["estimate"].iloc[:3], again.params, rtol=1e-9)
    assert_allclose(table["dfbeta"].iloc[:3], (again.params - one.params) / one.std_errors)
    assert (
        table.groupby("left_out", sort=False)["dfbeta"]
        .apply(lambda d: d.abs().max())
        .is_monotonic_decreasing
    )
    years = leave_one_out_table(panel, one, "year")
    assert len(years) == 60
    with pytest.raises(EstimationError, match="dimension"):
        leave_one_out_table(panel, one, "firm")


def test_print_shows_the_estimate(grunfeld: Panel) -> None:
    """The summary has each coefficient, its error and interval, the sample and the data's name."""
    one = fc.estimate(grunfeld, "inv ~ value + lag(capital, 1) | country", covariance="clustered")

    text = str(one)

    for words in ("Within: inv", "lag(capital, 1)", "clustered by country", "plm, Grunfeld"):
        assert words in text
    row = one.tidy().iloc[0]
    line = next(line for line in text.splitlines() if line.startswith("value"))
    assert [float(cell) for cell in line.split()[1:]] == pytest.approx(
        [row[c] for c in one.tidy().columns[2:]], abs=6e-4
    )
    assert max(len(line) for line in text.splitlines()) <= 90
    assert one._repr_html_().count("<tr>") >= 9
    assert one.glance()["n_obs"] == 190
