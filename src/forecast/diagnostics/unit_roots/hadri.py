"""Hadri's test of stationarity in panels."""

from __future__ import annotations

from typing import Literal

import numpy as np

from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import common_length, country_series, deterministics
from forecast.errors import EstimationError, choose
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_sf
from forecast.statistics.variation import left_of, varies

# mean and variance of the limit (Hadri 2000, sections 3.1 and 3.2)
MOMENTS = {"intercept": (1 / 6, 1 / 45), "trend": (1 / 15, 11 / 6300)}


def hadri(
    panel: Panel,
    column: str,
    deterministic: Literal["intercept", "trend"] = "intercept",
    *,
    robust: bool = True,
) -> TestResult:
    """Return the test that all countries are stationary, about a level or a trend.

    Z = sqrt(N) (LM - mean) / sd, LM the mean over countries of sum of squared partial sums of
    residuals / (T^2 s2), standard normal, right tail (Hadri 2000). Residual variances without
    correction for serial dependence, as R's ``plm::purtest(test = "hadri")``: persistent but
    stationary series reject too often.

    Parameters
    ----------
    panel : Panel
    column : str
        Balanced, without gaps.
    deterministic : {"intercept", "trend"}
    robust : bool
        Whether each country has its own variance (plm's ``Hcons``), or all share one.

    Raises
    ------
    EstimationError
        If the panel is unbalanced, a series has a gap or does not vary about its level or trend,
        or there is no intercept.
    """
    mean, variance = choose(deterministic, MOMENTS, "deterministic", EstimationError)
    series = country_series(panel, column)
    length = common_length([len(one) for one in series.values()], "Hadri test")
    y = np.column_stack(list(series.values()))
    x = deterministics(length, 1 if deterministic == "intercept" else 2)
    resid = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    for country, one in series.items():
        if not varies(one) or left_of(x, one) is None:
            raise EstimationError(
                f"Hadri test: {column!r} of {country} does not vary about its "
                f"{'level' if deterministic == 'intercept' else 'trend'}; leave the country out"
            )
    own = (resid**2).mean(axis=0)
    sums = (np.cumsum(resid, axis=0) ** 2).sum(axis=0) / length**2
    lm = float(np.mean(sums / own) if robust else sums.mean() / own.mean())
    statistic = float(np.sqrt(y.shape[1]) * (lm - mean) / np.sqrt(variance))
    return TestResult(
        name="Hadri",
        statistic=statistic,
        df=None,
        p_value=float(normal_sf(statistic)),
        null="every country's series is stationary",
    )
