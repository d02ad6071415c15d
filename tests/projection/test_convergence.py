"""The convergence density: variance moderation and simulated truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

from forecast.projection.convergence import moderation


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
