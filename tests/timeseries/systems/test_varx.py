"""The Bayesian VARX against its closed form, least squares and simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from forecast.errors import EstimationError
from forecast.timeseries.systems import varx
from forecast.timeseries.systems.varx import (
    MAX_ROOT,
    VarxPrior,
    draw_varx,
    simulate_varx,
    varx_posterior,
)

Array = NDArray[np.float64]

A = np.array([[0.4, 0.1, 0.0], [-0.2, 0.3, 0.1], [0.0, 0.2, 0.2]])
B0, B1 = np.array([0.3, -0.1, 0.0]), np.array([-0.2, 0.1, 0.1])
CONSTANT = np.array([1.0, 0.5, 2.0])
ROOT = np.array([[1.0, 0, 0], [0.4, 0.8, 0], [-0.2, 0.1, 0.6]])
LOOSE = VarxPrior(lag=1e5, impact=1e5, long_run=1e5)


def _simulated(t: int, rng: np.random.Generator, lag: Array = A) -> tuple[Array, Array]:
    growth = 5 + rng.standard_normal(t + 50)
    state, rows = np.zeros(3), []
    for s in range(1, t + 50):
        state = (
            CONSTANT
            + lag @ state
            + B0 * growth[s]
            + B1 * growth[s - 1]
            + ROOT @ rng.standard_normal(3)
        )
        rows.append(state)
    return np.array(rows)[-t:], growth[-t:]


def _regressors(variables: Array, growth: Array) -> Array:
    return np.column_stack([np.ones(len(growth) - 1), variables[:-1], growth[1:], growth[:-1]])


def test_posterior_equals_the_textbook_formula() -> None:
    """Mean, row covariance and scale equal the normal-inverse-Wishart update, term by term."""
    variables, growth = _simulated(30, np.random.default_rng(1))
    prior = VarxPrior(lag=0.3, impact=0.6, long_run=0.2)
    posterior = varx_posterior(variables, growth, prior)

    spread = []
    for column in variables.T:
        x = np.column_stack([np.ones(29), column[:-1]])
        resid = column[1:] - x @ np.linalg.lstsq(x, column[1:], rcond=None)[0]
        spread.append(np.sqrt(resid @ resid / 27))
    s, s_g = np.array(spread), growth.std(ddof=1)
    precision = np.zeros((6, 6))
    precision[0, 0] = 1e-12
    precision[1:4, 1:4] = np.diag((s / prior.lag) ** 2)
    # b0 ~ (impact / s_g)^2 and b0 + b1 ~ (long_run / s_g)^2, independent.
    precision[4, 4] = (s_g / prior.impact) ** 2
    precision[4:, 4:] += (s_g / prior.long_run) ** 2
    x, y = _regressors(variables, growth), variables[1:]
    row_cov = np.linalg.inv(precision + x.T @ x)
    mean = row_cov @ x.T @ y
    scale = (len(s) + 2) * np.diag(s**2) + y.T @ y - mean.T @ np.linalg.inv(row_cov) @ mean

    # The free constant makes the brute-force inverse lose a few digits.
    assert_allclose(posterior.mean, mean, rtol=1e-8, atol=1e-10)
    assert_allclose(posterior.row_cov, row_cov, rtol=1e-8, atol=1e-12)
    assert_allclose(posterior.scale, scale, rtol=1e-8)
    assert posterior.dof == 3 + 2 + 29


def test_loose_prior_is_least_squares() -> None:
    """With prior standard deviations of 1e5 the mean is the least-squares estimate."""
    variables, growth = _simulated(40, np.random.default_rng(2))
    expected = np.linalg.lstsq(_regressors(variables, growth), variables[1:], rcond=None)[0]

    # The prior's relative weight is 1e-10 of the data's.
    assert_allclose(varx_posterior(variables, growth, LOOSE).mean, expected, atol=1e-7)


def test_tight_prior_is_the_sample_mean() -> None:
    """With every coefficient held at zero only the means remain."""
    variables, growth = _simulated(40, np.random.default_rng(2))
    mean = varx_posterior(variables, growth, VarxPrior(lag=1e-6, impact=1e-6, long_run=1e-6)).mean

    assert_allclose(mean[0], variables[1:].mean(axis=0), rtol=1e-6)
    assert_allclose(mean[1:], 0, atol=1e-6)


def test_draws_have_the_posterior_moments() -> None:
    """Means of drawn coefficients and covariance equal the closed form within 5 MC errors."""
    variables, growth = _simulated(60, np.random.default_rng(3))
    posterior = varx_posterior(variables, growth)
    draws = draw_varx(posterior, 40_000, np.random.default_rng(4))

    error = draws.coefficients.std(axis=0) / 200
    assert (np.abs(draws.coefficients.mean(axis=0) - posterior.mean) < 5 * error).all()
    expected = posterior.scale / (posterior.dof - 3 - 1)
    error = draws.sigma.std(axis=0) / 200
    assert (np.abs(draws.sigma.mean(axis=0) - expected) < 5 * error).all()
    # Var(b) = row_cov (x) E(Sigma), exactly.
    variance = np.outer(np.diag(posterior.row_cov), np.diag(expected))
    assert_allclose(draws.coefficients.var(axis=0), variance, rtol=0.05)


def test_ninety_percent_intervals_cover_the_truth() -> None:
    """Over 200 simulated samples the 90 % intervals of A hold the truth about 90 % of the time."""
    rng = np.random.default_rng(5)
    inside = []
    for _ in range(200):
        variables, growth = _simulated(150, rng)
        draws = draw_varx(varx_posterior(variables, growth, LOOSE), 400, rng)
        low, high = np.quantile(draws.lag, [0.05, 0.95], axis=0)
        inside.append((low <= A) & (high >= A))

    # 1800 correlated trials; 150 years, since under a loose prior the degrees of freedom count
    # the coefficients as if they were known (0.85 with 60 years).
    assert 0.86 < np.mean(inside) < 0.94


def test_explosive_draws_are_refused() -> None:
    """No draw kept has a root above the limit, even when the data are a random walk."""
    rng = np.random.default_rng(6)
    variables = np.cumsum(rng.standard_normal((40, 2)), axis=0)
    posterior = varx_posterior(variables, rng.standard_normal(40), LOOSE)
    draws = draw_varx(posterior, 2000, np.random.default_rng(7))
    free = posterior.mean[1:3]

    assert np.abs(np.linalg.eigvals(draws.lag)).max() < MAX_ROOT
    assert len(draws.coefficients) == 2000
    assert draws.rejected > 0.01
    assert np.abs(np.linalg.eigvals(free)).max() > 0.6


def test_a_hopelessly_explosive_system_is_an_error() -> None:
    """When hardly any draw is stable the message says so."""
    t = np.arange(40)
    rng = np.random.default_rng(8)
    variables = (1.2**t)[:, None] * np.ones((40, 2)) + 0.01 * rng.standard_normal((40, 2))

    with pytest.raises(EstimationError, match="stable"):
        draw_varx(varx_posterior(variables, rng.standard_normal(40), LOOSE), 50, rng)


def test_simulation_without_shocks_is_the_recursion() -> None:
    """With Sigma zero a path equals the recursion computed by hand."""
    variables, growth = _simulated(40, np.random.default_rng(9))
    draws = draw_varx(varx_posterior(variables, growth), 3, np.random.default_rng(1))
    still = type(draws)(
        coefficients=draws.coefficients, root=np.zeros_like(draws.root), rejected=0.0
    )
    path = np.array([[4.0, 5.0, 6.0], [4.0, 4.0, 4.0], [0.0, 1.0, 0.0]])

    out = simulate_varx(still, variables[-1], growth[-1], path, np.random.default_rng(1))

    for i in range(3):
        state, before = variables[-1], growth[-1]
        for t in range(3):
            state = np.concatenate([[1.0], state, [path[i, t], before]]) @ draws.coefficients[i]
            before = path[i, t]
            assert_allclose(out[i, t], state, rtol=1e-12)


def test_long_run_mean_is_the_fixed_point() -> None:
    """Along constant growth the average of long paths tends to (I - A)^-1 (c + (B0 + B1) g)."""
    variables, growth = _simulated(300, np.random.default_rng(10))
    draws = draw_varx(varx_posterior(variables, growth, LOOSE), 4000, np.random.default_rng(1))
    g = np.full((4000, 60), 5.0)
    out = simulate_varx(draws, variables[-1], growth[-1], g, np.random.default_rng(2))
    b = draws.coefficients
    forcing = b[:, 0] + 5 * (b[:, 4] + b[:, 5])
    fixed = np.linalg.solve(np.eye(3) - draws.lag, forcing[:, :, None])[:, :, 0]
    average = out[:, 20:].mean(axis=1) - fixed

    assert (np.abs(average.mean(axis=0)) < 5 * average.std(axis=0) / np.sqrt(4000)).all()


def test_shocks_do_not_depend_on_the_path_of_growth() -> None:
    """Two growth paths with equal seeds differ by the effect of growth alone."""
    variables, growth = _simulated(40, np.random.default_rng(11))
    draws = draw_varx(varx_posterior(variables, growth), 200, np.random.default_rng(1))
    low, high = np.full((200, 8), 3.0), np.full((200, 8), 4.0)
    runs = [
        simulate_varx(draws, variables[-1], growth[-1], path, np.random.default_rng(2))
        for path in (low, high)
    ]
    n = 3

    assert_allclose(runs[1][:, 0] - runs[0][:, 0], draws.coefficients[:, 1 + n], atol=1e-9)


def test_inputs_are_not_altered_and_seeds_repeat() -> None:
    """Estimating and simulating leave arrays alone; equal seeds give equal draws."""
    variables, growth = _simulated(40, np.random.default_rng(12))
    copies = variables.copy(), growth.copy()
    first = draw_varx(varx_posterior(variables, growth), 100, np.random.default_rng(3))
    second = draw_varx(varx_posterior(variables, growth), 100, np.random.default_rng(3))

    assert_array_equal(first.coefficients, second.coefficients)
    assert_array_equal(variables, copies[0])
    assert_array_equal(growth, copies[1])


def test_bad_shapes_and_values_are_named() -> None:
    """A short history, a missing value and a mismatch of draws are errors."""
    variables, growth = _simulated(30, np.random.default_rng(13))
    with pytest.raises(EstimationError, match="at least 9"):
        varx_posterior(variables[:8], growth[:8])
    with pytest.raises(EstimationError, match="missing"):
        varx_posterior(np.where(variables == variables[3, 1], np.nan, variables), growth)
    draws = draw_varx(varx_posterior(variables, growth), 10, np.random.default_rng(1))
    with pytest.raises(EstimationError, match=r"must be \(10, horizon\)"):
        simulate_varx(draws, variables[-1], 5.0, np.zeros((9, 4)), np.random.default_rng(1))


def test_roots_are_judged_as_if_all_were_computed() -> None:
    """The shortcut by powers decides as the eigenvalues do, near the limit and far beyond it."""
    rng = np.random.default_rng(12)
    lag = rng.standard_normal((3000, 4, 4))
    largest = np.abs(np.linalg.eigvals(lag)).max(axis=1)
    lag *= (rng.choice([0.5, 0.97, 0.9799, 0.9801, 0.99, 9.0], 3000) / largest)[:, None, None]

    expected = np.abs(np.linalg.eigvals(lag)).max(axis=1) < varx.MAX_ROOT
    np.testing.assert_array_equal(varx._stable(lag), expected)
    assert 0.3 < expected.mean() < 0.7
