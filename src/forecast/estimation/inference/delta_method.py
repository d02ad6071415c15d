"""Nonlinear functions of coefficients with standard errors by the delta method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from forecast.arrays import Vector
from forecast.errors import EstimationError, shown
from forecast.estimation.inference.expression import evaluate
from forecast.estimation.inference.formed import formed
from forecast.estimation.record import Estimate, check_level


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaMethod:
    """A function of coefficients and its sampling error.

    Attributes
    ----------
    expression : as given.
    estimate, std_error : in the unit that the expression has.
    statistic, p_value : of the test that the function is zero, two-sided.
    conf_low, conf_high : interval at ``level``.
    level : of the interval.
    gradient : (p,) partial derivatives at the estimates.
    """

    expression: str
    estimate: float
    std_error: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    level: float
    gradient: Vector


def delta_method(estimate: Estimate, expression: str, level: float = 0.95) -> DeltaMethod:
    """Return a function g(b) of coefficients with its standard error sqrt(g' V g).

    To first order (Wooldridge 2010, section 3.5.2); exact where the expression is linear. The t
    distribution has the estimate's ``df_resid``, as in Stata's ``nlcom, df(r)``.

    Parameters
    ----------
    estimate : Estimate
    expression : str
        Numbers, terms, ``+ - * / ^``, ``exp``, ``log``, ``sqrt``: ``"-log(1 + 5*gap)/5"``.
    level : float
        Of the interval, between 0 and 1.

    Raises
    ------
    SpecError
        If the expression cannot be read or has no finite value at the estimates, or the level is
        not between 0 and 1.
    EstimationError
        If the covariance gives it a negative variance or an interval without bounds.
    """
    check_level(level)
    found = evaluate(expression, estimate.terms, estimate.params.to_numpy())
    scale = float(np.abs(found.gradient).max()) or 1.0  # a square may overflow, its root need not
    slope = found.gradient / scale
    variance = np.array([[slope @ estimate.cov @ slope]])
    error = scale * float(np.sqrt(formed(variance, [expression], estimate.spec.covariance)[0, 0]))
    quantile = float(stdtrit(estimate.df_resid, 0.5 + level / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(np.divide(found.value, error))
    low, high = found.value - quantile * error, found.value + quantile * error
    if not np.isfinite([error, low, high]).all():
        raise EstimationError(
            f"expression {shown(expression)}: the standard error {error:.3g} gives no "
            f"finite interval"
        )
    return DeltaMethod(
        expression=expression,
        estimate=found.value,
        std_error=error,
        statistic=statistic,
        p_value=float(2 * stdtr(estimate.df_resid, -abs(statistic))),
        conf_low=low,
        conf_high=high,
        level=level,
        gradient=found.gradient,
    )
