"""Stated coefficients, estimates with and without priors, groups and factors of a sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError, SpecError
from forecast.estimation.averaging.with_prior import beside_data_alone
from forecast.estimation.effects.coefficient_draws import coefficient_draws
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.projection.drivers.effects import model_growth
from forecast.projection.regressors import RegressorPath
from forecast.specs.changed import checked
from forecast.specs.model import ModelSpec
from forecast.specs.options.capital import CapitalSpec

PRIOR = {"x": {"mean": 0.075, "sd": 0.03, "source": "a test's own statement of a size"}}
CALIBRATED: dict[str, Any] = {
    "name": "stated", "label": "stated", "outcome": "y", "drivers": ["x"], "effects": ["year"],
    "estimator": "calibrated", "prior": PRIOR,
}  # fmt: skip


def _panel() -> Panel:
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product(
        [[f"C{i:02d}" for i in range(20)], range(2000, 2006)], names=["country", "year"]
    )
    frame = pd.DataFrame({"x": rng.normal(size=120)}, index=index)
    frame["y"] = 0.5 * frame["x"] + rng.normal(size=120)
    frame["part"] = np.repeat([15.0, 30.0, 35.0, 39.0], 30)
    groups = {"first_two": ("C00", "C01", "ZZZ")}
    return Panel(frame, source="made", groups=groups)


def test_a_calibrated_model_is_its_prior_whatever_the_data_say() -> None:
    """Mean and standard deviation as stated; the data's own slope stands beside it."""
    found = estimate(_panel(), ModelSpec(**CALIBRATED))
    other = estimate(_panel(), ModelSpec(**{**CALIBRATED, "effects": []}))
    draws = coefficient_draws(found, 200_000, np.random.default_rng(1))

    assert found.params.tolist() == other.params.tolist() == [0.075]
    assert found.std_errors.tolist() == pytest.approx([0.03])
    # 200,000 draws: four standard errors of a mean and of a standard deviation
    assert draws.mean() == pytest.approx(0.075, abs=4 * 0.03 / np.sqrt(200_000))
    assert draws.std() == pytest.approx(0.03, abs=4 * 0.03 / np.sqrt(400_000))
    least = estimate(_panel(), ModelSpec(**{**CALIBRATED, "estimator": "pooled", "prior": {}}))
    slope = least.params.iloc[least.terms.index("x")]
    assert found.stats["data_estimate_x"] == pytest.approx(slope, rel=1e-10)
    assert found.data_alone is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"drivers": ["x", "z"]}, "'z' has none"),
        ({"use_prior": False}, "'use_prior' is false"),
        ({"factors": ["part"]}, "takes no 'factors'"),
        ({"prior": {}}, "needs a table 'prior'"),
        (
            {"capital": {"share": 0.4, "rate": 0.1, "because": "a test's own reason for it"}},
            "outcome 'growth_tfp'",
        ),
    ],
)
def test_a_calibrated_model_states_all_it_has(change: dict[str, Any], said: str) -> None:
    """Nothing is left for the data to say."""
    with pytest.raises(SpecError, match=said):
        checked(ModelSpec, {**CALIBRATED, **change}, "")


def test_a_table_shows_a_model_with_and_without_its_prior() -> None:
    """The second is the estimate that the same model has when its prior is not used."""
    spec = ModelSpec(**{**CALIBRATED, "estimator": "pooled"})
    shown = beside_data_alone([estimate(_panel(), spec)])
    without = estimate(_panel(), ModelSpec(**{**CALIBRATED, "estimator": "pooled", "prior": {}}))

    assert [one.spec.name for one in shown] == ["stated", "stated_data_alone"]
    np.testing.assert_allclose(shown[1].params, without.params, rtol=1e-12)
    np.testing.assert_allclose(shown[1].cov, without.cov, rtol=1e-12)
    assert not shown[1].spec.use_prior


def test_a_group_stands_for_its_members() -> None:
    """Members that the panel has not are no mistake; a name that is nothing is."""
    base = {**CALIBRATED, "estimator": "pooled", "prior": {}}
    by_group = estimate(_panel(), ModelSpec(**base, sample={"exclude": ["first_two"]}))
    by_name = estimate(_panel(), ModelSpec(**base, sample={"exclude": ["C00", "C01"]}))
    assert by_group.params.tolist() == by_name.params.tolist()
    assert by_group.n_countries == 18
    only = ModelSpec(**base, covariance="classical", sample={"include": ["first_two"]})
    assert estimate(_panel(), only).n_countries == 2
    with pytest.raises(EstimationError, match="did you mean 'first_two'"):
        estimate(_panel(), ModelSpec(**base, sample={"exclude": ["first_tow"]}))


@pytest.mark.parametrize("estimator", ["pooled", "random_effects", "correlated_random_effects"])
def test_a_factor_is_its_dummies(estimator: str) -> None:
    """As with the dummies written out as drivers, the smallest value left out."""
    panel = _panel()
    written = panel.with_columns(
        **{f"d{v}": (panel.frame["part"] == v).astype(float) for v in (30, 35, 39)}
    )
    base = {**CALIBRATED, "estimator": estimator, "prior": {}}
    by_factor = estimate(panel, ModelSpec(**base, factors=["part"]))
    by_hand = estimate(written, ModelSpec(**{**base, "drivers": ["x", "d30", "d35", "d39"]}))

    places = [by_hand.terms.index(t) for t in ("x", "d30", "d35", "d39")]
    own = [by_factor.terms.index(t) for t in ("x", "part[30]", "part[35]", "part[39]")]
    np.testing.assert_allclose(by_factor.params.iloc[own], by_hand.params.iloc[places], rtol=1e-10)
    np.testing.assert_allclose(
        by_factor.cov[np.ix_(own, own)], by_hand.cov[np.ix_(places, places)], rtol=1e-9
    )


def test_capital_follows_to_one_over_one_less_its_share() -> None:
    """Productivity 1 % higher for good ends in 1 / (1 - 0.4) % more output, at rate 0.09 x 0.6."""
    years = 400
    zeros = np.zeros((years, 1))
    step = np.zeros((years, 1))
    step[0] = 1.0
    here = RegressorPath(terms=("x",), level=zeros, slope=zeros)
    there = RegressorPath(terms=("x",), level=step, slope=zeros)
    rule = CapitalSpec(share=0.4, rate=0.09, because="a test's own reason for both")
    gap = np.zeros((1, years))
    level = np.cumsum(model_growth(np.ones((1, 1)), here, there, gap, rule)[0])
    plain = np.cumsum(model_growth(np.ones((1, 1)), here, there, gap)[0])

    np.testing.assert_allclose(plain, 1.0, rtol=1e-12)
    assert level[0] == pytest.approx(1.0)
    assert level[-1] == pytest.approx(1 / 0.6, rel=1e-8)
    rest = (1 / 0.6 - level) / (1 / 0.6 - 1)
    np.testing.assert_allclose(rest, (1 - 0.09 * 0.6) ** np.arange(years), atol=1e-12)
