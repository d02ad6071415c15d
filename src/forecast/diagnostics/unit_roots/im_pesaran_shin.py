"""Im, Pesaran and Shin's panel unit-root test."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np

from forecast.arrays import Vector
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import dickey_fuller
from forecast.diagnostics.unit_roots.lag_order import LagRule, Lags, lag_rule, lags_note
from forecast.diagnostics.unit_roots.tables import (
    IPS_LENGTHS,
    IPS_MEAN,
    IPS_VARIANCE,
    between_lengths,
    outside,
)
from forecast.errors import EstimationError
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_cdf

MOST_LAGS = 8  # the table's end


def im_pesaran_shin(
    panel: Panel,
    column: str,
    deterministic: Literal["intercept", "trend"] = "intercept",
    lags: Lags = 1,
    *,
    df_corrected: bool = True,
) -> TestResult:
    """Return the test that all countries have a unit root, against some that have none.

    W = sqrt(N) (mean of the countries' t - mean of E t) / sqrt(mean of V t), standard normal, left
    tail (Im, Pesaran and Shin 2003, equation 4.10). E and V by lags and length from their table 3,
    linear in between, as R's ``plm::purtest(test = "ips", dfcor = TRUE)`` and gretl.

    Parameters
    ----------
    panel : Panel
    column : str
    deterministic : {"intercept", "trend"}
    lags : int, criterion or LagRule
        Lagged changes, at most 8 (the table's end).
    df_corrected : bool
        Whether residual variances are divided by degrees of freedom; plm's default does not.

    Raises
    ------
    EstimationError
        If a series has a gap or is too short for the table, or there is no intercept.
    """
    _checked(deterministic, lags)
    rule = lag_rule(lags)
    limit = partial(_limit, deterministic)
    found = dickey_fuller(
        panel, column, deterministic, rule, df_corrected=df_corrected, limit=limit
    )
    lengths = [len(one.changes) for one in found]
    moments = np.array([_moments(deterministic, one.lags, len(one.changes)) for one in found])
    if np.isnan(moments).any():
        one = found[int(np.isnan(moments).any(axis=1).argmax())]
        raise EstimationError(
            f"Im-Pesaran-Shin test: {column!r} of {one.country}: the table has no moments for "
            f"{len(one.changes)} rows with {one.lags} lags"
        )
    mean, variance = moments.mean(axis=0)
    statistic = np.sqrt(len(found)) * (np.mean([one.t for one in found]) - mean) / np.sqrt(variance)
    return TestResult(
        name="Im-Pesaran-Shin",
        statistic=float(statistic),
        df=None,
        p_value=float(normal_cdf(statistic)),
        null="every country's series has a unit root",
        note=lags_note(
            [one.lags for one in found],
            rule,
            outside(min(lengths), max(lengths), IPS_LENGTHS, "rows"),
        ),
    )


def _limit(deterministic: str, length: int) -> int:
    """Return the most lags up to which the table has moments for a series of that length."""
    for lags in range(MOST_LAGS + 1):
        if np.isnan(_moments(deterministic, lags, length - lags - 1)).any():
            return lags - 1
    return MOST_LAGS


def _moments(deterministic: str, lags: int, rows: int) -> Vector:
    """Return mean and variance of a country's t, linear between the table's lengths."""
    table = np.column_stack([IPS_MEAN[deterministic][lags], IPS_VARIANCE[deterministic][lags]])
    return between_lengths(rows, IPS_LENGTHS, table)


def _checked(deterministic: str, lags: Lags) -> None:
    if deterministic not in IPS_MEAN:
        raise EstimationError(
            f"Im-Pesaran-Shin test: deterministic: found {deterministic!r}, must be 'intercept' or "
            f"'trend'"
        )
    most = lags.most if isinstance(lags, LagRule) else lags
    if isinstance(most, int) and not 0 <= most <= MOST_LAGS:
        raise EstimationError(f"Im-Pesaran-Shin test: lags: found {most}, must be 0 to {MOST_LAGS}")
