"""What one more unit of a raw driver does to the outcome, at given values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError, unknown
from forecast.estimation.record import Estimate, check_level

TIMED = {"lag", "difference", "log_difference"}


def marginal_effects(
    estimate: Estimate, driver: str, at: pd.DataFrame | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Return the derivative of x'b by a raw column, with its delta-method band.

    The regressors are functions of raw columns by the model's ``derive`` (interactions, powers,
    logs, ratios, sums); their derivatives follow by the chain rule, so that an interaction's effect
    is read at values of the other factor and a quadratic's along its own (Brambor, Clark and Golder
    2006). The effect is linear in the coefficients: effect = d'b, variance d'Vd.

    Parameters
    ----------
    estimate : Estimate
    driver : str
        A driver, or a raw column behind one.
    at : pandas.DataFrame or None
        Values of the raw columns that the effect depends on, one row a point; None where it
        depends on none.
    level : float

    Returns
    -------
    pandas.DataFrame
        The columns of ``at``, then ``driver, effect, std_error, conf_low, conf_high``: outcome
        units a unit of the driver; t with the estimate's degrees of freedom.

    Raises
    ------
    EstimationError
        If no regressor depends on ``driver``, a value needed is not in ``at``, the driver enters
        with a lag (an effect over time is a projection), or its coefficient switches.
    SpecError
        If the level is not between 0 and 1.
    """
    check_level(level)
    points = pd.DataFrame(index=[0]) if at is None else at.reset_index(drop=True)
    name = estimate.spec.name
    gradient = np.zeros((len(points), len(estimate.terms)))
    for term in estimate.spec.drivers:
        slope = _slope(estimate, term, driver, points)
        if slope is None:
            continue
        if term not in estimate.terms:
            raise EstimationError(f"model {name!r}: {term!r} has no one coefficient: it switches")
        gradient[:, estimate.terms.index(term)] = slope
    if not gradient.any():
        known = {*estimate.spec.drivers, *(c for r in estimate.spec.derive.values() for c in r.of)}
        if driver not in known:
            raise EstimationError(f"model {name!r}: {unknown(driver, known, 'driver')}")
    return _banded(estimate, driver, points, gradient, level)


def _banded(
    estimate: Estimate, driver: str, points: pd.DataFrame, gradient: Matrix, level: float
) -> pd.DataFrame:
    effect = gradient @ estimate.params.to_numpy()
    error = np.sqrt(np.maximum(np.einsum("pi,ij,pj->p", gradient, estimate.cov, gradient), 0.0))
    reach = stdtrit(estimate.df_resid, 0.5 + level / 2) * error
    return points.assign(
        driver=driver,
        effect=effect,
        std_error=error,
        conf_low=effect - reach,
        conf_high=effect + reach,
    )


def _slope(estimate: Estimate, column: str, driver: str, points: pd.DataFrame) -> Vector | None:
    """Return d column / d driver at each point; None where it does not depend on it."""
    if column == driver:
        return np.ones(len(points))
    rule = estimate.spec.derive.get(column)
    if rule is None:
        return None
    parts = [_slope(estimate, part, driver, points) for part in rule.of]
    if all(part is None for part in parts):
        return None
    if rule.apply in TIMED:
        raise EstimationError(
            f"model {estimate.spec.name!r}: {driver!r} enters as {column!r}, a {rule.apply}; an "
            f"effect over time is what a projection shows"
        )
    total = np.zeros(len(points))
    for place, part in enumerate(parts):
        if part is not None:
            total += part * _partial(estimate, column, place, points)
    return total * rule.scale


def _partial(estimate: Estimate, column: str, place: int, points: pd.DataFrame) -> Vector:
    """Return the derivative of an operation by one of its inputs, before ``scale``."""
    rule = estimate.spec.derive[column]
    if rule.apply == "sum":
        return np.ones(len(points))
    if rule.apply == "interaction":
        out = np.ones(len(points))
        for other in (name for j, name in enumerate(rule.of) if j != place):
            out = out * _value(estimate, other, points)
        return out
    values = [_value(estimate, name, points) for name in rule.of]
    if rule.apply == "log":
        return 1 / values[0]
    if rule.apply == "power":
        return np.asarray(rule.exponent * values[0] ** (rule.exponent - 1), dtype=float)
    return 1 / values[1] if place == 0 else -values[0] / values[1] ** 2


def _value(estimate: Estimate, column: str, points: pd.DataFrame) -> Vector:
    """Return a column at each point: as given, or derived from what is given."""
    if column in points:
        return points[column].to_numpy(dtype=float)
    rule = estimate.spec.derive.get(column)
    if rule is None or rule.apply in TIMED:
        raise EstimationError(
            f"model {estimate.spec.name!r}: the effect depends on {column!r}: give its values in "
            f"'at'"
        )
    values = [_value(estimate, name, points) for name in rule.of]
    found: Vector
    if rule.apply == "sum":
        found = np.sum(values, axis=0)
    elif rule.apply == "interaction":
        found = np.prod(values, axis=0)
    elif rule.apply == "log":
        found = np.log(values[0])
    elif rule.apply == "power":
        found = np.asarray(values[0] ** rule.exponent, dtype=float)
    else:
        found = values[0] / values[1]
    return found * rule.scale
