"""The hierarchical sampler's linear systems against dense algebra."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import multivariate_normal

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.timeseries.hierarchical.chain_diagnostics import effective_size, split_r_hat
from forecast.timeseries.hierarchical.factor import factor_evidence, factor_system
from forecast.timeseries.hierarchical.momentum import momentum_system
from forecast.timeseries.hierarchical.record import HierarchicalPrior
from forecast.timeseries.hierarchical.targets import first_clubs, speeds, target_table

N, T, PHI = 3, 7, 0.8
RNG = np.random.default_rng(8)
STD = np.array([0.5, 2.0, 1.3])
VOLATILITY = np.exp(0.3 * RNG.standard_normal((N, T)))
WEIGHT = 1 / RNG.uniform(0.5, 3.0, (N, T)) ** 2
WEIGHT[1, 2:4] = 0.0  # two years that are not seen
R = RNG.normal(0, 2, (N, T))


def _cov(std: float, volatility: Array) -> Array:
    """Return the covariance of one economy's momentum, from its moving average."""
    root = np.zeros((T, T))
    for t in range(T):
        for s in range(t + 1):
            size = std * volatility[s] * (1.0 if s == 0 else np.sqrt(1 - PHI**2))
            root[t, s] = size * PHI ** (t - s)
    return root @ root.T


def _dense(i: int, std: float) -> tuple[Array, Array, Array]:
    seen = WEIGHT[i] > 0
    cov = _cov(std, VOLATILITY[i])
    return seen, cov, cov[np.ix_(seen, seen)] + np.diag(1 / WEIGHT[i, seen])


def test_momentum_likelihood_is_the_dense_normals() -> None:
    """A change of the momentum's size moves the log density as the dense normal density does."""
    wide = STD * np.array([1.5, 0.4, 3.0])
    found = [momentum_system(WEIGHT, std, VOLATILITY, PHI).log_likelihood(R) for std in (STD, wide)]
    expected = []
    for i in range(N):
        densities = []
        for std in (STD[i], wide[i]):
            seen, _, cov = _dense(i, std)
            densities.append(multivariate_normal(cov=cov).logpdf(R[i, seen]))
        expected.append(densities[1] - densities[0])

    assert_allclose(found[1] - found[0], expected, rtol=1e-10)


def test_momentum_draws_have_the_dense_posteriors_moments() -> None:
    """Means and covariances of 20,000 draws are those of conditioning a dense normal."""
    system = momentum_system(WEIGHT, STD, VOLATILITY, PHI)
    rng = np.random.default_rng(2)
    draws = np.array([system.draw(R, rng) for _ in range(20_000)])
    for i in range(N):
        seen, cov, total = _dense(i, STD[i])
        gain = np.linalg.solve(total, cov[seen]).T
        std = np.sqrt(np.diag(cov - gain @ cov[seen]))

        # Monte Carlo errors: 0.007 of a standard deviation for means, 0.5 % for its own.
        assert np.abs((draws[:, i].mean(axis=0) - gain @ R[i, seen]) / std).max() < 0.025
        assert_allclose(draws[:, i].std(axis=0), std, rtol=0.02)
        expected = (cov - gain @ cov[seen]) / np.outer(std, std)
        assert np.abs(np.corrcoef(draws[:, i].T) - expected).max() < 0.025


