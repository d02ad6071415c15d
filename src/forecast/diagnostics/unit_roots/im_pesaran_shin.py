"""Im, Pesaran and Shin's panel unit-root test."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import dickey_fuller
from forecast.diagnostics.unit_roots.tables import (
    IPS_LENGTHS,
    IPS_MEAN,
    IPS_VARIANCE,
    between_lengths,
    outside,
)
from forecast.errors import EstimationError
from forecast.panel import Panel


def im_pesaran_shin(
    panel: Panel,
    column: str,
    deterministic: Literal["intercept", "trend"] = "intercept",
    lags: int = 1,
    *,
    df_corrected: bool = True,
) -> TestResult:
    """Return the test that all countries have a unit root, against some that have none.

    W = sqrt(N) (mean of the countries' t - mean of E t) / sqrt(mean of V t), standard normal (Im,
    Pesaran and Shin 2003, equation 4.10). E and V by lags and length from their table 3, linear in
    between, as R's ``plm::purtest(test = "ips", dfcor = TRUE)`` and gretl.

    Parameters
    ----------
    panel : Panel
        Countries may differ in length.
    column : str
    deterministic : {"intercept", "trend"}
    lags : int
        Lagged changes, at most 8 (the table's end).
    df_corrected : bool
        Whether residual variances are divided by degrees of freedom; plm's default does not.

    Returns
    -------
    TestResult
        p-value of the left tail.

    Raises
    ------
    EstimationError
        If a series has a gap or is too short for the table, or there is no intercept.
    """
    _checked(deterministic, lags)
    found = dickey_fuller(panel, column, deterministic, lags, df_corrected=df_corrected)
    lengths = [one.length - lags - 1 for one in found]
    table = np.column_stack([IPS_MEAN[deterministic][lags], IPS_VARIANCE[deterministic][lags]])
    moments = np.array([between_lengths(length, IPS_LENGTHS, table) for length in lengths])
    if np.isnan(moments).any():
        raise EstimationError(
            f"Im-Pesaran-Shin test: {column!r}: the table has no moments for {min(lengths)} rows "
            f"with {lags} lags"
        )
    mean, variance = moments.mean(axis=0)
    statistic = np.sqrt(len(found)) * (np.mean([one.t for one in found]) - mean) / np.sqrt(variance)
    return TestResult(
        name="Im-Pesaran-Shin",
        statistic=float(statistic),
        df=None,
        p_value=float(stats.norm.cdf(statistic)),
        null="every country's series has a unit root",
        note=outside(min(lengths), max(lengths), IPS_LENGTHS, "rows"),
    )


def _checked(deterministic: str, lags: int) -> None:
    if deterministic not in IPS_MEAN:
        raise EstimationError(
            f"Im-Pesaran-Shin test: deterministic: found {deterministic!r}, must be 'intercept' or "
            f"'trend'"
        )
    if not 0 <= lags <= 8:
        raise EstimationError(f"Im-Pesaran-Shin test: lags: found {lags}, must be 0 to 8")
