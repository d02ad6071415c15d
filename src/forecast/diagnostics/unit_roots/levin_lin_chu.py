"""Levin, Lin and Chu's panel unit-root test."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Vector
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import (
    DETERMINISTIC,
    Deterministic,
    common_length,
    country_series,
    deterministics,
    dickey_fuller,
)
from forecast.diagnostics.unit_roots.lag_order import Lags, lag_rule, lags_note
from forecast.diagnostics.unit_roots.tables import LLC, LLC_LENGTHS, between_lengths, outside
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_cdf


def levin_lin_chu(
    panel: Panel,
    column: str,
    deterministic: Deterministic = "intercept",
    lags: Lags = 1,
    *,
    df_corrected: bool = True,
) -> TestResult:
    """Return the test that all countries share a unit root, against one common root below one.

    The pooled t of the lagged level, adjusted: (t - N T~ S se(rho) mu / s2) / sigma, standard
    normal, left tail (Levin, Lin and Chu 2002, equation 12). Long-run variances by Bartlett weights
    with bandwidth round(3.21 T^(1/3)); mu and sigma of their table 2 at T, linear in between, as
    R's ``plm::purtest(test = "levinlin")``. ``df_corrected = False`` is plm's default.

    Parameters
    ----------
    panel : Panel
    column : str
        Balanced, without gaps.
    deterministic : {"none", "intercept", "trend"}
    lags : int, criterion or LagRule
        Lagged changes: the same for each country, or each country's own by the rule.
    df_corrected : bool
        Whether residual variances are divided by degrees of freedom.

    Raises
    ------
    EstimationError
        If the panel is unbalanced, or a series has a gap or is too short.
    """
    rule = lag_rule(lags)
    found = dickey_fuller(panel, column, deterministic, rule, df_corrected=df_corrected)
    length = common_length([one.length for one in found], "Levin-Lin-Chu test")
    series, width = country_series(panel, column), DETERMINISTIC[deterministic]
    long_run = np.array([_long_run_sigma(series[one.country], width) for one in found])
    ratio = float(np.mean(long_run / np.array([one.sigma for one in found])))
    y = np.concatenate([one.changes / one.sigma for one in found])
    x = np.concatenate([one.levels / one.sigma for one in found])
    rho = float(x @ y / (x @ x))
    resid = y - rho * x
    rss, rows = float(resid @ resid), len(y)
    spread = float(np.sqrt(rss / (rows - df_corrected) / (x @ x)))
    mean, deviation = between_lengths(length, LLC_LENGTHS, LLC[deterministic])
    statistic = (rho / spread - rows * ratio / (rss / rows) * spread * mean) / deviation
    return TestResult(
        name="Levin-Lin-Chu",
        statistic=statistic,
        df=None,
        p_value=float(normal_cdf(statistic)),
        null="every country's series has a unit root",
        note=lags_note(
            [one.lags for one in found],
            rule,
            outside(length, min(length, LLC_LENGTHS[-1]), LLC_LENGTHS, "years"),  # 500: the limit
        ),
    )


def _long_run_sigma(series: Vector, width: int) -> float:
    change = np.diff(series)
    if width:
        x = deterministics(len(change), width)
        change = change - x @ np.linalg.lstsq(x, change, rcond=None)[0]
    bandwidth = round(3.21 * len(series) ** (1 / 3))
    variance = float(change @ change)
    for lag in range(1, min(bandwidth, len(change) - 1) + 1):
        variance += 2 * (1 - lag / (bandwidth + 1)) * float(change[lag:] @ change[:-lag])
    return float(np.sqrt(variance / len(change)))
