"""Simulated paths of the BVAR: moments, lags, heavy tails, volatility, coverage of the truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from forecast.errors import EstimationError
from forecast.randomness.inverse_wishart import inverse_wishart_roots
from forecast.timeseries.bvar import simulate as bvar_simulate
from forecast.timeseries.bvar.posterior import BvarDraws, bvar_posterior, draw_bvar
from forecast.timeseries.bvar.prior import BvarPrior
from forecast.timeseries.bvar.simulate import mean_path, simulate_bvar
from forecast.timeseries.bvar.tightness import choose_bvar_prior

Array = NDArray[np.float64]

B = np.array([[1.0, 0.5], [0.5, -0.2], [0.1, 0.4], [0.2, 0.1], [-0.1, 0.3]])
ROOT = np.array([[1.0, 0.0], [0.5, 0.8]])
HISTORY = np.array([[9.0, 9.0], [2.0, -1.0], [3.0, 1.0]])


def _known(draws: int, **more: Array) -> BvarDraws:
    return BvarDraws(
        coefficients=np.repeat(B[None], draws, axis=0),
        root=np.repeat(ROOT[None], draws, axis=0),
        lags=2,
        **more,
    )


def test_mean_path_follows_the_recursion_through_all_lags() -> None:
    """Without shocks each year is c + A1 y_{t-1} + A2 y_{t-2}; older history does not enter."""
    path = list(HISTORY[1:])
    for _ in range(6):
        path.append(B[0] + path[-1] @ B[1:3] + path[-2] @ B[3:5])

    # Rounding only.
    assert_allclose(mean_path(_known(3), HISTORY, 6)[1], path[2:], rtol=1e-12)


def test_simulated_moments_are_the_moving_average_ones() -> None:
    """Mean and covariance of simulated paths are those that the impulse responses imply."""
    draws, horizon = 40_000, 5
    paths = simulate_bvar(_known(draws), HISTORY, horizon, np.random.default_rng(1))
    response = [np.eye(2), B[1:3].T]
    for _ in range(horizon - 2):
        response.append(B[1:3].T @ response[-1] + B[3:5].T @ response[-2])
    sigma = ROOT @ ROOT.T
    wanted = sum(r @ sigma @ r.T for r in response)

    # Five standard errors: a mean's is 1/200 of a deviation, a variance's sqrt(2)/200 of itself.
    assert_allclose(
        paths.mean(axis=0), mean_path(_known(1), HISTORY, horizon)[0], atol=5 * 1.5 / 200
    )
    assert_allclose(np.cov(paths[:, -1].T), wanted, atol=5 * 2 * wanted.max() / 200)


def test_paths_do_not_depend_on_how_many_run_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carrying fewer draws forward at a time changes no number."""
    parameters = _known(25)
    whole = simulate_bvar(parameters, HISTORY, 4, np.random.default_rng(2))
    monkeypatch.setattr(bvar_simulate, "TOGETHER", 7)

    assert_array_equal(simulate_bvar(parameters, HISTORY, 4, np.random.default_rng(2)), whole)


def test_student_shocks_have_their_variance_and_kurtosis() -> None:
    """With 8 degrees of freedom, variance is 8/6 of Sigma and excess kurtosis 6/4."""
    draws = 200_000
    parameters = BvarDraws(
        coefficients=np.zeros((draws, 2, 1)),
        root=np.ones((draws, 1, 1)),
        lags=1,
        tails=np.full(draws, 8.0),
    )
    shocks = simulate_bvar(parameters, np.zeros((1, 1)), 1, np.random.default_rng(3))[:, 0, 0]

    # Variance: five standard errors. The eighth moment is at its limit, so kurtosis is rough.
    assert abs(shocks.var() - 8 / 6) < 5 * (8 / 6) * np.sqrt((4.5 - 1) / draws)
    assert abs((shocks**4).mean() / shocks.var() ** 2 - 4.5) < 0.3


def test_volatility_starts_from_the_last_year_and_returns() -> None:
    """Variance is E exp(h): from the last h at once, from the stationary h in the long run."""
    draws = 100_000
    parameters = BvarDraws(
        coefficients=np.zeros((draws, 2, 1)),
        root=np.ones((draws, 1, 1)),
        lags=1,
        volatility=np.tile([2.0, 0.5, 0.3], (draws, 1)),
    )
    paths = simulate_bvar(parameters, np.zeros((1, 1)), 30, np.random.default_rng(4))
    first = np.exp(1.0 + 0.3**2 / 2)
    last = np.exp(0.3**2 / (1 - 0.25) / 2)

    # Five standard errors; fourth moments are some 3.5 times the squared variance.
    assert abs(paths[:, 0, 0].var() / first - 1) < 5 * np.sqrt(2.5 / draws)
    assert abs(paths[:, -1, 0].var() / last - 1) < 5 * np.sqrt(2.5 / draws)


def test_short_history_and_horizon_are_refused() -> None:
    """Fewer years than lags, another number of variables, or no future: one message."""
    for history, horizon in ((HISTORY[:1], 3), (HISTORY[:, :1], 3), (HISTORY, 0)):
        with pytest.raises(EstimationError, match="BVAR"):
            simulate_bvar(_known(2), history, horizon, np.random.default_rng(5))


