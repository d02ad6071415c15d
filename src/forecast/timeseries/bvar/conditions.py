"""What is taken as known about the future: values, intervals and densities of forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Integers
from forecast.errors import EstimationError, choose

# Below this share of its own length, what a condition adds to the others is rounding.
INDEPENDENT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition on a forecast, or on a weighted sum of forecasts.

    A value alone is a hard condition. With ``std`` the sum has exactly the normal distribution
    around ``value`` in place of its own. With ``low`` or ``high`` it lies in that interval.

    Attributes
    ----------
    terms : tuple of (variable, year, weight)
    value : float or None
    std : float or None
    low, high : float or None
        Bounds, None where there is none on that side.
    """

    terms: tuple[tuple[str, int, float], ...]
    value: float | None = None
    std: float | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no condition."""
        interval = self.low is not None or self.high is not None
        numbers = [x for x in (self.value, self.std, self.low, self.high) if x is not None]
        numbers += [weight for *_, weight in self.terms]
        if interval == (self.value is not None) or (self.std is not None and interval):
            raise EstimationError(
                f"{self.label}: give a value, a value with std, or low and high (one may be left "
                "out)"
            )
        if not self.terms or not np.isfinite(numbers).all():
            raise EstimationError(f"{self.label}: a number is not finite, or nothing is named")
        if self.std is not None and self.std <= 0:
            raise EstimationError(f"{self.label}: std {self.std:g}, must be above 0")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise EstimationError(f"{self.label}: low {self.low:g} is not below high {self.high:g}")

    @property
    def label(self) -> str:
        """What messages call it."""
        return "condition on " + " + ".join(
            f"{name} in {year}" if weight == 1 else f"{weight:g} x {name} in {year}"
            for name, year, weight in self.terms
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Conditions laid out on the stacked forecast y = (y_{T+1}', ..., y_{T+h}')'.

    Attributes
    ----------
    fixed : (m,) elements of y that have a value of their own, in order.
    fixed_value, fixed_std : (m,) std 0 for a hard condition.
    rows : (q, h n) weights of the sums that have a value.
    rows_value, rows_std : (q,)
    bounded : (r, h n) weights of what lies in an interval.
    low, high : (r,)
    """

    fixed: Integers
    fixed_value: Array
    fixed_std: Array
    rows: Array
    rows_value: Array
    rows_std: Array
    bounded: Array
    low: Array
    high: Array


def on(
    variable: str,
    year: int,
    *,
    value: float | None = None,
    std: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Condition:
    """Return a condition on one variable in one year (see `Condition`)."""
    terms = ((variable, year, 1.0),)
    return Condition(terms=terms, value=value, std=std, low=low, high=high)


def lay_out(
    conditions: Sequence[Condition], names: Sequence[str], years: Sequence[int]
) -> Conditions:
    """Return the conditions as rows on the stacked forecast.

    Parameters
    ----------
    conditions : sequence of Condition
    names : sequence of str
        The system's variables, in order.
    years : sequence of int
        Forecast years, in order.

    Returns
    -------
    Conditions

    Raises
    ------
    EstimationError
        If a variable or year is not among these, two conditions contradict or repeat each other,
        or what an interval bounds is already settled by the other conditions.
    """
    weights = np.array([_row(c, names, years) for c in conditions])
    weights = weights.reshape(len(conditions), len(names) * len(years))
    valued = [i for i, c in enumerate(conditions) if c.value is not None]
    bounded = [i for i, c in enumerate(conditions) if c.value is None]
    _refuse_dependent([conditions[i] for i in [*valued, *bounded]], weights[[*valued, *bounded]])
    single = [i for i in valued if np.count_nonzero(weights[i]) == 1]
    single.sort(key=lambda i: int(np.flatnonzero(weights[i])[0]))
    sums = [i for i in valued if i not in single]
    fixed = np.array([np.flatnonzero(weights[i])[0] for i in single], dtype=np.int64)
    scale = weights[single, fixed]
    return Conditions(
        fixed=fixed,
        fixed_value=_numbers(conditions, single, "value") / scale,
        fixed_std=_numbers(conditions, single, "std", 0.0) / np.abs(scale),
        rows=weights[sums],
        rows_value=_numbers(conditions, sums, "value"),
        rows_std=_numbers(conditions, sums, "std", 0.0),
        bounded=weights[bounded],
        low=_numbers(conditions, bounded, "low", -np.inf),
        high=_numbers(conditions, bounded, "high", np.inf),
    )


def _row(condition: Condition, names: Sequence[str], years: Sequence[int]) -> Array:
    out = np.zeros(len(names) * len(years))
    variables = {name: i for i, name in enumerate(names)}
    for name, year, weight in condition.terms:
        i = choose(name, variables, f"{condition.label}: variable", EstimationError)
        if year not in years:
            raise EstimationError(
                f"{condition.label}: the forecast runs from {years[0]} to {years[-1]}"
            )
        out[list(years).index(year) * len(names) + i] += weight
    return out


def _refuse_dependent(conditions: Sequence[Condition], weights: Array) -> None:
    """Refuse a condition that follows from, or contradicts, those before it."""
    basis = np.zeros((0, weights.shape[1]))
    for i, row in enumerate(weights):
        # Twice, as one Gram-Schmidt pass leaves rounding behind.
        left = row - basis.T @ (basis @ row)
        left = left - basis.T @ (basis @ left)
        length = float(np.linalg.norm(left))
        if length <= INDEPENDENT * max(float(np.linalg.norm(row)), 1e-300):
            raise EstimationError(_dependence(conditions[: i + 1], weights[: i + 1]))
        basis = np.vstack([basis, left / length])


def _dependence(conditions: Sequence[Condition], weights: Array) -> str:
    """Return what is wrong with the last of the conditions, which depends on the others."""
    last = conditions[-1]
    if not weights[-1].any():
        return f"{last.label}: the weights cancel"
    shares = np.linalg.lstsq(weights[:-1].T, weights[-1], rcond=None)[0]
    others = [c for c, share in zip(conditions[:-1], shares, strict=True) if abs(share) > 1e-9]
    named = "; ".join(c.label for c in others)
    if any(c.value is None for c in others):
        return f"{last.label}: two intervals bear on it ({named}); state their intersection"
    implied = sum(
        share * (c.value or 0.0) for c, share in zip(conditions[:-1], shares, strict=True)
    )
    if last.value is None:
        return f"{last.label}: already settled at {implied:g} by {named}"
    if any(c.std is not None for c in (*others, last)):
        return f"{last.label}: its distribution is already settled by {named}"
    if np.isclose(implied, last.value):
        return f"{last.label}: follows from {named}; leave one out"
    return f"{last.label}: value {last.value:g} contradicts {named}, which make it {implied:g}"


def _numbers(
    conditions: Sequence[Condition], which: Sequence[int], field: str, default: float = np.nan
) -> Array:
    found = [getattr(conditions[i], field) for i in which]
    return np.array([default if value is None else value for value in found], dtype=float)
