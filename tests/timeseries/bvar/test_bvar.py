"""The BVAR's posterior, evidence and tightness against other packages, formulas and known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from scipy import stats

from forecast.errors import EstimationError
from forecast.timeseries.bvar.posterior import (
    bvar_posterior,
    draw_bvar,
    largest_root,
    with_constant_and_lags,
)
from forecast.timeseries.bvar.prior import BvarPrior, prior_rows, residual_std
from forecast.timeseries.bvar.tightness import choose_bvar_prior, draw_bvar_tightness
from places import ROOT

Array = NDArray[np.float64]

REFERENCE = ROOT / "tests" / "reference" / "timeseries"
PRIOR = BvarPrior(lags=2, constant=100.0)
FULL = replace(PRIOR, own_lag=(1, 0, 1), sum_of_coefficients=1.0, initial=1.0)


@pytest.fixture(scope="module")
def series() -> Array:
    """Return 40 years of three simulated variables, as the reference scripts read them."""
    return np.loadtxt(REFERENCE / "bvar_series.csv", delimiter=",", skiprows=1)


@pytest.fixture(scope="module")
def printed() -> pd.Series:
    """Return what the reference scripts printed, by case and name, positions in order."""
    files = [REFERENCE / "bvar_reference.csv", REFERENCE / "bvar_reference_r.csv"]
    table = pd.concat([pd.read_csv(file) for file in files])
    return table.groupby(["case", "name"])["value"].apply(lambda v: v.to_numpy())


@pytest.mark.parametrize("own", [0.0, 1.0])
def test_minnesota_posterior_equals_tsecon(own: float, series: Array, printed: pd.Series) -> None:
    """Mean, row covariance, scale, degrees of freedom and evidence are those of tsecon 0.6.0."""
    found = bvar_posterior(series, replace(PRIOR, own_lag=(own,) * 3, overall=0.3))
    case = printed[f"tsecon_{own:g}"]

    # Both are double precision on a well conditioned problem; printed in full.
    near = {"rtol": 1e-8, "atol": 1e-10}
    assert_allclose(found.mean[0].ravel(), case["mean"], **near)
    assert_allclose((found.row_root[0] @ found.row_root[0].T).ravel(), case["row_cov"], **near)
    assert_allclose(found.scale[0].ravel(), case["scale"], **near)
    assert found.dof == case["dof"][0]
    assert_allclose(found.log_evidence, case["log_evidence"], **near)


@pytest.mark.parametrize(
    ("overall", "sums", "initial"), [(0.2, 1, 1), (0.5, 0.3, 2), (0.1, 5, 0.2)]
)
def test_dummy_priors_evidence_equals_another_package(
    overall: float, sums: float, initial: float, series: Array, printed: pd.Series
) -> None:
    """With both dummy priors, all in levels, the evidence is that of bvar 0.3.5's functions."""
    prior = replace(
        PRIOR, own_lag=(1, 1, 1), overall=overall, sum_of_coefficients=sums, initial=initial
    )

    # bvar solves normal equations with a constant of precision 1e-4: some 1e-9 of the evidence.
    wanted = printed[f"bvar_{overall:g}_{sums:g}_{initial:g}", "log_evidence"]
    assert_allclose(bvar_posterior(series, prior).log_evidence, wanted, atol=1e-6)


@pytest.mark.parametrize("tightness", [(0.2, 1.0, 1.0), (0.6, 0.3, 2.0)])
def test_mixed_system_evidence_equals_matrix_t_density_in_r(
    tightness: tuple[float, float, float], series: Array, printed: pd.Series
) -> None:
    """Rates and levels together: the evidence is the matrix t density of all years, from R."""
    case = "r_{:g}_{:g}_{:g}".format(*tightness)
    found = bvar_posterior(series, FULL, np.array([tightness])).log_evidence

    # R prints 12 decimals; it inverts matrices, which costs a few digits.
    assert_allclose(found, printed[case, "log_evidence"], atol=1e-7)


