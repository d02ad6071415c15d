"""Growth and its prices in income: closed forms."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from forecast.income.income_lift import income_lift


def test_without_prices_income_moves_as_growth_does() -> None:
    """The cumulated growth, to the last bit."""
    growth = np.random.default_rng(1).normal(0, 1, (50, 12))

    assert_array_equal(income_lift(growth), np.cumsum(growth, axis=1))


def test_a_lasting_rise_of_one_point() -> None:
    """After t years the level is t, its three-year mean t - 1 from the second year on, 1/3 before.

    (1)/3, (2 + 1)/3, (3 + 2 + 1)/3, (4 + 3 + 2)/3: with elasticity e, income is t + e times that.
    """
    lifted = income_lift(np.ones(5), 0.3)

    assert_allclose(lifted, np.arange(1, 6) + 0.3 * np.array([1 / 3, 1, 2, 3, 4]), rtol=1e-14)


def test_one_year_s_growth_passes_on_within_three() -> None:
    """A point in the first year lifts the real rate for good, income by a third of it each year."""
    growth = np.array([1.0, 0, 0, 0, 0])

    assert_allclose(income_lift(growth, 0.6), [1.2, 1.4, 1.6, 1.6, 1.6], rtol=1e-14)
