"""The Theta method against R's thetaf, its definition and its own process."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.timeseries.univariate.theta import slope_variance, slope_weights, theta_growth
from places import ROOT

REFERENCE = ROOT / "tests" / "reference" / "timeseries"


@pytest.mark.parametrize("series", ["china", "nile", "huron", "www"])
def test_point_path_equals_r(series: str) -> None:
    """Ten forecasts equal thetaf's to 3e-4 of the errors' spread: R's simplex on alpha is coarse.

    Where alpha stands on its bound (all but Nile) the forecasts agree to 1e-6.
    """
    rows = pd.read_csv(REFERENCE / "smoothing_series.csv").query("series == @series")
    level = rows["value"].to_numpy()
    numbers = pd.read_csv(REFERENCE / "smoothing_reference.csv")
    expected = numbers[(numbers["series"] == series) & (numbers["model"] == "theta")]
    expected = expected.set_index("name")["value"]
    growth = pd.Series(np.diff(level), index=range(1, len(level)))
    density = theta_growth(growth, 10, 20, np.random.default_rng(1))
    ahead = level[-1] + np.cumsum(density.point)
    spread = float(density.notes["sigma"])

    assert_allclose(float(density.notes["trend"]), expected["slope"], rtol=1e-8)
    tolerance = 3e-4 if series == "nile" else 1e-6
    forecasts = expected[[f"forecast{step}" for step in range(1, 11)]].to_numpy()
    assert_allclose(ahead, forecasts, atol=tolerance * spread)


def test_slope_variance_is_that_of_simulated_slopes() -> None:
    """The variance of fitted slopes over 20,000 simulated series is the formula's within 4 %.

    The Monte Carlo error of a variance is sqrt(2 / 20000) = 1 %; four of them.
    """
    rng = np.random.default_rng(2)
    errors = rng.standard_normal((20_000, 40))
    alpha = 0.3
    level = alpha * (np.cumsum(errors, axis=1) - errors) + errors
    found = (level @ slope_weights(40)).var()

    assert_allclose(slope_variance(np.array([alpha]), 40)[0], found, rtol=0.04)


def _inside(repetitions: int) -> np.ndarray:
    """Return shares of truths within the 50, 80 and 95 % intervals, (3, horizons 1, 5, 10)."""
    rng = np.random.default_rng(12)
    alpha, years, total = 0.6, 45, 56
    drift_std = np.sqrt(slope_variance(np.array([alpha]), years + 1)[0])
    ranks = []
    for _ in range(repetitions):
        errors = rng.standard_normal(total)
        level = alpha * (np.cumsum(errors) - errors) + errors
        level += drift_std * rng.standard_normal() * np.arange(total)
        growth = pd.Series(np.diff(level), index=range(1950, 1949 + total))
        sums = theta_growth(growth.iloc[:years], 10, 500, rng).draws.cumsum(axis=1)
        ranks.append((sums < growth.iloc[years:].to_numpy().cumsum()).mean(axis=0)[[0, 4, 9]])
    away = np.abs(np.array(ranks) - 0.5)
    return np.array([(away < level / 2).mean(axis=0) for level in (0.5, 0.8, 0.95)])


@pytest.mark.parametrize("repetitions", [100, pytest.param(1500, marks=pytest.mark.slow)])
def test_growth_sums_are_covered(repetitions: int) -> None:
    """From 45 years of its own process, intervals of 1, 5 and 10 years cover at their rate.

    The process has a drift drawn around zero with the variance at which halving a slope is right.
    Nine shares within 3.5 binomial standard errors each.
    """
    level = np.array([0.5, 0.8, 0.95])[:, None]
    allowed = 3.5 * np.sqrt(level * (1 - level) / repetitions)

    assert (np.abs(_inside(repetitions) - level) < allowed).all()


def test_constant_growth_is_refused() -> None:
    """A straight line has no errors to learn a variance from."""
    with pytest.raises(EstimationError, match="does not vary"):
        theta_growth(pd.Series(3.0, index=range(2000, 2030)), 5, 10, np.random.default_rng(1))
