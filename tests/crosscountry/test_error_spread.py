"""The Student t regression of past errors: recovery, optimum, and what it may not depend on."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import approx_fprime
from scipy.stats import t

from forecast.crosscountry.error_density import PENALTY, ErrorSpread, fit_error_spread
from forecast.crosscountry.history import growth_history
from forecast.crosscountry.spread_covariates import COVARIATES, spread_covariates
from forecast.sources.package.package import DataPackage

HORIZONS = (1, 2, 3, 5, 10, 15)
TRUE = ErrorSpread(
    centre=np.zeros(4),
    width=np.ones(4),
    slopes=np.array([1.2, -0.35, 0.3, 0.1, -0.1, -0.15, 0.1, 0.0, -0.05]),
    tails=np.array([0.5, 0.4]),
)


def _drawn(cases: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return errors and covariates of economies whose spread is ``TRUE``."""
    rng = np.random.default_rng(seed)
    covariates = rng.standard_normal((cases, 4))
    errors = [TRUE.scales(covariates, h) * rng.standard_t(TRUE.degrees(h), cases) for h in HORIZONS]
    return np.stack(errors), covariates


def test_spread_is_recovered() -> None:
    """Errors drawn from the model give back scales and degrees.

    Six horizons of 20,000 draws: a scale is known to under 2 %, degrees of 3.6 to 7 to a tenth.
    """
    errors, covariates = _drawn(20_000, 11)

    found = fit_error_spread(errors, covariates, HORIZONS)

    typical = np.array([[0.0, 0, 0, 0], [1, -1, 1, -1], [-1, 1, 0, 2]])
    for horizon in HORIZONS:
        assert_allclose(found.scales(typical, horizon), TRUE.scales(typical, horizon), rtol=0.03)
        assert_allclose(found.degrees(horizon), TRUE.degrees(horizon), rtol=0.1)


def test_fit_is_the_penalised_optimum() -> None:
    """At the fit the gradient of an independent penalised likelihood (scipy's t) is zero.

    Cases of h years count 1/h. The gradient, in units of log likelihood per standard deviation, is
    held under 0.1: a step of 0.001 standard errors with the information of 2,000 cases.
    """
    errors, covariates = _drawn(400, 12)
    found = fit_error_spread(errors, covariates, HORIZONS)
    standard = (covariates - covariates.mean(axis=0)) / covariates.std(axis=0)

    def objective(at: np.ndarray) -> float:
        total = 0.0
        for horizon, error in zip(HORIZONS, errors, strict=True):
            log = np.log(horizon)
            scale = np.exp(
                at[0] + at[1] * log + standard @ at[2:6] + standard[:, :3] @ at[6:9] * log
            )
            degrees = 2 + np.exp(at[9] + at[10] * log)
            total += t(degrees, 0, scale).logpdf(error).sum() / horizon
        return total - PENALTY / 2 * float(at @ at - at[0] ** 2 - at[9] ** 2)

    at = np.concatenate([found.slopes, found.tails])

    assert np.abs(approx_fprime(at, objective, 1e-6)).max() < 0.1
    assert np.abs(approx_fprime(at + 0.05, objective, 1e-6)).max() > 1


def test_few_errors_give_their_mean_square() -> None:
    """Below thirty errors the scale is their root mean square, whatever the covariates."""
    found = fit_error_spread(np.array([[3.0, -4.0, np.nan]]), np.ones((3, 4)), (5,))

    assert_allclose(found.scales(np.array([[9.0, 9, 9, 9]]), 5), [np.sqrt(12.5)], rtol=1e-12)
    assert found.degrees(5) == pytest.approx(4)


def test_unknown_errors_and_covariates_do_no_harm() -> None:
    """Pairs without any known error change nothing; an unknown covariate counts as the mean."""
    errors, covariates = _drawn(500, 13)
    found = fit_error_spread(errors, covariates, HORIZONS)
    more = fit_error_spread(
        np.concatenate([errors, np.full((6, 50), np.nan)], axis=1),
        np.concatenate([covariates, np.full((50, 4), 99.0)]),
        HORIZONS,
    )

    assert_allclose(more.slopes, found.slopes, rtol=1e-9)
    unknown = found.scales(np.full((1, 4), np.nan), 5)
    assert_allclose(unknown, found.scales(found.centre[None], 5), rtol=1e-12)


def test_an_extreme_covariate_is_held() -> None:
    """Beyond 2.5 standard deviations a covariate moves the scale no further."""
    errors, covariates = _drawn(500, 14)
    found = fit_error_spread(errors, covariates, HORIZONS)
    far, further = (found.centre + found.width * k for k in (2.5, 25.0))

    assert_allclose(found.scales(further[None], 1), found.scales(far[None], 1), rtol=1e-12)


def test_covariates_know_the_past_only(starter: DataPackage) -> None:
    """Each year's covariates are those of the history that ends in it."""
    history = growth_history(starter.panel("pwt91"))

    whole, past = spread_covariates(history), spread_covariates(history.through(1990))

    assert past.shape[2] == len(COVARIATES)
    assert_allclose(past, whole[: len(past)], rtol=0)
    assert np.isfinite(past[-1]).all(axis=1).sum() > 150
