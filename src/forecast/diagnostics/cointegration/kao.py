"""Kao's tests of cointegration in panels, with one slope for all countries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Matrix
from forecast.diagnostics.cointegration.series import (
    LongSeries,
    long_series,
    one_sided,
    refuse_collinear,
    window,
)
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError, choose
from forecast.faces import as_names
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_cdf
from forecast.statistics.variation import REMAINDER, left_of

KAO_FORMS: dict[str, str] = {
    "adf": "Kao ADF",
    "df_t": "Kao DF t",
    "df_rho": "Kao DF rho",
    "df_t_star": "Kao DF* t",
    "df_rho_star": "Kao DF* rho",
}


def kao(
    panel: Panel,
    outcome: str,
    drivers: str | Sequence[str],
    form: str = "adf",
    lags: int = 1,
    *,
    bandwidth: int | None = None,
) -> TestResult:
    """Return Kao's (1999) test that outcome and drivers are not cointegrated in any country.

    e are the residuals of the within regression, rho their pooled first-order coefficient.
    ``df_rho``: (sqrt(N) T (rho - 1) + 3 sqrt(N)) / sqrt(10.2); ``df_t``: sqrt(1.25) t +
    sqrt(1.875 N): for drivers strictly exogenous. ``df_rho_star``, ``df_t_star`` and ``adf`` (the t
    with lagged changes) correct for endogeneity by s2 and w2, the variance and long-run variance
    of e_t - rho e_{t-1} given the drivers' changes. All
    standard normal under the null, left tail.

    Parameters
    ----------
    panel : Panel
        Balanced, without gaps.
    outcome : str
    drivers : str or sequence of str
    form : {"adf", "df_t", "df_rho", "df_t_star", "df_rho_star"}
    lags : int
        Lagged changes of the residual in ``adf``.
    bandwidth : int or None
        Of the Bartlett window of long-run variances; None for 4 (T/100)^(2/9).

    Raises
    ------
    EstimationError
        If an argument is not as allowed, the panel is unbalanced or too short, a series does not
        vary, or drivers are collinear or explain the outcome exactly.
    """
    name = choose(form, KAO_FORMS, "form", EstimationError)
    drivers = tuple(as_names(drivers))
    series = long_series(panel, outcome, drivers, f"{name} test")
    length = len(series.y)
    if lags < 0 or length < 2 * lags + 4:
        raise EstimationError(
            f"{name} test: lags: found {lags}, must be 0 to {(length - 4) // 2} with {length} years"
        )
    e = _residuals(series, f"{name} test: the drivers explain {outcome!r} exactly")
    statistic = _statistic(form, e, series, lags, window(bandwidth, length))
    return TestResult(
        name=name,
        statistic=statistic,
        df=None,
        p_value=float(normal_cdf(statistic)),
        null="no country's series are cointegrated",
    )


def _residuals(series: LongSeries, explained: str) -> Matrix:
    """Return the residuals of the within regression, (T, N)."""
    length, n = series.y.shape
    y = (series.y - series.y.mean(axis=0)).T.ravel()
    x = (series.x - series.x.mean(axis=0)).transpose(1, 0, 2).reshape(n * length, -1)
    refuse_collinear(x, "Kao test")
    left = left_of(x, y)
    if left is None:
        raise EstimationError(explained)
    return left.reshape(n, length).T


def _statistic(form: str, e: Matrix, series: LongSeries, lags: int, reach: int) -> float:
    length, n = e.shape
    rho, t = _first_order(e, lags if form == "adf" else 0)
    if form == "df_rho":
        return float(np.sqrt(n) * (length * (rho - 1) + 3) / np.sqrt(10.2))
    if form == "df_t":
        return float(np.sqrt(1.25) * t + np.sqrt(1.875 * n))
    innovations = e[1:] - _first_order(e, 0)[0] * e[:-1]
    ratio = _ratio(innovations, np.diff(series.x, axis=0), reach)
    if form == "df_rho_star":
        spread = np.sqrt(3 + 7.2 * ratio**2)
        return float(np.sqrt(n) * (length * (rho - 1) + 3 * ratio) / spread)
    spread = np.sqrt(1 / (2 * ratio) + 0.3 * ratio)
    return float((t + np.sqrt(6 * n * ratio) / 2) / spread)


def _first_order(e: Matrix, lags: int) -> tuple[float, float]:
    """Return the pooled coefficient of the lagged residual, and the t of its distance from one."""
    change = np.diff(e, axis=0)
    level = e[lags:-1].ravel()
    y = change[lags:].ravel()
    others = [change[lags - j : len(change) - j].ravel() for j in range(1, lags + 1)]
    if others:
        past = np.column_stack(others)
        level = level - past @ np.linalg.lstsq(past, level, rcond=None)[0]
        y = y - past @ np.linalg.lstsq(past, y, rcond=None)[0]
    slope = float(level @ y / (level @ level))
    resid = y - slope * level
    freedom = len(y) if lags == 0 else len(y) - lags - 1
    spread = np.sqrt(resid @ resid / freedom / (level @ level))
    return slope + 1, float(slope / spread)


def _ratio(u: Matrix, changes: np.ndarray, reach: int) -> float:
    """Return s2/w2: variance over long-run variance of u given the drivers' changes."""
    rows, n = u.shape
    short = np.zeros((changes.shape[2] + 1,) * 2)
    long = np.zeros_like(short)
    scale = np.sqrt(np.append((u**2).mean(), (changes**2).mean(axis=(0, 1))))
    for i in range(n):
        w = np.column_stack([u[:, i], changes[:, i]]) / scale
        contemporary = w.T @ w / rows
        ahead = one_sided(w, reach)
        short += contemporary / n
        long += (contemporary + ahead + ahead.T) / n
    found = [
        float(m[0, 0] - m[0, 1:] @ np.linalg.solve(m[1:, 1:], m[1:, 0])) for m in (short, long)
    ]
    if min(found) <= REMAINDER:
        raise EstimationError("Kao test: the residual's long-run variance is not positive")
    return found[0] / found[1]
