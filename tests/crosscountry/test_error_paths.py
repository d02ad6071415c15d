"""Joint errors of several horizons: margins and dependence."""

import numpy as np
from numpy.testing import assert_allclose
from scipy.stats import kstest, spearmanr, t

from forecast.crosscountry.error_paths import path_shocks

DEGREES = np.array([3.0, 8.0])


def _past(count: int) -> np.ndarray:
    """Return normal errors with correlation 0.8, far from standardised."""
    rng = np.random.default_rng(3)
    first = rng.standard_normal(count)
    return np.stack([5 * first, 0.1 * (0.8 * first + 0.6 * rng.standard_normal(count))])


def test_margins_are_the_densities() -> None:
    """All past vectors drawn once: each margin is its Student t, however the errors were scaled.

    Ranks of 2,000 fill the quantiles at equal steps, so the distance is under one step.
    """
    shocks = path_shocks(_past(2000), DEGREES, 2000, np.random.default_rng(4))

    for column, degrees in zip(shocks.T, DEGREES, strict=True):
        assert kstest(column, t(degrees).cdf).statistic < 1 / 2000


def test_dependence_is_the_past() -> None:
    """Rank correlation of all vectors drawn is that of the past errors."""
    past = _past(500)

    shocks = path_shocks(past, DEGREES, 500, np.random.default_rng(5))

    assert_allclose(spearmanr(*shocks.T).statistic, spearmanr(*past).statistic, rtol=1e-12)


def test_few_vectors_move_together() -> None:
    """With fewer than thirty whole vectors one chance moves all horizons."""
    past = _past(60)
    past[0, 20:] = np.nan

    shocks = path_shocks(past, DEGREES, 50, np.random.default_rng(6))

    chances = t(DEGREES).cdf(shocks)
    assert_allclose(chances[:, 0], chances[:, 1], rtol=1e-9)
