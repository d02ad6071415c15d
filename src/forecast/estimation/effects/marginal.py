"""What one more unit of a raw driver does to the outcome, at given values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError, unknown
from forecast.estimation.effects.basis_slopes import basis_slopes
from forecast.estimation.record import Estimate, check_level
from forecast.estimation.sample import sample
from forecast.panel import Panel

TIMED = {"lag", "lead", "difference", "log_difference"}
# Functions of one column, and their derivatives.
PLAIN: dict[str, tuple[Callable[[Vector], Vector], Callable[[Vector], Vector]]] = {
    "log": (np.log, lambda x: 1 / x),
    "exp": (np.exp, np.exp),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
}


def marginal_effects(
    estimate: Estimate,
    driver: str,
    at: pd.DataFrame | None = None,
    *,
    level: float = 0.95,
    panel: Panel | None = None,
) -> pd.DataFrame:
    """Return the derivative of x'b by a raw column, with its delta-method band.

    The regressors are functions of raw columns by the model's ``derive`` (interactions, powers,
    logs, ratios, sums) and ``bases`` (polynomials, splines, slopes by the values of a factor);
    their derivatives follow by the chain rule, so that an interaction's effect is read at values of
    the other factor and a quadratic's along its own (Brambor, Clark and Golder 2006). The effect is
    linear in the coefficients: effect = d'b, variance d'Vd.

    Parameters
    ----------
    estimate : Estimate
    driver : str
        A driver, or a raw column behind one.
    at : pandas.DataFrame or None
        Values of the columns that the effect depends on, one row a point; None where it depends on
        none.
    level : float
    panel : Panel or None
        The one of the estimate: polynomials, splines and factors are made on its rows.

    Returns
    -------
    pandas.DataFrame
        The columns of ``at``, then ``driver, effect, std_error, conf_low, conf_high``: outcome
        units a unit of the driver; t with the estimate's degrees of freedom.

    Raises
    ------
    EstimationError
        If no regressor depends on ``driver``, a value needed is not in ``at``, the driver enters
        with a lag (an effect over time is a projection), its coefficient switches, or the panel is
        needed.
    SpecError
        If the level is not between 0 and 1.
    """
    check_level(level)
    points = pd.DataFrame(index=[0]) if at is None else at.reset_index(drop=True)
    gradient = effect_gradient(estimate, driver, points, panel)
    return points.assign(driver=driver, **with_band(estimate, gradient, level))


def effect_gradient(
    estimate: Estimate, driver: str, points: pd.DataFrame, panel: Panel | None = None
) -> Matrix:
    """Return the derivative of each term by a raw column, (points, p); errors as above."""
    name, spec = estimate.spec.name, estimate.spec
    gradient = np.zeros((len(points), len(estimate.terms)))
    rows = None
    for term in spec.drivers:
        if term in spec.bases:
            basis = spec.bases[term]
            inputs = (*([] if basis.apply == "factor" else [basis.of]), *basis.times)
            inner = {one: _slope(estimate, one, driver, points) for one in inputs}
            if all(one is None for one in inner.values()):
                continue
            if panel is None:
                raise EstimationError(
                    f"model {name!r}: {term!r} is made on the sample's rows: give the estimate's "
                    f"panel (panel=)"
                )
            rows = rows or sample(panel, spec)
            value = partial(_value, estimate, points=points)
            found = basis_slopes(spec, term, rows, points, value, inner)
            for column, slope in found.items():
                gradient[:, estimate.terms.index(column)] += slope
            continue
        plain = _slope(estimate, term, driver, points)
        if plain is None:
            continue
        if term not in estimate.terms:
            raise EstimationError(f"model {name!r}: {term!r} has no one coefficient: it switches")
        gradient[:, estimate.terms.index(term)] = plain
    if not gradient.any():
        known = {*raw_columns(estimate), *spec.drivers, *spec.derive}
        if driver not in known:
            raise EstimationError(f"model {name!r}: {unknown(driver, known, 'driver')}")
    return gradient


def raw_columns(estimate: Estimate) -> list[str]:
    """Return the columns of numbers that the regressors are made of, in their order."""
    spec, found = estimate.spec, dict[str, None]()
    waiting = list(spec.drivers)
    while waiting:
        name = waiting.pop(0)
        if name in spec.bases:
            basis = spec.bases[name]
            waiting = [*([] if basis.apply == "factor" else [basis.of]), *basis.times, *waiting]
        elif name in spec.derive:
            waiting = [*spec.derive[name].of, *waiting]
        else:
            found[name] = None
    return list(found)


def with_band(estimate: Estimate, gradient: Matrix, level: float) -> dict[str, Vector]:
    """Return effects d'b of gradients (m, p), with standard errors and intervals, by column."""
    effect = gradient @ estimate.params.to_numpy()
    error = np.sqrt(np.maximum(np.einsum("pi,ij,pj->p", gradient, estimate.cov, gradient), 0.0))
    reach = stdtrit(estimate.df_resid, 0.5 + level / 2) * error
    return {
        "effect": effect,
        "std_error": error,
        "conf_low": effect - reach,
        "conf_high": effect + reach,
    }


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
    if rule.apply in PLAIN:
        return PLAIN[rule.apply][1](values[0])
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
    elif rule.apply in PLAIN:
        found = PLAIN[rule.apply][0](values[0])
    elif rule.apply == "power":
        found = np.asarray(values[0] ** rule.exponent, dtype=float)
    else:
        found = values[0] / values[1]
    return found * rule.scale
