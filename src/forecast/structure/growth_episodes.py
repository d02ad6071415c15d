"""Years in which growth per head slowed down or took off, by two published rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from forecast.arrays import Integers, Matrix, Vector
from forecast.errors import DataError

COLUMNS = ("country", "year", "before", "after", "change", "level", "chosen")

Judged = Callable[[Vector, int], tuple[float, float] | None]


def slowdowns(
    income: pd.DataFrame,
    *,
    span: int = 7,
    least_growth: float = 0.035,
    least_change: float = 0.02,
    least_income: float = 10_000.0,
) -> pd.DataFrame:
    """Return years of slowdown by the rule of Eichengreen, Park and Shin (2012).

    A year t is one if average growth over the ``span`` years to t is at least ``least_growth``,
    that over the ``span`` years after is lower by at least ``least_change``, and income in t
    exceeds ``least_income``. Of a run of such years one is ``chosen``: that with the most
    significant break in mean annual growth, all of the run judged on the same years.

    Parameters
    ----------
    income : pandas.DataFrame
        Consecutive years by countries: GDP per head at constant prices, NaN where not known.
    span : int
        Years before and after.
    least_growth, least_change : float
        Log points a year, fractions.
    least_income : float
        In the unit of ``income``. The authors' is in PPP dollars of 2005: a table in dollars of
        another year needs another figure.

    Returns
    -------
    pandas.DataFrame
        ``country, year``; ``before, after, change``, growth a year, fractions; ``level``, income
        in the year; ``chosen``. The authors' exclusion of oil exporters is the caller's.

    Raises
    ------
    DataError
        If years are not consecutive, a level is not positive, or ``span`` is below 2.
    """

    def judged(path: Vector, t: int) -> tuple[float, float] | None:
        before, after = (path[t] - path[t - span]) / span, (path[t + span] - path[t]) / span
        slow = before >= least_growth and before - after >= least_change
        return (before, after) if slow and path[t] > np.log(least_income) else None

    return _episodes(income, span, judged, _mean_break)


def accelerations(
    income: pd.DataFrame,
    *,
    span: int = 7,
    least_growth: float = 0.035,
    least_change: float = 0.02,
    apart: int = 5,
) -> pd.DataFrame:
    """Return years in which growth took off, by the rule of Hausmann, Pritchett and Rodrik (2005).

    A year t is one if trend growth (least squares on log income) from t to t + ``span`` is at
    least ``least_growth``, exceeds that from t - ``span`` to t by at least ``least_change``, and
    income in t + ``span`` exceeds that of every year to t. Of a run of such years one is
    ``chosen``: that in which a spline of log income with its knot there fits best. A chosen year
    no more than ``apart`` years after the one before is not chosen.

    Parameters
    ----------
    income : pandas.DataFrame
        Consecutive years by countries: GDP per head at constant prices, NaN where not known.
    span : int
        Years before and after.
    least_growth, least_change : float
        Log points a year, fractions.
    apart : int
        Years that must lie between two.

    Returns
    -------
    pandas.DataFrame
        As of `slowdowns`. The authors' exclusions (fewer than 20 years, or than a million
        people) are the caller's.

    Raises
    ------
    DataError
        If years are not consecutive, a level is not positive, or ``span`` is below 2.
    """
    steps = np.arange(span + 1) - span / 2
    weights = steps / (steps @ steps)

    def judged(path: Vector, t: int) -> tuple[float, float] | None:
        before = float(weights @ path[t - span : t + 1])
        after = float(weights @ path[t : t + span + 1])
        fast = after >= least_growth and after - before >= least_change
        return (before, after) if fast and path[t + span] > np.nanmax(path[: t + 1]) else None

    found = _episodes(income, span, judged, _spline)
    for _, own in found[found["chosen"]].groupby("country"):
        kept = -np.inf
        for place, year in own["year"].items():
            if year - kept > apart:
                kept = year
            else:
                found.loc[place, "chosen"] = False
    return found


def _episodes(
    income: pd.DataFrame, span: int, judged: Judged, fit: Callable[[Vector, int], Matrix]
) -> pd.DataFrame:
    years = _years(income, span)
    rows: list[tuple[object, ...]] = []
    for country in income.columns:
        levels = income[country].to_numpy(dtype=np.float64)
        if (levels <= 0).any():
            raise DataError(f"growth episodes: {country}: income must be positive")
        path = np.log(levels)
        places = range(span, len(path) - span)
        whole = [t for t in places if np.isfinite(path[t - span : t + span + 1]).all()]
        met = {t: growth for t in whole if (growth := judged(path, t)) is not None}
        chosen = {_best(path, run, span, fit) for run in _runs(list(met))}
        rows += [
            (country, int(years[t]), g0, g1, g1 - g0, levels[t], t in chosen)
            for t, (g0, g1) in met.items()
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"chosen": bool})


def _years(income: pd.DataFrame, span: int) -> Integers:
    years = income.index.to_numpy(dtype=np.int64)
    if (np.diff(years) != 1).any():
        raise DataError("growth episodes: years must be consecutive and in order")
    if span < 2:
        raise DataError(f"growth episodes: span: found {span}, must be 2 or more")
    return years


def _runs(places: list[int]) -> list[list[int]]:
    if not places:
        return []
    cuts = [i for i, (a, b) in enumerate(pairwise(places), start=1) if b - a > 1]
    return [places[a:b] for a, b in pairwise([0, *cuts, len(places)])]


def _best(path: Vector, run: list[int], span: int, fit: Callable[[Vector, int], Matrix]) -> int:
    """Return the break of a run with the largest F: the least squared error on common years."""
    first = run[0] - span
    own = path[first : run[-1] + span + 1]
    errors = [_squared_error(own, fit(own, t - first), fit is _mean_break) for t in run]
    return run[int(np.argmin(errors))]


def _squared_error(own: Vector, columns: Matrix, growth: bool) -> float:
    target = np.diff(own) if growth else own
    left = target - columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
    return float(left @ left)


def _mean_break(own: Vector, t: int) -> Matrix:
    """Return the columns of a mean of annual growth to ``t``, and another after."""
    late = np.arange(1, len(own)) > t
    return np.column_stack([~late, late]).astype(np.float64)


def _spline(own: Vector, t: int) -> Matrix:
    """Return the columns of a line with a kink at ``t``."""
    time = np.arange(len(own), dtype=np.float64)
    return np.column_stack([np.ones_like(time), time, np.maximum(time - t, 0)])
