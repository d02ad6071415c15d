"""Formulas become the same models as declarations do, and nothing in them is evaluated."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecast.errors import SpecError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.model import ModelSpec

RULES: dict[str, dict[str, Any]] = {
    "log(x)": {"log(x)": {"of": ["x"], "as": "log"}},
    "lag(x, 2)": {"lag(x, 2)": {"of": ["x"], "as": "lag", "by": 2}},
    "l(x)": {"lag(x, 1)": {"of": ["x"], "as": "lag"}},
    "d(x)": {"difference(x)": {"of": ["x"], "as": "difference"}},
    "difference(log(x), 5)": {
        "log(x)": {"of": ["x"], "as": "log"},
        "difference(log(x), 5)": {"of": ["log(x)"], "as": "difference", "by": 5},
    },
    "log_difference(x)": {"log_difference(x)": {"of": ["x"], "as": "log_difference"}},
    "x^2": {"I(x^2)": {"of": ["x"], "as": "power", "exponent": 2.0}},
    "I(x**2)": {"I(x^2)": {"of": ["x"], "as": "power", "exponent": 2.0}},
    "log(x)^2": {
        "log(x)": {"of": ["x"], "as": "log"},
        "I(log(x)^2)": {"of": ["log(x)"], "as": "power", "exponent": 2.0},
    },
    "x:z": {"x:z": {"of": ["x", "z"], "as": "interaction"}},
    "ratio(x, z)": {"ratio(x, z)": {"of": ["x", "z"], "as": "ratio"}},
    "I(x/z)": {"I(x/z)": {"of": ["x", "z"], "as": "ratio"}},
    "I(x + z)": {"I(x + z)": {"of": ["x", "z"], "as": "sum"}},
    "I(100*log(x))": {
        "log(x)": {"of": ["x"], "as": "log"},
        "I(100*log(x))": {"of": ["log(x)"], "as": "power", "exponent": 1.0, "scale": 100.0},
    },
}


@pytest.mark.parametrize("term", RULES)
def test_a_term_is_a_derivation(term: str) -> None:
    """Each way to write a term gives the derivation that a declaration would state."""
    found = parse_formula(f"y ~ w + {term}")

    expected = ModelSpec.model_validate(
        {
            "name": "formula",
            "label": "Pooled",
            "outcome": "y",
            "drivers": ["w", list(RULES[term])[-1]],
            "estimator": "pooled",
            "derive": RULES[term],
        }
    )
    assert found == expected


def test_crossings_and_powers_of_sums() -> None:
    """x*z is both and their product; (a + b)^2 is all products up to the second order."""
    assert parse_formula("y ~ x*z").drivers == ["x", "z", "x:z"]
    assert parse_formula("y ~ (a + b)^2").drivers == ["a", "a:b", "b"]


def test_effects_and_options() -> None:
    """Effects choose the within estimator, under any of their names; options are the model's."""
    found = parse_formula("y ~ x | country + period", covariance="driscoll_kraay", maxlag=2)

    assert (found.estimator, found.effects) == ("within", ["country", "year"])
    assert (found.covariance, found.maxlag) == ("driscoll_kraay", 2)
    assert parse_formula("y ~ x | time", estimator="pooled").effects == ["year"]
    assert parse_formula("y ~ x | 0").estimator == "pooled"
    assert parse_formula("y ~ x", sample={"first_year": 1990}).sample.first_year == 1990


def test_the_outcome_may_be_transformed() -> None:
    """A logarithm on the left is derived under its own name."""
    found = parse_formula("log(y) ~ x")

    assert (found.outcome, list(found.derive)) == ("log(y)", ["log(y)"])


@pytest.mark.parametrize("effects", ["", "0", "year"])
def test_endogenous_terms_alone_are_hausman_taylors(effects: str) -> None:
    """Without instruments, the last part is what Hausman-Taylor instruments from inside."""
    found = parse_formula(f"y ~ x + log(w) + z | {effects} | log(w) + v")

    assert found.estimator == "hausman_taylor"
    assert found.hausman_taylor is not None
    assert found.hausman_taylor.endogenous == ["log(w)", "v"]
    assert found.drivers == ["x", "log(w)", "z", "v"]
    assert found.effects == (["year"] if effects == "year" else [])


def test_a_third_part_names_instruments() -> None:
    """As in fixest, endogenous drivers and instruments come last, with or without effects."""
    found = parse_formula("y ~ x | country | e + f ~ z + log(w) + v")

    assert (found.estimator, found.drivers) == ("iv", ["e", "f", "x"])
    assert found.iv is not None
    assert found.iv.endogenous == ["e", "f"]
    assert found.iv.instruments == ["z", "log(w)", "v"]
    assert parse_formula("y ~ 1 | e ~ z").effects == []


def test_names_in_backquotes_are_columns() -> None:
    """Any column can be named, also one with a space."""
    assert parse_formula("y ~ `R&D share` + x").drivers == ["R&D share", "x"]


