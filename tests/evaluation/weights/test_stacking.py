"""Stacking weights in closed form and by their optimality; densities made step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.evaluation.weights.stacking import stack_models, stacking_weights
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def _spec(name: str, drivers: list[str], **options: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": name,
            "label": name,
            "outcome": "y",
            "drivers": drivers,
            "estimator": "pooled",
            "covariance": "classical",
            **options,
        }
    )


@pytest.mark.parametrize(("first", "second"), [(7, 5), (9, 3), (6, 6)])
def test_two_models_in_closed_form(first: int, second: int) -> None:
    """Where n1 countries have densities (a, b) and n2 (b, a), w = (n1 a - n2 b)/((n1+n2)(a-b))."""
    a, b = 0.9, 0.2
    scores = np.log(np.array([[a, b]] * first + [[b, a]] * second))
    weight = (first * a - second * b) / ((first + second) * (a - b))

    np.testing.assert_allclose(stacking_weights(scores)[0], min(weight, 1.0), atol=1e-5)


def test_a_dominated_model_gets_nothing() -> None:
    """A model worse in every country has weight zero; far-off densities do no harm."""
    scores = np.array([[-1.0, -3.0, -900.0], [-2.0, -2.5, -800.0], [-1.5, -4.0, -2000.0]])

    np.testing.assert_allclose(stacking_weights(scores), [1, 0, 0], atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_weights_are_optimal(seed: int) -> None:
    """The gradient is at most 1, and 1 wherever a weight is positive (Karush-Kuhn-Tucker)."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(130, 1)) * 5 + rng.normal(size=(130, 6)) * [1, 1, 1.5, 1, 0.5, 2]
    weights = stacking_weights(scores)
    density = np.exp(scores - scores.max(axis=1, keepdims=True))
    gradient = density.T @ (1 / (density @ weights)) / 130

    assert weights.sum() == pytest.approx(1) and weights.min() >= 0
    assert gradient.max() < 1 + 1e-7
    np.testing.assert_allclose(gradient[weights > 1e-4], 1, atol=1e-5)


def test_densities_step_by_step(random_panel: Callable[..., Panel]) -> None:
    """A country's score is the normal density around level and slopes made without it."""
    panel = random_panel(3)
    specs = [_spec("one", ["x1"]), _spec("two", ["x1", "x2"], effects=["year"])]
    found = stack_models(panel, specs)

    country = panel.countries()[4]
    rest, mine = panel.without([country]), panel.rows(country)
    for spec in specs:
        made = estimate(rest, spec)
        slopes = [made.terms.index(d) for d in spec.drivers]
        b, v = made.params.iloc[slopes], made.cov[np.ix_(slopes, slopes)]
        frame = rest.frame
        left = frame["y"] - frame[spec.drivers].to_numpy() @ b
        year = left.index.get_level_values("year")
        level = left.groupby(year).mean() if spec.effects else None
        left = left - (level.reindex(year).to_numpy() if level is not None else left.mean())
        groups = left.groupby(level="country")
        s2_e = ((left - groups.transform("mean")) ** 2).sum() / (len(left) - groups.ngroups)
        s2_u = max((groups.mean() ** 2).mean() - s2_e * (1 / groups.size()).mean(), 0)
        base = (
            level.reindex(mine.index).to_numpy()
            if level is not None
            else (frame["y"] - frame[spec.drivers].to_numpy() @ b).mean()
        )
        x = mine[spec.drivers].to_numpy()
        cov = s2_e * np.eye(len(x)) + s2_u + x @ v @ x.T
        expected = stats.multivariate_normal(base + x @ b, cov).logpdf(mine["y"])
        np.testing.assert_allclose(found.scores.loc[country, spec.name], expected, rtol=1e-9)
    assert found.gap < 1e-8


def test_the_better_model_gets_the_weight(random_panel: Callable[..., Panel]) -> None:
    """Noise for a driver earns next to no weight beside the drivers that made the outcome."""
    panel = random_panel(3, countries=30)
    noise = np.random.default_rng(1).normal(size=len(panel.frame))
    panel = panel.with_columns(noise=panel.frame["x1"] * 0 + noise)
    found = stack_models(
        panel,
        [
            _spec("right", ["x1", "x2", "x3"], effects=["year"]),
            _spec("wrong", ["noise"]),
            _spec("inside", ["x1"], estimator="within", effects=["country", "year"]),
        ],
    )

    # countries' levels move with x1, so that 'right' and 'inside' each see what the other misses
    assert found.weights["right"] > found.weights["inside"] > found.weights["wrong"]
    assert found.weights["wrong"] < 0.05
    assert found.log_score >= found.scores.mean().max() - 1e-9
    assert list(found.tidy()["model"]) == ["right", "wrong", "inside"]


def test_what_cannot_be_stacked_is_refused(random_panel: Callable[..., Panel]) -> None:
    """One model, or two outcomes, cannot be compared."""
    panel = random_panel(3)
    with pytest.raises(EstimationError, match="at least 2"):
        stack_models(panel, [_spec("one", ["x1"])])
    with pytest.raises(EstimationError, match="different outcomes"):
        stack_models(panel, [_spec("one", ["x1"]), _spec("two", ["x2"], outcome="x1")])
