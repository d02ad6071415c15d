"""Augmented Dickey-Fuller regressions, one a country: the parts of panel unit-root tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.diagnostics.unit_roots.lag_order import Lags, Limit, lag_rule, lags_of
from forecast.errors import EstimationError, choose
from forecast.panel import Panel
from forecast.statistics.variation import REMAINDER, left_of, varies

Deterministic = Literal["none", "intercept", "trend"]
DETERMINISTIC: dict[str, int] = {"none": 0, "intercept": 1, "trend": 2}
# The same in statsmodels' words.
_REGRESSION = {"none": "n", "intercept": "c", "trend": "ct"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DickeyFuller:
    """The regression of one country's changes on its lagged level.

    Attributes
    ----------
    country : label.
    t : t statistic of the lagged level.
    p_value : of the unit root, asymptotic (MacKinnon 1994).
    sigma : residual standard deviation.
    length : length of the series.
    lags : lagged changes in the regression.
    changes, levels : (length - lags - 1,) change and lagged level, each less its projection on the
        other regressors.
    """

    country: str
    t: float
    p_value: float
    sigma: float
    length: int
    lags: int
    changes: Vector
    levels: Vector


def dickey_fuller(
    panel: Panel,
    column: str,
    deterministic: Deterministic,
    lags: Lags,
    *,
    df_corrected: bool = True,
    limit: Limit | None = None,
) -> list[DickeyFuller]:
    """Return the augmented Dickey-Fuller regression of each country.

    Parameters
    ----------
    panel : Panel
    column : str
        Its missing values at the ends of a country's series are left out; none may be inside.
    deterministic : {"none", "intercept", "trend"}
        ``trend`` includes the intercept.
    lags : int, criterion or LagRule
        Lagged changes: the same number for each country, or each country's own by the rule.
    df_corrected : bool
        Whether residual variances are divided by degrees of freedom rather than by rows.
    limit : function or None
        Of a series' length: most lags that a rule without ``most`` may try.

    Raises
    ------
    EstimationError
        If an argument is not as allowed, or a country's series is too short, has a gap, does not
        vary or is exactly what its own past and the deterministic part give.
    """
    width = choose(deterministic, DETERMINISTIC, "deterministic", EstimationError)
    rule = lag_rule(lags)
    found = []
    for country, series in country_series(panel, column).items():
        room = (len(series) - width - 3) // 2
        order = lags_of(
            rule,
            partial(_rows, series, width),
            len(series),
            room,
            limit=limit,
            df_corrected=df_corrected,
        )
        if order > room:
            raise EstimationError(
                f"unit-root test: {column!r} of {country} has {len(series)} values, at least "
                f"{2 * order + width + 3} are needed with {order} lag(s); leave the country out"
            )
        one = _regressed(country, series, width, order, deterministic, df_corrected)
        if one is None:
            raise EstimationError(
                f"unit-root test: {column!r} of {country} does not vary, or follows exactly from "
                f"its own past; leave the country out"
            )
        found.append(one)
    return found


def country_series(panel: Panel, column: str) -> dict[str, Vector]:
    """Return each country's values without missing ones at its ends.

    Raises
    ------
    EstimationError
        If a year is missing inside a series, or there is no value at all.
    DataError
        If the column does not exist.
    """
    values = panel.require([column])[column].dropna()
    found: dict[str, Vector] = {}
    for country, one in values.groupby(level="country"):
        years = one.index.get_level_values("year").to_numpy()
        gaps = np.flatnonzero(np.diff(years) != panel.step)
        if len(gaps):
            raise EstimationError(
                f"unit-root test: {column!r} of {country}: the year after {years[gaps[0]]} is "
                f"missing; a series must have no gap"
            )
        found[str(country)] = one.to_numpy(dtype=float)
    if not found:
        raise EstimationError(f"unit-root test: {column!r} has no value in {panel.source}")
    return found


def common_length(series: Sequence[int], test: str) -> int:
    """Return the length that all series have; EstimationError where they differ."""
    lengths = sorted(set(series))
    if len(lengths) > 1:
        raise EstimationError(
            f"{test}: needs a balanced panel; found series of {lengths[0]} to {lengths[-1]} values"
        )
    return lengths[0]


def p_of_t(t: float, deterministic: Deterministic) -> float:
    """Return the asymptotic p-value of a Dickey-Fuller t by MacKinnon's (1994) surface.

    The surface is fitted between two limits (-18.83 and 2.74 with an intercept); beyond them the
    value is 0 and 1.
    """
    from statsmodels.tsa import adfvalues

    return float(adfvalues.mackinnonp(t, regression=_REGRESSION[deterministic]))


def p_within_limits(t: float, deterministic: Deterministic) -> float:
    """Return the p-value with t moved to the surface's nearer limit: never 0, never 1."""
    from statsmodels.tsa import adfvalues

    limits = {
        "none": (adfvalues.tau_min_nc[0], adfvalues.tau_max_nc[0]),
        "intercept": (adfvalues.tau_min_c[0], adfvalues.tau_max_c[0]),
        "trend": (adfvalues.tau_min_ct[0], adfvalues.tau_max_ct[0]),
    }
    p = p_of_t(float(np.clip(t, *limits[deterministic])), deterministic)
    return min(p, 1 - 2.0**-53)  # without an intercept the surface has no upper limit


def deterministics(rows: int, width: int) -> Matrix:
    """Return no column, an intercept, or an intercept and a trend: (rows, width)."""
    time = np.arange(1.0, rows + 1)
    return np.column_stack([np.ones(rows), time])[:, :width]


def _regressed(
    country: str, series: Vector, width: int, lags: int, det: Deterministic, df_corrected: bool
) -> DickeyFuller | None:
    """Return the regression; None where the level or the error is nothing but rounding."""
    if not varies(series):
        return None
    changes, x = _rows(series, width, lags, lags)
    others = x[:, 1:]
    y, level = left_of(others, changes), left_of(others, x[:, 0])
    if y is None or level is None:
        return None
    rho = float(level @ y / (level @ level))
    resid = y - rho * level
    if np.linalg.norm(resid) <= REMAINDER * np.linalg.norm(y):
        return None
    rows = len(y) - (others.shape[1] + 1 if df_corrected else 0)
    sigma = float(np.sqrt(resid @ resid / rows))
    t = rho * float(np.sqrt(level @ level)) / sigma
    return DickeyFuller(
        country=country,
        t=t,
        p_value=p_of_t(t, det),
        sigma=sigma,
        length=len(series),
        lags=lags,
        changes=y,
        levels=level,
    )


def _rows(series: Vector, width: int, lags: int, without: int) -> tuple[Vector, Matrix]:
    """Return changes and [lagged level, lagged changes, terms], without the first changes."""
    change = np.diff(series)
    lagged = [change[without - j : len(change) - j] for j in range(1, lags + 1)]
    terms = deterministics(len(change) - without, width)
    return change[without:], np.column_stack([series[without:-1], *lagged, terms])