def test_the_estimate_is_that_of_the_declaration(grunfeld: Panel) -> None:
    """A formula and the declaration it stands for give one and the same estimate."""
    found = estimate(
        grunfeld, "log(inv) ~ log(value) + lag(capital, 1) | country + year", covariance="classical"
    )
    spec = ModelSpec.model_validate(
        {
            "name": "declared",
            "label": "x",
            "outcome": "a",
            "drivers": ["b", "c"],
            "effects": ["country", "year"],
            "estimator": "within",
            "covariance": "classical",
            "derive": {
                "a": {"of": "inv", "as": "log"},
                "b": {"of": "value", "as": "log"},
                "c": {"of": "capital", "as": "lag"},
            },
        }
    )

    assert_allclose(found.params, estimate(grunfeld, spec).params, rtol=0)
    assert_allclose(found.cov, estimate(grunfeld, spec).cov, rtol=0)
    assert found.terms == ("log(value)", "lag(capital, 1)")


def test_arithmetic_is_that_of_the_columns(grunfeld: Panel) -> None:
    """I(value - capital) is the difference of the two columns."""
    made = grunfeld.with_columns(gap=grunfeld.frame["value"] - grunfeld.frame["capital"])

    one = estimate(grunfeld, "inv ~ I(value - capital)")
    two = estimate(made, "inv ~ gap")

    assert_allclose(one.params, two.params, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y ~ spline(x, 2)", "unknown function 'spline'; allowed: exp, log, sqrt, lag"),
        ("y ~ K(x)", "unknown function 'K'"),
        ("y ~ {x + 1}", "cannot be used"),
        ("y ~ __import__('os').system('true')", "cannot be"),
        ("y ~ x.__class__()", "cannot be used"),
        ("y ~ [c for c in x]", "cannot be"),
        ("y ~ x[0]", "cannot be used"),
        ("y ~ log(x, base=2)", "cannot be used"),
        ("y ~ 'x'", "cannot be read"),
        ("y ~ log(x", "not closed"),
        ("y ~", "must be 'outcome ~ terms'"),
        ("y ~ x ~ z", "must be 'outcome ~ terms | effects | endogenous"),
        ("y ~ 1", "found no regressor"),
        ("y ~ x - 1 | country", "'constant' of false goes with 'pooled' and 'iv'"),
        ("y ~ l(x, 2:0)", "must run upwards"),
        ("y ~ i(x, z, w)", "too many"),
        ("y ~ i(x):i(z)", "a dummy a combination is i(a^b)"),
        ("y ~ poly(x, 0)", "greater than or equal to 1"),
        ("y ~ bs(x, df=2)", "'df' goes with 'spline'"),
        ("y ~ i(log(x))", "takes a column of codes or words"),
        ("y ~ x + y", "also among 'drivers'"),
        ("y ~ lag(x, 0)", "whole number, 1 or more"),
        ("y ~ lag(x, 1.5)", "whole number, 1 or more"),
        ("y ~ lag(x, z)", "whole number, 1 or more"),
        ("y ~ x^z", "cannot be"),
        ("y ~ I(x + 1)", "cannot be used"),
        ("y ~ x | 2nd", "effect '2nd' cannot be read"),
        ("y ~ x | country | z", "endogenous ~ instruments"),
        ("y ~ x | country | e ~", "endogenous ~ instruments"),
        ("y ~ x | |", "endogenous ~ instruments"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    """What cannot be read ends in one sentence that names what can."""
    with pytest.raises(SpecError, match=re.escape(message)) as caught:
        parse_formula(text)

    assert "\n" not in str(caught.value)


def test_wrong_options_are_named() -> None:
    """A misspelt option and a value that is not allowed are errors."""
    with pytest.raises(SpecError, match="covarience: unknown key"):
        parse_formula("y ~ x", covarience="clustered")
    with pytest.raises(SpecError, match="covariance: found 'robust'"):
        parse_formula("y ~ x", covariance="robust")


def test_options_do_not_change_a_declared_model(grunfeld: Panel) -> None:
    """Options go with a formula; a declared model is changed by copying it."""
    spec = parse_formula("inv ~ value")

    with pytest.raises(SpecError, match="goes with a formula"):
        estimate(grunfeld, spec, covariance="classical")
    assert np.isfinite(estimate(grunfeld, spec).params).all()


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ (" + " + ".join(f"x{i}" for i in range(30)) + ")^20",
        "y ~ " + "*".join(f"x{i}" for i in range(40)),
        "y ~ " + "log(" * 60 + "x" + ")" * 60,
        "y ~ " + "(" * 5000 + "x" + ")" * 5000,
        "y ~ " + " + ".join(f"x{i}" for i in range(3000)),
        "y ~ I(" + "-" * 5000 + "x)",
        "y ~ x\x00",
        "y ~ I(x^" + "9" * 5000 + ")",
    ],
    ids=range(8),
)
def test_formulas_beyond_the_limits_are_refused_at_once(formula: str) -> None:
    """Products that would not end, depth, length, numbers of 5,000 digits: one short message."""
    with pytest.raises(SpecError) as caught:
        parse_formula(formula)

    assert len(str(caught.value)) < 1000


def test_many_terms_are_no_fault() -> None:
    """400 regressors, and all products of 12, are within the limits."""
    parse_formula("y ~ " + " + ".join(f"x{i}" for i in range(400)))
    assert len(parse_formula("y ~ (" + "+".join(f"x{i}" for i in range(12)) + ")^2").drivers) == 78