def test_intervals_cover_at_45_years_where_the_prior_is_true() -> None:
    """50, 80 and 95 % intervals 1 and 10 years ahead cover at their rate: 400 systems.

    Each system is drawn from the prior itself, so that exact inference covers exactly. Constants
    are drawn with the deviation that the prior gives them; the scales are estimated from the data.
    """
    rng = np.random.default_rng(20260701)
    systems, years, n = 400, 45, 3
    prior = BvarPrior(lags=1, own_lag=(0.3,) * n, overall=0.15, constant=2.0)
    ranks = np.empty((systems, 3, n))
    for s in range(systems):
        root = inverse_wishart_roots(8.0 * np.eye(n), 12.0, 1, rng)[0]
        a = np.eye(n)
        while np.abs(np.linalg.eigvals(a)).max() >= 0.95:
            a = 0.3 * np.eye(n) + 0.15 * root @ rng.standard_normal((n, n))
        c = 2.0 * root @ rng.standard_normal(n)
        y = np.zeros((60 + years + 10, n))
        for t in range(1, len(y)):
            y[t] = c + a @ y[t - 1] + root @ rng.standard_normal(n)
        seen, ahead = y[60 : 60 + years], y[60 + years :]
        parameters = draw_bvar(bvar_posterior(seen, prior), 500, rng, 0.95)
        paths = simulate_bvar(parameters, seen, 10, rng)
        ranks[s, 0] = (paths[:, 0] < ahead[0]).mean(axis=0)
        ranks[s, 1] = (paths[:, -1] < ahead[-1]).mean(axis=0)
        ranks[s, 2] = (paths.mean(axis=1) < ahead.mean(axis=0)).mean(axis=0)
    for level in (0.5, 0.8, 0.95):
        inside = (np.abs(ranks - 0.5) < level / 2).mean(axis=2)
        error = inside.std(axis=0, ddof=1) / np.sqrt(systems)
        # Three standard errors, over systems, as one system's variables err together.
        assert_allclose(inside.mean(axis=0), level, atol=float(3 * error.max()))


@pytest.mark.slow
def test_intervals_cover_at_45_years_with_chosen_tightness() -> None:
    """The same for 300 systems with one Sigma, tightness chosen by evidence, ``scale`` n + 2."""
    rng = np.random.default_rng(20260702)
    systems, years, n = 300, 45, 3
    root = np.linalg.cholesky(np.eye(n) + 0.3)
    start = BvarPrior(lags=1, own_lag=(0.3,) * n, scale=n + 2)
    ranks = np.empty((systems, 3, n))
    for s in range(systems):
        a = np.eye(n)
        while np.abs(np.linalg.eigvals(a)).max() >= 0.95:
            a = 0.3 * np.eye(n) + 0.15 * rng.standard_normal((n, n))
        y = np.zeros((60 + years + 10, n))
        for t in range(1, len(y)):
            y[t] = 1 + a @ y[t - 1] + root @ rng.standard_normal(n)
        seen, ahead = y[60 : 60 + years], y[60 + years :]
        posterior = bvar_posterior(seen, choose_bvar_prior(seen, start))
        paths = simulate_bvar(draw_bvar(posterior, 500, rng, 1.0), seen, 10, rng)
        ranks[s, 0] = (paths[:, 0] < ahead[0]).mean(axis=0)
        ranks[s, 1] = (paths[:, -1] < ahead[-1]).mean(axis=0)
        ranks[s, 2] = (paths.mean(axis=1) < ahead.mean(axis=0)).mean(axis=0)
    for level in (0.5, 0.8, 0.95):
        inside = (np.abs(ranks - 0.5) < level / 2).mean(axis=2)
        error = inside.std(axis=0, ddof=1) / np.sqrt(systems)
        # Three standard errors, over systems, as one system's variables err together.
        assert_allclose(inside.mean(axis=0), level, atol=float(3 * error.max()))


@pytest.mark.parametrize(("scale", "ratio"), [(1.0, 47 / 42), (5.0, 47 / 42 * 44 / 48)])
def test_scale_decides_how_well_one_step_errors_are_sized(scale: float, ratio: float) -> None:
    """Squared standardised one-step errors average what degrees of freedom and squares say.

    With 44 years and n = 3 the predictive t has 47 degrees of freedom and expects 47/45. A
    prior with the source's scale adds one year's squares and loses one to the constant: 44 years
    in all, chi-square, so 47/42. With n + 2 times the scale it is some 44/48 of that.
    """
    rng = np.random.default_rng(20260703)
    prior = BvarPrior(lags=1, own_lag=(0.3,) * 3, overall=0.15, scale=scale)
    squares = []
    for _ in range(1500):
        a = 0.3 * np.eye(3) + 0.15 * rng.standard_normal((3, 3))
        if np.abs(np.linalg.eigvals(a)).max() >= 0.95:
            continue
        y = np.zeros((76, 3))
        for t in range(1, 76):
            y[t] = 1 + a @ y[t - 1] + rng.standard_normal(3)
        found = bvar_posterior(y[30:75], prior)
        x = np.array([1.0, *y[74]])
        spread = 1 + ((found.row_root[0].T @ x) ** 2).sum()
        error = y[75] - x @ found.mean[0]
        squares.append(error**2 / (np.diag(found.scale[0]) * spread / (found.dof - 2)))

    # 4,500 squares with relative deviation 1.5: four standard errors; the sums are approximate.
    assert abs(float(np.mean(squares)) / ratio - 1) < 4 * 1.5 / np.sqrt(4500)
