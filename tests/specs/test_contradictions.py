"""Declarations whose keys are fine alone and wrong together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from pydantic import ValidationError

from forecast.catalog import read_study
from forecast.errors import SpecError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.estimators import COVARIANCES, ESTIMATORS
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.options.derivation import Derivation

Read = Callable[[str], str]


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ('["gap", "rd"]', '["gap", "gap"]', "'drivers' names a column twice"),
        ('["gap", "rd"]', '["growth"]', "outcome 'growth' is also among 'drivers'"),
        ('"pooled"', '"within"', "estimator 'within' needs 'effects'"),
        ('"pooled"', '"pooled"\neffects = ["country"]', "for country effects use 'within'"),
        ('"pooled"', '"pooled"\neffects = ["year", "year"]', "'effects' names one twice"),
        ('"pooled"', '"between"\neffects = ["year"]', "takes no effects"),
        ('"pooled"', '"pooled"\nexpected_sign = { rdd = "+" }', "'expected_sign' names 'rdd'"),
        ('"pooled"', '"pooled"\n[derive]\nz = { of = ["a", "b"], as = "log" }', "takes 1 column"),
        ('"pooled"', '"pooled"\n[derive]\nz = { of = "a", as = "sum" }', "at least 2 columns"),
        ('"pooled"', '"pooled"\n[derive]\nz = { of = "a", as = "ratio" }', "takes 2 column"),
    ],
)
def test_contradictions_in_a_model_are_said(
    model_text: str, model_error: Read, old: str, new: str, say: str
) -> None:
    """Keys that are fine alone and not together give one line that says why."""
    message = model_error(model_text.replace(old, new))

    assert message.startswith("core.toml: ")
    assert say in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ("[changes.rd]\n2030 = 0.5\n2035 = 1\n", "", "states no departure"),
        ('"policy"', '"baseline"', "of kind 'baseline' states no departures"),
        ("2035 = 1", "2035 = 1\n[paths.rd]\n2035 = 3", "driver 'rd' is moved in two ways"),
        ("2030 = 0.5\n2035 = 1", "", "changes.rd has no year"),
        ('"CHN"', '"Chinaa"', "did you mean China (CHN)?"),
        ("Section 4; the size is a recorded change.", "why not", "because: found 'why not'"),
        ("2035 = 1", '2035 = 1\n[[compose]]\nscenario = "a"\nstrength = 3', "found 3"),
        ("2035 = 1", '2035 = 1\n[[compose]]\nscenario = "a"\ndelay = -1', "found -1"),
    ],
)
def test_contradictions_in_a_scenario_are_said(
    scenario_text: str, scenario_error: Read, old: str, new: str, say: str
) -> None:
    """A scenario departs from the baseline, in one way a driver, and says why."""
    message = scenario_error(scenario_text.replace(old, new))

    assert message.startswith("push.toml: ")
    assert say in message
    assert "\n" not in message


@pytest.mark.parametrize("table", ["baseline", "effects"])
@pytest.mark.parametrize(
    ("first", "second", "say"),
    [
        ("0.5", "0.6", "weights sum to 1.1, must sum to 1"),
        ("0.5", "0.4", "weights sum to 0.9, must sum to 1"),
        ("1.0", "0.0", "weights must be positive"),
        ("1.5", "-0.5", "weights must be positive"),
        ("nan", "0.5", "finite number"),
        ("inf", "0.5", "finite number"),
        ('"0.5"', "0.5", "valid number"),
    ],
)
def test_weights_are_positive_and_sum_to_one(
    study_text: str, study_error: Read, table: str, first: str, second: str, say: str
) -> None:
    """Weights of the baseline and of the effects are shares of a whole."""
    names = {"baseline": ("auto_arima", "convergence"), "effects": ("core", "other")}[table]
    old = {"baseline": ("0.5", "0.5"), "effects": ("0.25", "0.75")}[table]
    text = study_text
    for name, was, now in zip(names, old, (first, second), strict=True):
        text = text.replace(f"{name} = {was}", f"{name} = {now}")

    message = study_error(text)

    assert message.startswith(f"study.toml: {table}")
    assert say in message


def test_thirds_written_out_sum_to_one(study_text: str, tmp_path: Path) -> None:
    """Three times 0.3333333333 is one third each: rounding in the tenth digit is allowed."""
    path = tmp_path / "study.toml"
    thirds = "auto_arima = 0.3333333333\nlocal = 0.3333333333\nconvergence = 0.3333333333"
    path.write_text(study_text.replace("auto_arima = 0.5\nconvergence = 0.5", thirds))

    assert len(read_study(path).baseline.weights) == 3


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ("core = 0.25", "cor = 0.25", "'cor' is used for effects or baseline, not in 'models'"),
        ('convergence_model = "core"', 'convergence_model = "no"', "'no' is used for effects"),
        ('["core", "other"]', '["core", "other", "core"]', "'models' names one twice"),
        ('["baseline", "push"]', '["push", "push"]', "'scenarios' names one twice"),
        ("horizon = 2040", "horizon = 1999", "horizon: found 1999"),
        ("draws = 500", 'draws = "500"', "draws: found '500'"),
        ("draws = 500", "draws = 5", "draws: found 5"),
        ("seed = 1", "seed = -1", "seed: found -1"),
    ],
)
def test_contradictions_in_a_study_are_said(
    study_text: str, study_error: Read, old: str, new: str, say: str
) -> None:
    """A study names models that it lists, once each, and numbers within their range."""
    message = study_error(study_text.replace(old, new))

    assert message.startswith("study.toml: ")
    assert say in message
    assert "\n" not in message


DEFAULTS = {"cluster": "country", "small_sample": True, "maxlag": None}
OTHERS: dict[str, object] = {"cluster": "year", "small_sample": "fixest", "maxlag": 4}


@pytest.mark.parametrize("name", [n for n, kind in COVARIANCES.items() if not kind.own])
@pytest.mark.parametrize("option", list(OTHERS))
def test_an_option_goes_with_the_covariances_that_it_decides(name: str, option: str) -> None:
    """An option that would do nothing is refused, its default is not, and others change numbers."""
    index = pd.MultiIndex.from_product([list("ABCDE"), range(2000, 2009)])
    values = np.random.default_rng(3).normal(size=(len(index), 2))
    frame = pd.DataFrame(values, index.set_names(["country", "year"]), columns=["y", "x"])
    # packages count the dummies of half, which those of the years make up, in different ways
    panel = Panel(frame.assign(half=frame.index.get_level_values("year") > 2004), source="made")
    text = "y ~ x | year + half" if option == "small_sample" else "y ~ x"
    places = {"latitude": "x", "longitude": "x", "cutoff": 50.0}
    more = {"spatial": places} if name == "conley" else {}
    plain = estimate(panel, text, covariance=name, **more)

    assert_array_equal(
        estimate(panel, text, covariance=name, **more, **{option: DEFAULTS[option]}).cov, plain.cov
    )
    if option not in COVARIANCES[name].takes:
        with pytest.raises(SpecError, match=f"covariance '{name}' takes no '{option}'"):
            estimate(panel, text, covariance=name, **more, **{option: OTHERS[option]})
    else:
        other = estimate(panel, text, covariance=name, **more, **{option: OTHERS[option]})
        assert not np.allclose(other.cov, plain.cov, rtol=1e-6)


@pytest.mark.parametrize("name", [n for n, row in ESTIMATORS.items() if len(row.covariances) == 1])
def test_an_own_covariance_has_its_own_name(name: str) -> None:
    """Old declarations call it classical; tables do not, and no other estimator takes it."""
    row = ESTIMATORS[name]
    options: dict[str, Any] = {"lags": 1} if row.outcome_lags == "one" else {}
    if "prior" in row.needs:
        prior = {"mean": 1.0, "sd": 1.0, "source": "a test's own statement"}
        options = {"prior": {"x": prior}}

    old = parse_formula("y ~ x", estimator=name, covariance="classical", **options)

    assert old == parse_formula("y ~ x", estimator=name, **options)
    assert old.covariance == row.covariance != "classical"
    with pytest.raises(SpecError, match="takes covariance"):
        parse_formula("y ~ x", covariance=row.covariance)


@pytest.mark.parametrize(
    ("options", "say"),
    [
        ({"drivers": ["z"]}, r"option 'drivers' is \['z'\], the formula says \['log\(x\)'\]"),
        ({"outcome": "z"}, "option 'outcome' is 'z', the formula says 'y'"),
        ({"effects": ["country"]}, r"option 'effects' is \['country'\], the formula says"),
        ({"derive": {"log(x)": {"of": "z", "as": "log"}}}, "'derive' makes 'log.x.' by another"),
    ],
)
def test_an_option_does_not_say_otherwise_than_the_formula(
    options: dict[str, object], say: str
) -> None:
    """What the formula says is not replaced; the same said twice is one thing."""
    with pytest.raises(SpecError, match=say):
        parse_formula("y ~ log(x) | year", **options)

    twice = parse_formula("y ~ log(x) | year", effects=["year"], drivers=["log(x)"])
    assert twice == parse_formula("y ~ log(x) | year")


@pytest.mark.parametrize(("key", "value"), [("by", 2), ("exponent", 3.0)])
def test_a_derivation_takes_no_option_that_it_does_not_use(key: str, value: float) -> None:
    """Distance goes with lags and differences, an exponent with powers."""
    with pytest.raises(ValidationError, match=f"'log' takes no '{key}'"):
        Derivation.model_validate({"of": "x", "as": "log", key: value})
