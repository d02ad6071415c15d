"""Coefficient draws follow the estimate's distribution, a mixture where it is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from forecast.errors import EstimationError
from forecast.estimation.effects.coefficient_draws import coefficient_draws
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def _estimate(panel: Panel, **options: Any) -> Estimate:
    return estimate(
        panel,
        ModelSpec.model_validate(
            {
                "name": "m",
                "label": "m",
                "outcome": "y",
                "drivers": ["x1", "x2"],
                "estimator": "pooled",
                "covariance": "classical",
                **options,
            }
        ),
    )


def test_normal_draws(random_panel: Callable[..., Panel]) -> None:
    """Draws have the estimate's mean and covariance, the constant left out."""
    found = _estimate(random_panel(1))
    draws = coefficient_draws(found, 200_000, np.random.default_rng(3))
    se = found.std_errors.iloc[1:]

    assert draws.shape == (200_000, 2)
    assert np.all(np.abs(draws.mean(axis=0) - found.params.iloc[1:]) < 4.5 * se / np.sqrt(200_000))
    # a covariance of 200,000 draws is known to 0.5 %
    scale = np.outer(se, se)
    np.testing.assert_allclose(np.cov(draws.T) / scale, found.cov[1:, 1:] / scale, atol=0.02)


def test_mixture_draws(random_panel: Callable[..., Panel]) -> None:
    """An average of models is drawn from its posterior, zeros included."""
    found = _estimate(random_panel(1), estimator="bma", drivers=["x3", "x1", "x2"])
    draws = coefficient_draws(found, 1000, np.random.default_rng(3))

    assert found.average is not None
    np.testing.assert_array_equal(draws, found.average.draw(1000, np.random.default_rng(3)))


def test_switching_coefficients_are_refused(random_panel: Callable[..., Panel]) -> None:
    """A threshold model has no one coefficient a driver."""
    rule = {"variable": "x3", "switching": ["x1"], "draws": 0}
    found = _estimate(random_panel(1), estimator="threshold", threshold=rule)

    with pytest.raises(EstimationError, match="'x1' has no one coefficient"):
        coefficient_draws(found, 10, np.random.default_rng(0))