def test_factor_posterior_is_the_dense_normals() -> None:
    """Mean, covariance and likelihood of factor and drift equal dense conditioning."""
    speed, first = np.array([0.02, 0.1, 0.005]), (2.0, 1.5)
    u = RNG.normal(1, 2, (N, T))
    maps = []
    for i in range(N):
        lead = np.eye(T) - (1 - speed[i]) * np.eye(T, k=-1)
        maps.append(lead[WEIGHT[i] > 0])
    design, y = np.vstack(maps), np.concatenate([u[i, WEIGHT[i] > 0] for i in range(N)])
    noise = np.concatenate([1 / WEIGHT[i, WEIGHT[i] > 0] for i in range(N)])
    likelihoods, dense = [], []
    for s, q in ((0.7, 0.2), (1.4, 0.5)):
        # drift = first + cumulated changes; factor = cumulated drift and shocks.
        drift = np.hstack([np.full((T, 1), first[1]), q * np.tri(T)[:, 1:]])
        factor = np.tri(T) @ drift
        root = np.hstack([factor, s * np.tri(T)])
        mean = first[0] * np.arange(1.0, T + 1)
        total = design @ root @ root.T @ design.T + np.diag(noise)
        system = factor_system(factor_evidence(u, WEIGHT, speed), s, q, first)
        likelihoods.append(system.log_likelihood)
        dense.append(multivariate_normal(mean=design @ mean, cov=total).logpdf(y))
        gain = np.linalg.solve(total, design @ root @ root.T).T
        rng = np.random.default_rng(3)
        draws = np.array([system.draw(rng)[0] for _ in range(20_000)])
        std = np.sqrt(np.diag(root @ root.T - gain @ design @ root @ root.T))

        assert_allclose(system.mean[::2], mean + gain @ (y - design @ mean), rtol=1e-8)
        # Monte Carlo error of a standard deviation of 20,000 draws: 0.5 %.
        assert_allclose(draws.std(axis=0), std, rtol=0.025)

    assert_allclose(likelihoods[1] - likelihoods[0], dense[1] - dense[0], rtol=1e-8)


def test_target_table_integrates_target_and_momentum_out() -> None:
    """Ratios of the table's entries are those of dense normal densities."""
    prior = HierarchicalPrior(half_lives=(20.0, 100.0), groups=2)
    clubs = first_clubs(prior)
    gap = RNG.normal(-100, 20, (N, T))
    growth = np.where(WEIGHT > 0, R, 0.0)
    table = target_table(
        momentum_system(WEIGHT, STD, VOLATILITY, PHI), growth, gap, clubs, prior, leader=2
    )
    z = (np.log(prior.half_lives) - np.log(clubs.half_life)) / clubs.half_life_spread
    chance = np.exp(-0.5 * z**2)
    for i in range(N):
        seen, _, cov = _dense(i, STD[i])
        expected = np.empty((2, 2))
        for j, rate in enumerate(speeds(prior)):
            for k in range(2):
                centre, std = (0.0, prior.leader_std) if i == 2 else (clubs.means[k], clubs.within)
                mean = -rate * (gap[i, seen] - centre)
                total = cov + (rate * std) ** 2
                expected[j, k] = multivariate_normal(mean=mean, cov=total).logpdf(growth[i, seen])
        expected += np.log(chance / chance.sum())[:, None] + np.log(clubs.shares)

        assert_allclose(table.log[i] - table.log[i, 0, 0], expected - expected[0, 0], atol=1e-8)


def test_r_hat_and_effective_size_of_known_chains() -> None:
    """White noise is worth its length; an autoregression of 0.9 a nineteenth; apart is seen."""
    rng = np.random.default_rng(4)
    white = rng.standard_normal((2, 5000))
    slow = np.zeros((2, 20_000))
    for t in range(1, slow.shape[1]):
        slow[:, t] = 0.9 * slow[:, t - 1] + rng.standard_normal(2)

    assert abs(split_r_hat(white) - 1) < 0.002
    # Over repeated samples the estimate's own spread is some 5 % of white noise, 10 % of the other.
    assert_allclose(effective_size(white), 10_000, rtol=0.15)
    assert_allclose(effective_size(slow), 40_000 * 0.1 / 1.9, rtol=0.3)
    assert split_r_hat(white + np.array([[0.0], [2.0]])) > 1.3
    with pytest.raises(EstimationError, match="3 draws"):
        split_r_hat(white[:, :3])
