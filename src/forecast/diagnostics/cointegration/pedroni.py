"""Pedroni's seven tests of cointegration in panels, with slopes of each country's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.diagnostics.cointegration.series import (
    LongSeries,
    long_run_variances,
    long_series,
    refuse_collinear,
    window,
)
from forecast.diagnostics.cointegration.tables import PEDRONI
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import DETERMINISTIC, Deterministic, deterministics
from forecast.errors import EstimationError, choose
from forecast.faces import as_names
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_cdf, normal_sf
from forecast.statistics.variation import left_of

# Name, and column of the mean in the table of moments; the variance is five further on.
PEDRONI_FORMS: dict[str, tuple[str, int]] = {
    "panel_v": ("Pedroni panel v", 0),
    "panel_rho": ("Pedroni panel rho", 1),
    "panel_t": ("Pedroni panel t", 2),
    "panel_adf": ("Pedroni panel ADF", 2),
    "group_rho": ("Pedroni group rho", 3),
    "group_t": ("Pedroni group t", 4),
    "group_adf": ("Pedroni group ADF", 4),
}


def pedroni(
    panel: Panel,
    outcome: str,
    drivers: str | Sequence[str],
    form: str = "group_adf",
    deterministic: Deterministic = "intercept",
    lags: int = 1,
    *,
    bandwidth: int | None = None,
) -> TestResult:
    """Return Pedroni's (1999, 2004) test that outcome and drivers are cointegrated nowhere.

    Statistics of the paper's table 1 on each country's residuals, less mean times sqrt(N), over the
    root of the variance of its table 2: standard normal. ``panel_v`` rejects on the right, the
    other six on the left. Panel statistics pool numerators and denominators, weighted by 1/L2, L2
    the long-run variance of the outcome's change given the drivers'; group ones are means of the
    countries'. rho and t are corrected for serial dependence by Bartlett weights, ADF by lagged
    changes (its pooled variance divided by L2, as that of panel t is and the print's is not: units
    would matter).

    Parameters
    ----------
    panel : Panel, balanced, without gaps
    outcome : str
    drivers : str or sequence of str, at most seven
    form : {"panel_v", "panel_rho", "panel_t", "panel_adf", "group_rho", "group_t", "group_adf"}
    deterministic : {"none", "intercept", "trend"}
    lags : int
        Lagged changes of the residual in the ADF statistics.
    bandwidth : int or None
        None for 4 (T/100)^(2/9).

    Raises
    ------
    EstimationError
        If an argument is not as allowed, the panel is unbalanced or too short, a series does not
        vary, or drivers are collinear or explain a country's outcome exactly.
    """
    name, column = choose(form, PEDRONI_FORMS, "form", EstimationError)
    width = choose(deterministic, DETERMINISTIC, "deterministic", EstimationError)
    drivers = tuple(as_names(drivers))
    series = long_series(panel, outcome, drivers, f"{name} test")
    (length, n), k, table = series.y.shape, len(drivers), PEDRONI[deterministic]
    room = min((length - 4) // 2, length - width - k - 3)
    if k > len(table) or not 0 <= lags <= room:
        raise EstimationError(
            f"{name} test: found {k} drivers and {lags} lags, at most {len(table)} and "
            f"{room} are possible with {length} years"
        )
    e = _residuals(series, width, f"{name} test: the drivers explain {outcome!r}")
    reach = window(bandwidth, length)
    raw, moments = _raw(form, e, _long_run(series, reach), lags, reach), table[k - 1]
    statistic = float((raw - moments[column] * np.sqrt(n)) / np.sqrt(moments[column + 5]))
    return TestResult(
        name=name,
        statistic=statistic,
        df=None,
        p_value=float(normal_sf(statistic) if form == "panel_v" else normal_cdf(statistic)),
        null="no country's series are cointegrated",
    )


def _residuals(series: LongSeries, width: int, explained: str) -> Matrix:
    """Return each country's residuals, (T, N)."""
    terms = deterministics(len(series.y), width)
    found = np.empty_like(series.y)
    for i, country in enumerate(series.countries):
        design = np.column_stack([terms, series.x[:, i]])
        refuse_collinear(design, f"Pedroni test: {country}")
        left = left_of(design, series.y[:, i])
        if left is None:
            raise EstimationError(f"{explained} of {country} exactly; leave the country out")
        found[:, i] = left
    return found


def _long_run(series: LongSeries, reach: int) -> Vector:
    """Return the long-run variance of the outcome's change given the drivers' changes, (N,)."""
    dy, dx = np.diff(series.y, axis=0), np.diff(series.x, axis=0)
    rest = [left_of(dx[:, i], dy[:, i]) for i in range(dy.shape[1])]
    for country, one in zip(series.countries, rest, strict=True):
        if one is None:
            raise EstimationError(
                f"Pedroni test: the drivers' changes explain the outcome's of {country} exactly; "
                f"leave the country out"
            )
    return long_run_variances(np.column_stack([one for one in rest if one is not None]), reach)


def _raw(form: str, e: Matrix, l2: Vector, lags: int, reach: int) -> float:
    """Return the statistic before its moments are taken off (Pedroni 1999, table 1)."""
    length, n = e.shape
    if form.endswith("adf"):
        level, change, variance = _augmented(e, lags)
        product = (level * change).sum(axis=0)
        square = (level**2).sum(axis=0)
    else:
        square = (e[:-1] ** 2).sum(axis=0)
        rho = (e[:-1] * e[1:]).sum(axis=0) / square
        mu = e[1:] - rho * e[:-1]
        variance = long_run_variances(mu, reach)
        serial = (variance - (mu**2).mean(axis=0)) / 2
        product = (e[:-1] * np.diff(e, axis=0)).sum(axis=0) - (length - 1) * serial
    if form == "panel_v":
        return float(length**2 * n**1.5 / (square / l2).sum())
    if form == "panel_rho":
        return float(length * np.sqrt(n) * (product / l2).sum() / (square / l2).sum())
    if form in ("panel_t", "panel_adf"):
        pooled = (variance / l2).mean() * (square / l2).sum()
        return float((product / l2).sum() / np.sqrt(pooled))
    if form == "group_rho":
        return float(length / np.sqrt(n) * (product / square).sum())
    return float((product / np.sqrt(variance * square)).sum() / np.sqrt(n))


def _augmented(e: Matrix, lags: int) -> tuple[Matrix, Matrix, Vector]:
    """Return lagged level and change less their part in lagged changes, and residual variances."""
    change = np.diff(e, axis=0)
    level, y = e[lags:-1].copy(), change[lags:].copy()
    for i in range(e.shape[1] if lags else 0):
        past = np.column_stack([change[lags - j : len(change) - j, i] for j in range(1, lags + 1)])
        both = np.column_stack([level[:, i], y[:, i]])
        both -= past @ np.linalg.lstsq(past, both, rcond=None)[0]
        level[:, i], y[:, i] = both.T
    slope = (level * y).sum(axis=0) / (level**2).sum(axis=0)
    return level, y, ((y - slope * level) ** 2).mean(axis=0)
