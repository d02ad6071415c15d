"""Heavy tails and common volatility against known truth and each other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import EstimationError
from forecast.timeseries.bvar.heavy_tails import draw_bvar_heavy_tails
from forecast.timeseries.bvar.posterior import bvar_posterior, draw_bvar, largest_root
from forecast.timeseries.bvar.prior import BvarPrior
from forecast.timeseries.bvar.volatility import draw_bvar_volatility

Array = NDArray[np.float64]

A = np.array([[0.5, 0.1, 0.0], [0.0, 0.4, 0.1], [0.1, 0.0, 0.6]])
PRIOR = BvarPrior(lags=1, overall=0.5)


def _series(sizes: Array, rng: np.random.Generator) -> Array:
    y = np.zeros((len(sizes), 3))
    for t in range(1, len(sizes)):
        y[t] = 1 + A @ y[t - 1] + sizes[t] * rng.standard_normal(3)
    return y


def test_heavy_tails_are_found_where_they_are() -> None:
    """Student t shocks with 4 degrees of freedom are recognised; normal ones are not mistaken."""
    rng = np.random.default_rng(1)
    heavy = _series(np.sqrt(4 / rng.chisquare(4, size=150)), rng)
    normal = _series(np.ones(150), rng)
    found = draw_bvar_heavy_tails(heavy, PRIOR, 800, rng).tails
    other = draw_bvar_heavy_tails(normal, PRIOR, 800, rng).tails

    # With 450 shocks the posterior of 4 lies within 3 to 8; that of infinity above 10.
    assert found is not None
    assert other is not None
    assert 3 <= np.quantile(found, 0.05) <= np.quantile(found, 0.95) <= 8
    assert np.quantile(other, 0.05) >= 10


def test_one_odd_year_moves_heavy_tailed_estimates_less() -> None:
    """A year 12 deviations out shifts the constants less under t shocks than under normal ones."""
    rng = np.random.default_rng(2)
    clean = _series(np.ones(60), rng)
    odd = clean.copy()
    odd[30] += 12.0
    normal = [bvar_posterior(y, PRIOR).mean[0] for y in (clean, odd)]
    heavy = [
        draw_bvar_heavy_tails(y, PRIOR, 2000, np.random.default_rng(3)).coefficients.mean(axis=0)
        for y in (clean, odd)
    ]

    assert np.abs(heavy[1] - heavy[0]).max() < 0.6 * np.abs(normal[1] - normal[0]).max()


def test_near_normal_tails_give_the_conjugate_posterior() -> None:
    """With a million degrees of freedom the sampler's draws are the closed form's."""
    y = _series(np.ones(50), np.random.default_rng(4))
    exact = draw_bvar(bvar_posterior(y, PRIOR), 6000, np.random.default_rng(5))
    found = draw_bvar_heavy_tails(y, PRIOR, 6000, np.random.default_rng(6), grid=[1e6])

    # Sweeps are then independent, so exact draws: twelve tests, each failing one in 10,000.
    for i in range(4):
        for j in range(3):
            one, two = exact.coefficients[:, i, j], found.coefficients[:, i, j]
            assert stats.ks_2samp(one, two).pvalue > 1e-4


def test_volatility_is_tracked() -> None:
    """The path of h, its level free, follows the truth and covers it; persistence is found."""
    rng = np.random.default_rng(7)
    h = np.zeros(100)
    for t in range(1, 100):
        h[t] = 0.9 * h[t - 1] + 0.4 * rng.standard_normal()
    parameters, path = draw_bvar_volatility(_series(np.exp(h / 2), rng), PRIOR, 800, rng)
    truth = h[1:] - h[1:].mean()
    centred = path - path.mean(axis=1, keepdims=True)
    low, high = np.quantile(centred, [0.1, 0.9], axis=0)

    assert parameters.volatility is not None
    # Three shocks a year tell h with a standard error near 0.5, against a spread of 0.9.
    assert np.corrcoef(centred.mean(axis=0), truth)[0, 1] > 0.7
    # 99 years, their errors correlated: about 20 independent ones; four standard errors.
    assert abs(((low < truth) & (truth < high)).mean() - 0.8) < 4 * np.sqrt(0.16 / 20)
    assert np.quantile(parameters.volatility[:, 1], 0.95) > 0.8
    assert_allclose(parameters.volatility[:, 0], path[:, -1])


def test_explosive_draws_are_left_out() -> None:
    """Both samplers keep only draws below the largest root asked for, and count the rest."""
    y = np.cumsum(np.random.default_rng(8).standard_normal((60, 3)), axis=0)
    prior = BvarPrior(lags=1, own_lag=(1, 1, 1), overall=0.3)
    tails = draw_bvar_heavy_tails(y, prior, 400, np.random.default_rng(9), max_root=1.0)

    assert largest_root(tails.coefficients, 1).max() < 1
    assert tails.rejected > 0.01


def test_degrees_of_freedom_without_variance_are_refused() -> None:
    """A grid that reaches 2 would promise shocks without a variance."""
    with pytest.raises(EstimationError, match="above 2"):
        draw_bvar_heavy_tails(np.zeros((30, 3)), PRIOR, 10, np.random.default_rng(1), grid=[2.0])


@pytest.mark.slow
def test_volatility_sampler_agrees_with_its_prior_and_likelihood() -> None:
    """Geweke (2004): alternating data and parameters returns the prior of phi and of std.

    One sweep of the sampler on h given squares drawn from h leaves the prior unchanged, if every
    conditional is right.
    """
    from forecast.timeseries.bvar import volatility as module

    rng = np.random.default_rng(10)
    chains, years, n = 4000, 12, 3
    phi = np.clip(0.8 + 0.2 * rng.standard_normal(20 * chains), -5, 5)
    phi = phi[np.abs(phi) < module.LARGEST][:chains]
    std = np.sqrt(0.05 * 4 / rng.chisquare(6, size=chains))
    h = np.zeros((years, chains))
    h[0] = std / np.sqrt(1 - phi**2) * rng.standard_normal(chains)
    for t in range(1, years):
        h[t] = phi * h[t - 1] + std * rng.standard_normal(chains)
    first = phi, std, h[-1], h.std(axis=0)
    for _ in range(15):
        squares = np.exp(h) * rng.chisquare(n, size=h.shape)
        h = module._draw_path(h, squares, n, phi, std, rng)
        std = module._draw_std(h, phi, rng)
        phi = module._draw_persistence(h, phi, std, rng)

    # Equal laws: independent chains, four tests, each failing one in a thousand.
    for before, after in zip(first, (phi, std, h[-1], h.std(axis=0)), strict=True):
        assert stats.ks_2samp(before, after).pvalue > 1e-3