def test_chosen_tightness_is_r_optims(series: Array, printed: pd.Series) -> None:
    """Marginal likelihood times hyperpriors is largest where R's optim finds it."""
    chosen = choose_bvar_prior(series, FULL)
    found = [chosen.overall, chosen.sum_of_coefficients, chosen.initial]

    # The maximum is flat: an error of 1e-4 in logs moves the density by less than 1e-8.
    assert_allclose(found, printed["r_mode", "tightness"], rtol=5e-4)


@pytest.mark.parametrize("prior", [PRIOR, FULL])
def test_posterior_equals_the_normal_inverse_wishart_update(
    prior: BvarPrior, series: Array
) -> None:
    """Moments equal the textbook update by normal equations, prior rows as observations."""
    found = bvar_posterior(series, prior)
    before = prior_rows(series, prior)
    x, y = with_constant_and_lags(series, prior.lags)
    k = x.shape[1]
    x_all = np.vstack([before.rows[0][:, :k], x])
    y_all = np.vstack([before.rows[0][:, k:], y])
    precision = x_all.T @ x_all
    mean = np.linalg.solve(precision, x_all.T @ y_all)
    scale = before.scale + y_all.T @ y_all - mean.T @ precision @ mean

    # Normal equations keep half the digits of a problem whose columns differ by 1e4.
    assert_allclose(found.mean[0], mean, rtol=1e-6, atol=1e-8)
    assert_allclose(
        found.row_root[0] @ found.row_root[0].T, np.linalg.inv(precision), rtol=1e-6, atol=1e-9
    )
    assert_allclose(found.scale[0], scale, rtol=1e-7)
    assert found.dof == 3 + 2 + 38 + (len(before.rows[0]) - 7)


@pytest.mark.parametrize("prior", [PRIOR, FULL])
def test_evidence_is_the_product_of_one_step_predictive_densities(
    prior: BvarPrior, series: Array
) -> None:
    """Chain rule: log evidence is the sum of multivariate t log densities, year after year."""
    before = prior_rows(series, prior)
    x, y = with_constant_and_lags(series, prior.lags)
    n, k = y.shape[1], x.shape[1]
    rows, dof, total = before.rows[0], before.dof, 0.0
    for x_t, y_t in zip(x, y, strict=True):
        gram = np.linalg.inv(rows[:, :k].T @ rows[:, :k])
        b = gram @ rows[:, :k].T @ rows[:, k:]
        left = rows[:, k:] - rows[:, :k] @ b
        free = dof - n + 1
        spread = (before.scale + left.T @ left) * (1 + x_t @ gram @ x_t) / free
        total += stats.multivariate_t(x_t @ b, spread, df=free).logpdf(y_t)
        rows, dof = np.vstack([rows, [*x_t, *y_t]]), dof + 1

    # The inverse loses some 1e-9 a year over 38 years.
    assert_allclose(bvar_posterior(series, prior).log_evidence, total, atol=1e-6)


def test_many_tightnesses_at_once_equal_one_after_the_other(series: Array) -> None:
    """A batch of sets gives each set's own posterior."""
    sets = np.array([[0.1, 0.5, 2.0], [0.7, 3.0, 0.4]])
    both = bvar_posterior(series, FULL, sets)

    for i, (overall, sums, initial) in enumerate(sets):
        one = replace(FULL, overall=overall, sum_of_coefficients=sums, initial=initial)
        alone = bvar_posterior(series, one)
        # Rounding only.
        assert_allclose(both.mean[i], alone.mean[0], rtol=1e-10, atol=1e-12)
        assert_allclose(both.log_evidence[i], alone.log_evidence[0], rtol=1e-12)


def test_loose_prior_is_least_squares(series: Array) -> None:
    """As the tightness loosens, the posterior mean tends to least squares."""
    loose = bvar_posterior(series, replace(PRIOR, overall=1e5, constant=1e6))
    x, y = with_constant_and_lags(series, 2)

    # The prior's weight is 1e-10 of the data's.
    assert_allclose(loose.mean[0], np.linalg.lstsq(x, y, rcond=None)[0], atol=1e-6)


