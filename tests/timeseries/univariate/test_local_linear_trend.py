"""The damped local linear trend against R's Kalman filter and against known processes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.timeseries.univariate.local_linear_trend import (
    filter_trends,
    local_linear_trend_growth,
)
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries"


@pytest.mark.parametrize("case", ["0.2_0.6_0.5_1", "0.25_0.5_0.1_0.97", "0_1_2_0.94"])
def test_filtered_state_equals_r(case: str) -> None:
    """State, covariance and forecasts equal R's KalmanRun and KalmanForecast to 1e-5.

    R starts from a variance of 1e7 and this filter from infinity, which leaves about 1e-6.
    """
    growth = pd.read_csv(REFERENCE / "density_series.csv").query("series == 'china'")["value"]
    level = np.concatenate([[0.0], np.cumsum(growth.to_numpy())])
    rows = pd.read_csv(REFERENCE / "density_reference.csv")
    expected = rows[(rows["series"] == "china_level") & (rows["model"] == case)]
    expected = expected.set_index("name")["value"]
    point = np.array([float(part) for part in case.split("_")])

    state = filter_trends(level, point[None])[0]

    assert_allclose(state.mean, expected[["level", "slope"]], atol=1e-5)
    assert_allclose(state.cov[np.triu_indices(2)], expected[["p11", "p12", "p22"]], atol=1e-5)
    steps = np.arange(10)
    ahead = state.mean[0] + state.mean[1] * np.cumsum(point[3] ** steps)
    assert_allclose(ahead, expected[[f"forecast{i}" for i in range(1, 11)]], atol=1e-4)


def test_marginal_likelihood_is_that_of_the_differenced_series() -> None:
    """With noise in level only, growth is white around the slope: a known t likelihood."""
    growth = np.random.default_rng(1).normal(3, 2, 25)
    level = np.concatenate([[0.0], np.cumsum(growth)])
    state = filter_trends(level, np.array([[0.0, 1.0, 0.0, 1.0]]))[0]

    assert state.n_obs == 24
    assert_allclose(state.sum_squares, ((growth - growth.mean()) ** 2).sum(), rtol=1e-9)
    assert_allclose(state.mean[1], growth.mean(), rtol=1e-9)
    # Recursive one-step variances are 1 + 1/t, whose product over t = 1..24 is 25.
    assert_allclose(state.log_factors, np.log(25), rtol=1e-9)


def test_a_shift_in_growth_is_followed() -> None:
    """Growth that fell from 9 to 3 a dozen years ago is projected near 3, not near its mean."""
    rng = np.random.default_rng(2)
    growth = np.concatenate([np.full(20, 9.0), np.full(14, 3.0)]) + 0.4 * rng.standard_normal(34)
    density = local_linear_trend_growth(pd.Series(growth, index=range(1990, 2024)), 5, 5000, rng)

    assert abs(np.median(density.draws[:, 0]) - 3) < 0.7
    assert abs(density.point[0] - 3) < 0.7


def test_draws_average_to_the_exact_point_path() -> None:
    """The model is linear, so the draws' mean is the point path within five standard errors."""
    rng = np.random.default_rng(3)
    series = pd.Series(4 + rng.standard_normal(30), index=range(1990, 2020))
    density = local_linear_trend_growth(series, 15, 40_000, rng)
    error = density.draws.std(axis=0) / np.sqrt(40_000)

    assert (np.abs(density.draws.mean(axis=0) - density.point) < 5 * error).all()


def test_slope_is_damped_towards_the_long_run() -> None:
    """Far ahead the point path lies between today's slope and the long-run growth given."""
    rng = np.random.default_rng(4)
    series = pd.Series(8 + rng.standard_normal(30), index=range(1990, 2020))
    near = local_linear_trend_growth(series, 40, 100, rng, long_run=2.0)

    assert 2.0 < near.point[-1] < near.point[1]
    assert (np.diff(near.point[1:]) < 0).all()


def test_a_straight_line_is_refused() -> None:
    """Growth that never varies has no variance to estimate."""
    with pytest.raises(EstimationError, match="does not vary"):
        local_linear_trend_growth(
            pd.Series(4.0, index=range(1990, 2010)), 5, 10, np.random.default_rng(1)
        )
