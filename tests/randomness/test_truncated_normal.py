"""Truncated normals against integrals, rejection sampling and far tails."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy import stats

from forecast.randomness.truncated_normal import log_between, truncated_normal, truncated_standard

Array = NDArray[np.float64]

COVARIANCE = np.array([[1.0, 0.7, -0.3], [0.7, 2.0, 0.4], [-0.3, 0.4, 1.5]])
MEAN = np.array([0.5, -1.0, 0.2])


def _draws(low: Array, high: Array, draws: int, seed: int) -> Array:
    mean = np.repeat(MEAN[None], draws, axis=0)
    covariance = np.repeat(COVARIANCE[None], draws, axis=0)
    return truncated_normal(mean, covariance, low, high, np.random.default_rng(seed))


def test_box_draws_equal_rejection_sampling() -> None:
    """Every margin and one linear combination has the law of normals kept when inside the box."""
    low, high = np.array([-0.5, 0.0, -np.inf]), np.array([0.8, np.inf, 0.5])
    found = _draws(low, high, 20_000, 1)
    many = np.random.default_rng(2).multivariate_normal(MEAN, COVARIANCE, 400_000)
    kept = many[((many > low) & (many < high)).all(axis=1)]

    assert ((found >= low) & (found <= high)).all()
    for direction in (*np.eye(3), np.array([1.0, -1.0, 2.0])):
        # Exact draws fail one such test in a thousand.
        assert stats.ks_2samp(found @ direction, kept @ direction).pvalue > 1e-3


def test_far_box_has_the_moments_of_its_integral() -> None:
    """Six deviations out in two correlated dimensions, means equal a numerical integral's."""
    covariance = np.array([[1.0, 0.8], [0.8, 1.0]])
    low, high = np.array([6.0, -np.inf]), np.array([np.inf, 3.0])
    draws = 20_000
    found = truncated_normal(
        np.zeros((draws, 2)),
        np.repeat(covariance[None], draws, axis=0),
        low,
        high,
        np.random.default_rng(3),
    )
    x, y = np.meshgrid(np.linspace(6, 12, 1201), np.linspace(-3, 3, 1201), indexing="ij")
    density = np.exp(
        -0.5
        * np.einsum("...i,ij,...j", np.dstack([x, y]), np.linalg.inv(covariance), np.dstack([x, y]))
    )
    wanted = [(v * density).sum() / density.sum() for v in (x, y)]

    # Five standard errors, deviations being about 0.2 and 0.3; the grid errs by half a step.
    assert_allclose(found.mean(axis=0), wanted, atol=0.012)


def test_each_draw_has_its_own_law() -> None:
    """Means and covariances may differ by draw: half near, half far."""
    draws = 20_000
    far = np.arange(draws) % 2 == 1
    mean = np.where(far[:, None], 3.0, 0.0) * np.ones((draws, 2))
    scale = np.where(far, 4.0, 1.0)[:, None, None]
    found = truncated_normal(
        mean, scale * np.eye(2), np.zeros(2), np.full(2, np.inf), np.random.default_rng(4)
    )
    near_mean = np.sqrt(2 / np.pi)
    far_mean = float(stats.truncnorm(-1.5, np.inf, loc=3, scale=2).mean())

    # Five standard errors of means of 10,000.
    assert_allclose(found[~far].mean(axis=0), near_mean, atol=5 * 0.61 / 100)
    assert_allclose(found[far].mean(axis=0), far_mean, atol=5 * 1.8 / 100)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.0), (8.0, 9.0), (-40.0, -39.5), (30.0, np.inf)])
def test_one_dimension_equals_scipy(low: float, high: float) -> None:
    """Draws have scipy's truncated normal distribution, however far out."""
    size = 20_000
    found = truncated_standard(np.full(size, low), np.full(size, high), np.random.default_rng(5))

    assert stats.kstest(found, stats.truncnorm(low, high).cdf).pvalue > 1e-3


def test_log_probability_is_accurate_in_tails() -> None:
    """log(Phi(b) - Phi(a)) holds where the difference of the two would be zero."""
    a, b = np.array([-1.0, 38.0, -50.0, 1.0]), np.array([1.0, 39.0, -45.0, 1.0 + 1e-6])
    wanted = [np.log(0.682689492137086), stats.norm.logsf(38), stats.norm.logcdf(-45)]

    # The first is printed to 15 digits; beyond 38 the other end is e^-38 smaller.
    assert_allclose(log_between(a, b)[:3], wanted, rtol=1e-12)
    # A sliver holds its width times the density, up to half its width.
    assert_allclose(log_between(a, b)[3], np.log(1e-6) + stats.norm.logpdf(1), atol=1e-6)