def test_tight_sum_of_coefficients_forces_unit_roots(series: Array) -> None:
    """Very tight, the own lags of a level sum to 1 and others' lags sum to 0."""
    tight = bvar_posterior(
        series, replace(PRIOR, own_lag=(1, 1, 1), sum_of_coefficients=1e-5, overall=5.0)
    )
    sums = tight.mean[0][1:].reshape(2, 3, 3).sum(axis=0)

    # Prior precision is 1e10 times the data's.
    assert_allclose(sums, np.eye(3), atol=1e-4)


def test_draws_have_the_posterior_moments(series: Array) -> None:
    """Means and covariances of 40,000 draws are those of the normal-inverse-Wishart."""
    posterior = bvar_posterior(series, FULL)
    draws = draw_bvar(posterior, 40_000, np.random.default_rng(1))
    n = 3
    sigma = posterior.scale[0] / (posterior.dof - n - 1)
    row_cov = posterior.row_root[0] @ posterior.row_root[0].T
    std = np.sqrt(np.outer(np.diag(row_cov), np.diag(sigma)))

    # Four standard errors of a mean (1/200 of a deviation) and of a variance (sqrt(2)/200).
    assert_allclose((draws.coefficients.mean(axis=0) - posterior.mean[0]) / std, 0, atol=4 / 200)
    assert_allclose(draws.coefficients.std(axis=0) / std, 1, atol=4 * 1.1 / 200)
    found = (draws.root @ draws.root.swapaxes(1, 2)).mean(axis=0)
    assert_allclose(found, sigma, atol=4 * 0.3 / 200 * np.diag(sigma).max())


def test_explosive_draws_are_refused_and_counted(series: Array) -> None:
    """No kept draw has a root at the limit or above; the share refused is about right."""
    posterior = bvar_posterior(series, replace(FULL, own_lag=(1, 1, 1)))
    free = draw_bvar(posterior, 4000, np.random.default_rng(2))
    kept = draw_bvar(posterior, 4000, np.random.default_rng(3), max_root=0.97)
    share = float((largest_root(free.coefficients, 2) >= 0.97).mean())

    assert largest_root(kept.coefficients, 2).max() < 0.97
    assert 0.02 < share < 0.98
    # Four standard errors of a difference of two shares from 4,000 draws.
    assert abs(kept.rejected - share) < 4 * np.sqrt(0.5 / 4000)


def test_companion_root_is_the_largest_of_the_polynomial() -> None:
    """For one variable with two lags, the root is that of z^2 - a z - b."""
    b = np.array([[[0.0], [0.5], [0.3]], [[1.0], [1.2], [-0.5]]])
    wanted = [np.abs(np.roots([1, -0.5, -0.3])).max(), np.abs(np.roots([1, -1.2, 0.5])).max()]

    # Eigenvalues to rounding.
    assert_allclose(largest_root(b, 2), wanted, rtol=1e-12)


def test_tightness_draws_follow_their_density(series: Array) -> None:
    """Metropolis draws of one tightness have the distribution that a fine grid integrates to."""
    prior = replace(PRIOR, overall=0.3)
    draws = draw_bvar_tightness(series, prior, 8000, np.random.default_rng(4))
    grid = np.linspace(np.log(0.01), np.log(20), 3000)
    scale = (np.sqrt(0.2**2 + 4 * 0.4**2) - 0.2) / 2
    log_density = bvar_posterior(series, prior, np.exp(grid)[:, None]).log_evidence
    log_density += stats.gamma.logpdf(np.exp(grid), 0.2 / scale + 1, scale=scale) + grid
    cumulated = np.cumsum(np.exp(log_density - log_density.max()))
    cumulated /= cumulated[-1]
    below = np.interp(np.log(draws.values[:, 0]), grid, cumulated)

    # Autocorrelation leaves some 1,500 independent draws: four standard errors of a uniform.
    assert abs(below.mean() - 0.5) < 4 * np.sqrt(1 / 12 / 1500)
    assert abs((below < 0.1).mean() - 0.1) < 4 * np.sqrt(0.09 / 1500)
    assert abs((below > 0.9).mean() - 0.1) < 4 * np.sqrt(0.09 / 1500)
    assert 0.15 < draws.acceptance < 0.6
    assert (draws.ratio < 1.1).all()


