"""The convergence density: variance moderation and simulated truth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import special

from forecast.errors import ProjectionError
from forecast.estimation.record import Estimate
from forecast.projection.baseline.convergence import convergence_growth, moderation
from forecast.projection.regressors import RegressorPath, regressor_path
from forecast.specs.model import ModelSpec


def _residuals(seed: int, d0: float, s0: float, countries: int, periods: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    variance = d0 * s0**2 / rng.chisquare(d0, countries)
    values = np.sqrt(variance)[:, None] * rng.standard_normal((countries, periods))
    index = pd.MultiIndex.from_product(
        [[f"C{i:04d}" for i in range(countries)], range(periods)], names=["country", "year"]
    )
    return pd.Series(values.ravel(), index=index)


def test_moderation_recovers_the_prior() -> None:
    """With 4,000 countries the moments give d0 = 8 within 15 % and s0^2 = 4 within 5 %."""
    found = moderation(_residuals(1, d0=8.0, s0=2.0, countries=4000, periods=7))

    assert found.prior_df == pytest.approx(8.0, rel=0.15)
    assert found.prior_variance == pytest.approx(4.0, rel=0.05)


def test_equal_variances_are_pooled_fully() -> None:
    """Log variances that vary less than chi-square noise imply one common variance."""
    index = pd.MultiIndex.from_product([list("ABCD"), range(6)], names=["country", "year"])
    same = pd.Series(np.tile([1.0, -1.0], 12), index=index)

    assert np.isinf(moderation(same).prior_df)


def test_trigamma_moment_identity() -> None:
    """The fitted d0 solves psi'(d0/2) = excess variance, to the solver's precision."""
    residuals = _residuals(2, d0=5.0, s0=1.0, countries=500, periods=6)
    groups = residuals.groupby(level="country").var(ddof=1).to_numpy()
    z = np.log(groups)
    excess = z.var(ddof=1) - special.polygamma(1, 2.5)

    assert special.polygamma(1, moderation(residuals).prior_df / 2) == pytest.approx(
        excess, rel=1e-8
    )


def _certain(lam: float = -2.0, beta: float = 0.5) -> Estimate:
    """Return an estimate without any uncertainty: the density becomes a recursion."""
    spec = ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "growth_output_per_worker",
            "drivers": ["gap_output_per_worker", "rd"],
            "estimator": "random_effects",
        }
    )
    index = pd.MultiIndex.from_product([["CHN", "USA"], range(6)], names=["country", "year"])
    anchors = pd.DataFrame(
        {"growth_output_per_worker": [5.0, 1.5], "gap_output_per_worker": [-1.0, 0.0], "rd": 2.0},
        index=pd.Index(["CHN", "USA"], name="country"),
    )
    return Estimate(
        spec=spec, source="t", terms=("const", *spec.drivers), params=np.array([1.0, lam, beta]),
        cov=np.zeros((3, 3)), df_resid=9, n_obs=12, n_countries=2, n_years=6, first_year=0,
        last_year=5, dropped=0, r2=0.0, r2_within=0.0, r2_between=0.0, r2_overall=0.0,
        resid_std=0.0, residuals=pd.Series(np.tile([1e-9, -1e-9], 6), index=index),
        anchors=anchors, stats={"sigma2_id": 1e12, "sigma2_idios": 1e-12},
    )  # fmt: skip


def test_without_uncertainty_growth_is_the_recursion_by_hand() -> None:
    """g_t = const + u + lambda gap_t + beta rd, the gap closing by g less the frontier's growth.

    u is China's own mean residual, 5 - 1 - 2 x 1 - 0.5 x 2 = 1: a country variance far above the
    residual one leaves it unshrunk.
    """
    estimate = _certain()
    years = np.arange(2026, 2031)
    drivers = pd.DataFrame({"rd": 2.0}, index=pd.Index(range(2015, 2031), name="year"))
    path = regressor_path(estimate.spec, drivers, years, step=5)
    ahead = np.full((3, 5), 1.5)

    found = convergence_growth(estimate, path, "CHN", -1.0, ahead, 0.0, 5, np.random.default_rng(0))

    expected, gap = [], -1.0
    for _ in years:
        expected.append(1.0 + 1.0 - 2.0 * gap + 0.5 * 2.0)
        gap += (expected[-1] - 1.5) / 100
    np.testing.assert_allclose(found, np.tile(expected, (3, 1)), atol=1e-4)  # shocks of 1e-9


def test_a_model_without_variance_components_is_refused() -> None:
    """The density needs random effects without period effects; the message says so."""
    estimate = dataclasses.replace(_certain(), stats={})
    path = RegressorPath(
        terms=("gap_output_per_worker", "rd"), level=np.zeros((1, 2)), slope=np.zeros((1, 2))
    )

    with pytest.raises(ProjectionError, match="must be estimated by random_effects"):
        convergence_growth(
            estimate, path, "CHN", -1.0, np.zeros((2, 1)), 0.0, 5, np.random.default_rng(0)
        )
