"""The shipped probability of passing: simulations with known truth."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

from forecast.crosscountry.crossing_pool import forecast_crossing_pool
from forecast.crosscountry.income_record import IncomeRecord
from forecast.crosscountry.passing import antithetic_walks, share_passing
from forecast.errors import DataError

VOLATILITY = 0.08
NAMES = [f"C{i:03}" for i in range(120)]
SHOCKS = antithetic_walks(np.random.default_rng(0), 2000, 10)


def _levels(changes: np.ndarray, seed: int) -> np.ndarray:
    """Return levels that start anywhere from 15 to 120 % of the line and follow ``changes``."""
    start = np.random.default_rng(seed).uniform(np.log(0.15), np.log(1.2), changes.shape[1])
    return start + changes.cumsum(axis=0)


def _record(levels: np.ndarray, premium: np.ndarray) -> IncomeRecord:
    years = range(1962, 1962 + len(levels))
    frames = [pd.DataFrame(values, index=years, columns=NAMES) for values in (levels, premium)]
    return IncomeRecord(relative=frames[0], premium=frames[1])


@pytest.mark.parametrize("horizon", [1, 5, 10])
def test_a_random_walk_is_recognised(horizon: int) -> None:
    """Where incomes are driftless walks the pool's probabilities are near the true ones.

    True: draws of that walk. Regression on 120 economies and 20 to 30 years: a mean distance of
    0.03 is three times what was seen with other seeds' walks; a walk of half or twice the
    volatility is further away than that.
    """
    changes = np.random.default_rng(1).normal(0, VOLATILITY, (40, len(NAMES)))
    record = _record(_levels(changes, 2), np.zeros(changes.shape))
    distance = np.linspace(0.02, 1.2, len(NAMES))

    found = forecast_crossing_pool(record, NAMES, distance, (horizon,), SHOCKS)[horizon]

    still = np.zeros(len(NAMES))
    true, half, double = (
        share_passing(-distance, still, still + s * VOLATILITY, SHOCKS[:, :horizon])
        for s in (1, 0.5, 2)
    )
    off = np.abs(found - true).mean()
    assert off < 0.03
    assert off < min(np.abs(half - true).mean(), np.abs(double - true).mean())


def test_what_leads_income_is_used() -> None:
    """Where the premium announces half of next year's change, probabilities follow it.

    Two economies equally far away, one with a premium of two deviations, one of minus two: the
    true chances of a rise above 0.05 are the normal tails given the premium.
    """
    rng = np.random.default_rng(3)
    premium = rng.normal(0, 0.1, (40, len(NAMES)))
    changes = rng.normal(0, 0.05, premium.shape)
    changes[1:] += 0.5 * premium[:-1]
    premium[-1] = 0.0
    premium[-1, :2] = 0.2, -0.2
    record = _record(_levels(changes, 4), premium)

    found = forecast_crossing_pool(record, NAMES[:2], np.full(2, 0.05), (1,), SHOCKS)[1]

    # the premium is taken less its ten-year mean, which moves it by a few hundredths
    true = norm.sf((0.05 - 0.5 * np.array([0.2, -0.2])) / 0.05)
    assert_allclose(found, true, atol=0.1)
    assert found[0] - found[1] > 0.6


def test_no_past_leaves_the_walk() -> None:
    """With eleven years nothing can be learned for five ahead: the plain walk is left."""
    changes = np.random.default_rng(5).normal(0, VOLATILITY, (11, len(NAMES)))
    levels = _levels(changes, 6)
    distance = np.linspace(0.02, 1.2, len(NAMES))

    found = forecast_crossing_pool(_record(levels, 0 * levels), NAMES, distance, (5,), SHOCKS)[5]

    near = (levels[:-5] >= np.log(0.1)) & (levels[:-5] <= np.log(2.0))
    spread = np.sqrt(np.mean((levels[5:] - levels[:-5])[near] ** 2) / 5)
    still = np.zeros(len(NAMES))
    assert_allclose(found, share_passing(-distance, still, still + spread, SHOCKS[:, :5]))


def test_farther_is_never_likelier() -> None:
    """Of two economies that differ in distance alone the nearer one is the likelier to pass."""
    changes = np.random.default_rng(7).normal(0, VOLATILITY, (40, len(NAMES)))
    record = _record(_levels(changes, 8), np.zeros(changes.shape))
    distance = np.linspace(0.0, 1.6, 60)

    found = forecast_crossing_pool(record, [NAMES[0]] * 60, distance, (1, 10), SHOCKS)

    for probability in found.values():
        assert (np.diff(probability) <= 1e-12).all()
        assert 0 <= probability.min() <= probability.max() <= 1


def test_a_country_without_record_is_named() -> None:
    """A country that the record lacks is an error, not another country's forecast."""
    levels = _levels(np.zeros((12, len(NAMES))), 9)

    with pytest.raises(DataError, match="XXX"):
        forecast_crossing_pool(_record(levels, 0 * levels), ["XXX"], np.ones(1), (1,), SHOCKS)