def test_chosen_tightness_tells_noise_from_dynamics() -> None:
    """White noise gets a tighter prior than a system with strong cross effects."""
    rng = np.random.default_rng(6)
    noise = rng.standard_normal((80, 3))
    a = np.array([[0.2, 0.7, 0.0], [-0.7, 0.2, 0.3], [0.5, 0.0, 0.3]])
    linked = np.zeros((130, 3))
    for t in range(1, 130):
        linked[t] = a @ linked[t - 1] + rng.standard_normal(3)
    loose = choose_bvar_prior(linked[50:], BvarPrior(lags=2)).overall
    tight = choose_bvar_prior(noise, BvarPrior(lags=2)).overall

    # With 80 years the difference is not subtle.
    assert tight < 0.15
    assert loose > 0.3


def test_draws_integrate_over_tightness(series: Array) -> None:
    """Draws over two sets take each equally often."""
    sets = np.array([[0.001, 1.0, 50.0], [3.0, 50.0, 50.0]])
    posterior = bvar_posterior(series, FULL, sets)
    draws = draw_bvar(posterior, 4000, np.random.default_rng(7))
    alone = [
        draw_bvar(
            bvar_posterior(series, FULL, s[None]), 4000, np.random.default_rng(8)
        ).coefficients
        for s in sets
    ]
    both = np.concatenate(alone)[:, 2, 0]

    # Two samples of 4,000 and 8,000 from one mixture.
    assert stats.ks_2samp(draws.coefficients[:, 2, 0], both).pvalue > 0.001


def test_scales_are_autoregressions_residuals() -> None:
    """For y_t = y_{t-1} + alternating shocks, the residual deviation is what a regression says."""
    column = np.array([0.0, 1.0, 0.5, 2.0, 1.0, 3.0, 2.5])
    fit = stats.linregress(column[:-1], column[1:])
    left = column[1:] - fit.intercept - fit.slope * column[:-1]

    # Rounding only.
    assert_allclose(residual_std(column[:, None]), np.sqrt(left @ left / 4), rtol=1e-10)


def test_equal_seeds_give_equal_draws(series: Array) -> None:
    """Draws are a function of the generator's state."""
    posterior = bvar_posterior(series, FULL)
    one, two = (draw_bvar(posterior, 50, np.random.default_rng(9)) for _ in range(2))

    assert_array_equal(one.coefficients, two.coefficients)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lags": 0}, "0 lags"),
        ({"overall": 0.0}, "overall is 0"),
        ({"initial": -1.0}, "initial is -1"),
    ],
)
def test_impossible_priors_are_refused(change: dict[str, float], message: str) -> None:
    """A prior without lags or with a tightness that is not positive is no prior."""
    with pytest.raises(EstimationError, match=message):
        replace(PRIOR, **change)


def test_unusable_data_are_refused(series: Array) -> None:
    """Missing values, too few years, a constant and a wrong number of means are named."""
    hole = series.copy()
    hole[4, 1] = np.nan
    flat = series.copy()
    flat[:, 2] = 7.0
    for data, prior, message in (
        (hole, PRIOR, "variable 1 is missing in year 4"),
        (series[:5], PRIOR, "5 years, 2 lags need at least 6"),
        (flat, PRIOR, "variable 2 does not vary"),
        (series, replace(PRIOR, own_lag=(1, 1)), "2 prior means for 3 variables"),
        (series[:, 0], PRIOR, "must be"),
    ):
        with pytest.raises(EstimationError, match=message):
            bvar_posterior(data, prior)
