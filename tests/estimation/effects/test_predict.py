"""Predictions of every estimator: the level of the outcome, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.estimation.effects.predict import NO_INDEX, predict
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.estimators import ESTIMATORS
from forecast.specs.model import ModelSpec

OPTIONS: dict[str, dict[str, Any]] = {
    "difference_gmm": {"lags": 1, "gmm": {"instruments": {"y_lag1": {}}}},
    "system_gmm": {"lags": 1, "gmm": {"instruments": {"y_lag1": {}}}},
    "anderson_hsiao": {"lags": 1},
    "lsdvc": {"lags": 1, "lsdvc": {"draws": 0}},
    "hausman_taylor": {"hausman_taylor": {"endogenous": ["x1"]}},
    "sur": {"sur": {"equations": [{"outcome": "x3", "drivers": ["x1"]}]}},
    "iv": {"iv": {"endogenous": ["x1"], "instruments": ["x3"]}},
    "threshold": {"threshold": {"variable": "x3", "switching": ["x1"], "draws": 0}},
    "dynamic_cce": {"dynamic_cce": {"lags": 0}},
    "interactive_effects": {"interactive_effects": {"factors": 1}},
}
# Errors that a country shares are part of what is left: rows do not add up, these do.
COMPOSITE = {"between", "random_effects", "correlated_random_effects", "hausman_taylor"}
REFUSED = {"first_difference", "difference_gmm", "system_gmm", "anderson_hsiao", "threshold",
           "cce_mean_group", "cce_pooled", "dynamic_cce", "augmented_mean_group",
           "pooled_mean_group", "interactive_effects", "sur"}  # fmt: skip


def _sets(name: str) -> list[Sequence[str]]:
    allowed = ESTIMATORS[name].effects
    every = [[], ["country"], ["year"], ["country", "year"]]
    sets = [one for one in every if set(one) <= set(allowed)]
    sets = sets[1:] if "effects" in ESTIMATORS[name].needs else sets
    return sets[:1] if name in REFUSED else sets


CASES = [(name, effects) for name in ESTIMATORS if name != "calibrated" for effects in _sets(name)]


def _estimate(panel: Panel, name: str, effects: Sequence[str], **more: object) -> Estimate:
    raw = {"name": "m", "label": "m", "outcome": "y", "drivers": ["x1", "x2"]}
    options = OPTIONS.get(name, {})
    return estimate(
        panel,
        ModelSpec.model_validate({**raw, "estimator": name, "effects": effects, **options, **more}),
    )


@pytest.fixture(params=[1.0, 0.85], ids=["balanced", "holes"])
def panel(request: pytest.FixtureRequest, random_panel: Callable[..., Panel]) -> Panel:
    """Return a panel with years without a gap, so that lags exist."""
    full = random_panel(3, countries=15, years=14, kept=1.0).frame.reset_index()
    years = {year: 1990 + place for place, year in enumerate(sorted(full["year"].unique()))}
    frame = full.assign(year=full["year"].map(years)).set_index(["country", "year"])
    kept = np.random.default_rng(8).random(len(frame)) < request.param
    return Panel(frame[kept], source="made")


@pytest.mark.parametrize(("name", "effects"), CASES)
def test_prediction_and_residual_sum_to_the_outcome(
    panel: Panel, name: str, effects: Sequence[str]
) -> None:
    """Where there is a level; elsewhere there is a refusal, of a message of its own."""
    one = _estimate(panel, name, effects)
    if name in REFUSED or (name in COMPOSITE and effects):
        with pytest.raises(
            EstimationError, match=r"model 'm': .*(level|recovered|constants|outcomes)"
        ):
            predict(one, panel)
        return

    found = predict(one, panel)

    left = (panel.frame["y"] - found).dropna()
    country = left.index.get_level_values("country")
    if name == "between":
        assert_allclose(left.groupby(country).mean(), one.residuals.to_numpy(), atol=1e-11)
    elif name in COMPOSITE:
        rows = left.groupby(country).transform("size")
        variance = one.stats["sigma2_idios"], one.stats["sigma2_id"]
        theta = 1 - np.sqrt(variance[0] / (rows * variance[1] + variance[0]))
        expected = left - theta * left.groupby(country).transform("mean")
        assert_allclose(expected, one.residuals.to_numpy(), atol=1e-11)
    else:
        pd.testing.assert_index_equal(left.index, one.residuals.index)
        # the solver of two-way effects stops at 1e-10 of the largest
        assert_allclose(left, one.residuals, atol=1e-9)


@pytest.mark.parametrize("name", sorted(REFUSED - {*NO_INDEX, "sur"}))
def test_the_index_alone_is_given_where_it_is_asked_for(panel: Panel, name: str) -> None:
    """Differences of x'b between two rows of a country are right without its constant."""
    one = _estimate(panel, name, [])
    drivers = [term for term in one.terms if term in one.spec.drivers]
    columns = panel.frame.assign(y_lag1=panel.frame["y"].groupby("country").shift())[drivers]

    found = predict(one, panel, effects=False)

    start = one.params.iloc[one.terms.index("const")] if "const" in one.terms else 0.0
    slopes = [one.params.iloc[one.terms.index(term)] for term in drivers]
    both = pd.concat([found, start + columns @ slopes], axis=1).loc[found.notna()]
    steps = panel.frame.reset_index().groupby("country")["year"].diff().to_numpy() == 1
    both = both[steps[found.notna()]] if "y_lag1" in drivers else both
    assert_allclose(both.iloc[:, 0], both.iloc[:, 1], rtol=1e-12)


def test_an_unknown_country_has_no_slopes_of_its_own(panel: Panel) -> None:
    """A mean group predicts with a country's own coefficients, and the mean when asked."""
    some = panel.without(["K00"])
    one = _estimate(some, "mean_group", [])

    assert predict(one, panel).loc["K00"].isna().all()
    assert predict(one, panel, effects=False).notna().all()


def test_effects_with_a_prior_are_those_of_the_prior_coefficients(panel: Panel) -> None:
    """They make the mean error of every country and year zero, as least squares does."""
    prior = {"x1": {"mean": 0.0, "sd": 0.01, "source": "Made, so that it weighs much."}}
    one = _estimate(panel, "within", ["country", "year"], prior=prior)

    left = panel.frame["y"] - predict(one, panel)

    for level in ("country", "year"):
        assert_allclose(left.groupby(level).mean(), 0, atol=1e-9)
