"""Tails of tests' distributions, by scipy.special: scipy.stats takes half a second to load."""

from __future__ import annotations

from typing import Any

from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr

from forecast.arrays import Array


def chi2_sf(statistic: Any, df: Any) -> Any:
    """Return the probability of more than ``statistic`` under chi-squared with ``df`` degrees."""
    return chdtrc(df, statistic)


def f_sf(statistic: Any, numerator: float, denominator: float) -> float:
    """Return the probability of more than ``statistic`` under F with these degrees of freedom.

    With infinitely many in the denominator it is that of chi-squared over ``numerator``.
    """
    if denominator == float("inf"):
        return float(chdtrc(numerator, numerator * statistic))
    return float(fdtrc(numerator, denominator, statistic))


def t_cdf(statistic: Any, df: Any) -> Any:
    """Return the probability of at most ``statistic`` under Student's t."""
    return stdtr(df, statistic)


def normal_sf(z: Any) -> Any:
    """Return the standard normal's probability of more than ``z``."""
    return ndtr(-z)


def normal_cdf(z: Any) -> Any:
    """Return the standard normal's probability of at most ``z``."""
    return ndtr(z)


def normal_quantile(p: Array | float) -> Any:
    """Return the standard normal's quantile at probability ``p``."""
    return ndtri(p)
