"""Augmented Dickey-Fuller regressions, one a country: the parts of panel unit-root tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError, choose
from forecast.panel import Panel

Deterministic = Literal["none", "intercept", "trend"]
DETERMINISTIC: dict[str, int] = {"none": 0, "intercept": 1, "trend": 2}

# MacKinnon (1994, tables 3 and 4): a limit, then powers of t below it and powers above it.
SURFACES: dict[str, tuple[float, tuple[float, ...], tuple[float, ...]]] = {
    "none": (-1.04, (0.6344, 1.2378, 0.032496), (0.4797, 0.93557, -0.06999, 0.033066)),
    "intercept": (-1.61, (2.1659, 1.4412, 0.038269), (1.7339, 0.93202, -0.12745, -0.010368)),
    "trend": (-2.89, (3.2512, 1.6047, 0.049588), (2.5261, 0.61654, -0.37956, -0.060285)),
}


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
    lags: int,
    *,
    df_corrected: bool = True,
) -> list[DickeyFuller]:
    """Return the augmented Dickey-Fuller regression of each country.

    Parameters
    ----------
    panel : Panel
    column : str
        Its missing values at the ends of a country's series are left out; none may be inside.
    deterministic : {"none", "intercept", "trend"}
        ``trend`` includes the intercept.
    lags : int
        Lagged changes, the same number for each country.
    df_corrected : bool
        Whether residual variances are divided by degrees of freedom rather than by rows.

    Raises
    ------
    EstimationError
        If an argument is not as allowed, or a country's series is too short or has a gap.
    """
    width = choose(deterministic, DETERMINISTIC, "deterministic", EstimationError)
    if lags < 0:
        raise EstimationError(f"lags: found {lags}, must be 0 or more")
    found = []
    for country, series in country_series(panel, column).items():
        least = 2 * lags + width + 3
        if len(series) < least:
            raise EstimationError(
                f"unit-root test: {column!r} of {country} has {len(series)} values, at least "
                f"{least} are needed with {lags} lag(s); leave the country out"
            )
        found.append(_regressed(country, series, width, lags, deterministic, df_corrected))
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
    """Return the asymptotic p-value of a Dickey-Fuller t by MacKinnon's (1994) surface."""
    limit, small, large = SURFACES[deterministic]
    coefficients = small if t <= limit else large
    return float(stats.norm.cdf(sum(c * t**power for power, c in enumerate(coefficients))))


def deterministics(rows: int, width: int) -> Matrix:
    """Return no column, an intercept, or an intercept and a trend: (rows, width)."""
    time = np.arange(1.0, rows + 1)
    return np.column_stack([np.ones(rows), time])[:, :width]


def _regressed(
    country: str, series: Vector, width: int, lags: int, det: Deterministic, df_corrected: bool
) -> DickeyFuller:
    change = np.diff(series)
    y, level = change[lags:], series[lags:-1]
    lagged = [change[lags - j : len(change) - j] for j in range(1, lags + 1)]
    others = np.column_stack([*lagged, deterministics(len(y), width)])
    y, level = _residuals(others, y), _residuals(others, level)
    rho = float(level @ y / (level @ level))
    resid = y - rho * level
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


def _residuals(x: Matrix, y: Vector) -> Vector:
    if not x.shape[1]:
        return y
    basis = np.linalg.qr(x / np.linalg.norm(x, axis=0))[0]
    for _ in range(2):  # the second pass removes the rounding of the first
        y = y - basis @ (basis.T @ y)
    return y


def wide(panel: Panel, column: str) -> pd.DataFrame:
    """Return the column as a table of years by countries."""
    return panel.require([column])[column].unstack("country").sort_index()
