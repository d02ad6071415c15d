"""Scenario growth: feedback in closed form, shared draws, invariants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.estimation.record import Estimate
from forecast.projection.drivers.effects import Effects, draw_effect_coefficients, growth_difference
from forecast.randomness.allot import allot
from forecast.randomness.streams import Streams
from forecast.specs.model import ModelSpec

YEARS = np.arange(2026, 2426)
OUTCOME = "growth_output_per_worker"


def _estimate(beta: float = 0.5, lam: float = -2.0, spread: float = 0.0) -> Estimate:
    spec = ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": OUTCOME,
            "drivers": ["gap_output_per_worker", "rd"],
            "estimator": "pooled",
        }
    )
    nothing = pd.Series(dtype=float)
    return Estimate(
        spec=spec,
        source="t",
        terms=("const", *spec.drivers),
        params=np.array([1.0, lam, beta]),
        cov=np.diag([1.0, spread**2, spread**2]),
        df_resid=100,
        n_obs=110,
        n_countries=20,
        n_years=6,
        first_year=1999,
        last_year=2024,
        dropped=0,
        r2=0.3,
        r2_within=0.1,
        r2_between=0.4,
        r2_overall=0.3,
        resid_std=2.0,
        residuals=nothing,
        anchors=pd.DataFrame(),
    )


def _paths(rise: float = 0.0) -> pd.DataFrame:
    index = pd.Index(range(2020, 2426), name="year")
    rd = np.where(index > 2025, 2.0 + rise, 2.0)
    return pd.DataFrame({"rd": rd}, index=index)


def _difference(estimate: Estimate, rise: float, draws: int = 200, seed: int = 0) -> np.ndarray:
    streams = Streams.of_seed(seed)
    coefficients = draw_effect_coefficients({"m": estimate}, {"m": 1.0}, draws, streams)
    gaps = {OUTCOME: np.full((draws, len(YEARS)), -1.0)}
    effects = Effects(
        coefficients=coefficients,
        estimates={"m": estimate},
        drivers=_paths(),
        gaps=gaps,
        years=YEARS,
        step=5,
    )
    return growth_difference(effects, _paths(rise))


def test_no_departure_is_the_baseline_exactly() -> None:
    """A scenario equal to the baseline differs by zero in every draw, coefficients uncertain."""
    assert not _difference(_estimate(spread=0.3), rise=0.0).any()


def test_first_year_effect_is_beta_times_the_change() -> None:
    """Growth rises at once by beta x the change, % a year."""
    assert _difference(_estimate(), rise=1.0)[:, 0] == pytest.approx(0.5)


def test_long_run_level_is_beta_over_lambda() -> None:
    """A lasting unit change raises the level by beta/|lambda| in logs (DESIGN: convergence)."""
    level = _difference(_estimate(), rise=1.0).sum(axis=1) / 100

    np.testing.assert_allclose(level, 0.5 / 2.0, rtol=1e-3)  # 400 years: exp(-8) is left


def test_feedback_is_the_geometric_series() -> None:
    """delta_t = beta (1 + lambda/100)^t: each year's gain closes the gap by itself."""
    found = _difference(_estimate(), rise=1.0)[0]

    np.testing.assert_allclose(found, 0.5 * 0.98 ** np.arange(len(YEARS)), rtol=1e-10)


def test_a_larger_push_is_larger_in_every_draw() -> None:
    """Same draws, positive coefficient: twice the departure gives twice the effect."""
    once, twice = (_difference(_estimate(spread=0.1), rise=r) for r in (1.0, 2.0))

    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12)


def test_coefficient_draws_have_the_estimates_moments() -> None:
    """Mean and standard deviation of 40,000 draws: within four standard errors of N(b, V)."""
    drawn = draw_effect_coefficients(
        {"m": _estimate(spread=0.3)}, {"m": 1.0}, 40_000, Streams.of_seed(3)
    ).beta["m"]

    np.testing.assert_allclose(drawn.mean(axis=0), [-2.0, 0.5], atol=4 * 0.3 / 200)
    np.testing.assert_allclose(drawn.std(axis=0), 0.3, rtol=4 / np.sqrt(2 * 40_000))


def test_allotment_is_stratified_and_shuffled() -> None:
    """Weights are met to one draw; codes are not in blocks."""
    codes = allot({"a": 0.5, "b": 0.3, "c": 0.2}, 1001, np.random.default_rng(0))

    counts = np.bincount(codes)
    assert np.abs(counts - 1001 * np.array([0.5, 0.3, 0.2])).max() <= 1
    assert (np.diff(codes) != 0).sum() > 300
