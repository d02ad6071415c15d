"""Pesaran's unit-root test for panels with a common factor (CIPS)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.diagnostics.balanced_block import wide
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import DETERMINISTIC, Deterministic, deterministics
from forecast.diagnostics.unit_roots.lag_order import (
    LagRule,
    Lags,
    lag_rule,
    lags_note,
    lags_of,
)
from forecast.diagnostics.unit_roots.tables import (
    CIPS_LEVELS,
    CIPS_SIZES,
    cips_critical_values,
    outside,
)
from forecast.errors import EstimationError, choose
from forecast.panel import Panel
from forecast.statistics.variation import REMAINDER, left_of, varies

# Bounds on a country's t in the truncated form (Pesaran 2007, section 3).
BOUNDS = {"none": (-6.12, 4.16), "intercept": (-6.19, 2.61), "trend": (-6.42, 1.70)}


def cips(
    panel: Panel,
    column: str,
    deterministic: Deterministic = "intercept",
    lags: Lags = 1,
    *,
    truncated: bool = True,
) -> TestResult:
    """Return the test that all countries have a unit root, with a common factor allowed for.

    The mean over countries of the t of the lagged level in Dickey-Fuller regressions that include
    the cross-section means of the lagged level and of the change with its lags (Pesaran 2007,
    equations 54 and 61). Means are over the rows used.
    R's ``plm::cipstest(model = "cmg")``, whose ``lags = 0`` is in fact one lag; its default, and
    Stata's ``xtcips``, differ in the lag rule, and its default does not truncate.

    Parameters
    ----------
    panel : Panel
        Without gaps; countries may differ in length.
    column : str
    deterministic : {"none", "intercept", "trend"}
    lags : int, criterion or LagRule
        Lagged changes of a country and of the means: the same for each country, or each country's
        own by the rule, on its augmented regression. Pesaran's points are for a number given.
    truncated : bool
        Whether a country's t is cut at Pesaran's bounds (for short series).

    Returns
    -------
    TestResult
        ``p_value`` is read off the table's 1, 5 and 10 % points, linear in between; beyond them it
        is that end and the note says so.

    Raises
    ------
    EstimationError
        If an argument is not as allowed, or a series has a gap, is too short, does not vary or is
        what its own past and the cross-section's means give exactly.
    """
    width = choose(deterministic, DETERMINISTIC, "deterministic", EstimationError)
    rule = lag_rule(lags)
    values = wide(panel, column)
    level = values.to_numpy(dtype=float)
    present = ~np.isnan(level)
    _refuse_gaps(present, list(values.columns), column)
    t, orders = _country_statistics(level, width, rule, list(values.columns), column)
    if truncated:
        t = np.clip(t, *BOUNDS[deterministic])
    statistic = float(t.mean())
    points = cips_critical_values(len(t), len(level), deterministic, truncated=truncated)
    return TestResult(
        name="CIPS",
        statistic=statistic,
        df=None,
        p_value=float(np.interp(statistic, points, CIPS_LEVELS)),
        null="every country's series has a unit root",
        note=_note(statistic, points, len(t), len(level), lags_note(orders, rule)),
        distribution="tabulated",
    )


def _note(statistic: float, points: Vector, countries: int, years: int, lags: str) -> str:
    notes = [lags, f"critical values at 1, 5, 10 %: {', '.join(f'{p:.2f}' for p in points)}"]
    if statistic < points[0]:
        notes.append(f"the p-value is below {CIPS_LEVELS[0]:g}")
    if statistic > points[-1]:
        notes.append(f"the p-value is above {CIPS_LEVELS[-1]:g}")
    notes.append(outside(countries, countries, CIPS_SIZES, "countries"))
    notes.append(outside(years, years, CIPS_SIZES, "years"))
    return "; ".join(note for note in notes if note)


def _country_statistics(
    level: Matrix, width: int, rule: int | LagRule, names: list[str], column: str
) -> tuple[Vector, list[int]]:
    """Return each country's t of the lagged level, and its number of lagged changes, (N,)."""
    rows = cache(partial(_regressions, level, width))
    present = ~np.isnan(level)
    found, orders = np.empty(level.shape[1]), []
    for j, name in enumerate(names):
        length = int(present[:, j].sum())
        order = lags_of(rule, partial(_without, rows, j), length, (length - width - 5) // 3)
        y, x = rows(order)[j]
        if len(x) <= x.shape[1]:
            raise EstimationError(
                f"CIPS test: {column!r} of {name}: {len(x)} rows are too few for "
                f"{x.shape[1]} coefficients; leave the country out or take fewer lags"
            )
        one = _first_t(x, y) if varies(level[present[:, j], j]) else None
        if one is None:
            raise EstimationError(
                f"CIPS test: {column!r} of {name} does not vary, or follows exactly from its "
                f"own past and the cross-section's means; leave the country out"
            )
        found[j] = one
        orders.append(order)
    return found, orders


def _regressions(level: Matrix, width: int, lags: int) -> list[tuple[Vector, Matrix]]:
    """Return each country's changes, and lagged level, lagged changes, means and terms."""
    change = np.vstack([np.full(level.shape[1], np.nan), np.diff(level, axis=0)])
    parts = [change, _lagged(level, 1), *(_lagged(change, j) for j in range(1, lags + 1))]
    complete = ~np.isnan(np.stack(parts)).any(axis=0)
    with np.errstate(invalid="ignore"):
        means = [np.where(complete, p, 0).sum(axis=1) / complete.sum(axis=1) for p in parts]
    terms = deterministics(len(level), width)
    return [
        (
            change[at, j],
            np.column_stack([*(p[at, j] for p in parts[1:]), *(m[at] for m in means), terms[at]]),
        )
        for j, at in enumerate(complete.T)
    ]


def _without(
    rows: Callable[[int], list[tuple[Vector, Matrix]]], country: int, lags: int, without: int
) -> tuple[Vector, Matrix]:
    y, x = rows(lags)[country]
    return y[without - lags :], x[without - lags :]


def _first_t(x: Matrix, y: Vector) -> float | None:
    """Return the first regressor's t; None where it or the error is nothing but rounding."""
    first, rest = left_of(x[:, 1:], x[:, 0]), left_of(x[:, 1:], y)
    if first is None or rest is None:
        return None
    slope = float(first @ rest / (first @ first))
    resid = rest - slope * first
    if np.linalg.norm(resid) <= REMAINDER * np.linalg.norm(rest):
        return None
    variance = resid @ resid / (len(y) - x.shape[1])
    return slope * float(np.sqrt(first @ first / variance))


def _lagged(values: Matrix, by: int) -> Matrix:
    return np.vstack([np.full((by, values.shape[1]), np.nan), values[:-by]])


def _refuse_gaps(present: np.ndarray, names: list[str], column: str) -> None:
    for j, name in enumerate(names):
        place = np.flatnonzero(present[:, j])
        if not len(place) or len(place) != place[-1] - place[0] + 1:
            raise EstimationError(
                f"CIPS test: {column!r} of {name} has no value or a gap; a series must have none"
            )
