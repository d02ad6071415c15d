"""Fisher-type panel unit-root tests: the countries' p-values put together."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import (
    Deterministic,
    dickey_fuller,
    p_within_limits,
)
from forecast.errors import EstimationError
from forecast.panel import Panel

Combination = Literal["maddala_wu", "choi_pm", "inverse_normal", "logit"]
COMBINATIONS = ("maddala_wu", "choi_pm", "inverse_normal", "logit")


def fisher_unit_root(
    panel: Panel,
    column: str,
    combination: Combination = "maddala_wu",
    deterministic: Deterministic = "intercept",
    lags: int = 1,
    *,
    df_corrected: bool = True,
) -> TestResult:
    """Return the test that all countries have a unit root, by their Dickey-Fuller p-values p_i.

    ``maddala_wu``: -2 sum log p_i, chi-squared with 2N (Maddala and Wu 1999). ``choi_pm``: sum
    (-2 log p_i - 2) / (2 sqrt(N)), right tail; ``inverse_normal``: sum Phi^-1(p_i) / sqrt(N), left
    tail; ``logit``: sum log(p_i / (1 - p_i)) scaled to a t with 5N + 4, left tail (Choi 2001).
    p_i are asymptotic (MacKinnon 1994); plm takes MacKinnon's (1996) unless told otherwise. A t
    beyond the surface's limits counts as one at the limit, so that no country outweighs all others
    together by a p of 0 or 1 (plm lets the surface run on, where it turns back).

    Raises
    ------
    EstimationError
        If the combination is unknown, or a series has a gap, is too short or does not vary.
    """
    if combination not in COMBINATIONS:
        raise EstimationError(
            f"combination: found {combination!r}, must be one of {', '.join(COMBINATIONS)}"
        )
    found = dickey_fuller(panel, column, deterministic, lags, df_corrected=df_corrected)
    p = np.array([p_within_limits(one.t, deterministic) for one in found])
    n = len(p)
    df: int | None = None
    if combination == "maddala_wu":
        statistic, df = -2 * float(np.log(p).sum()), 2 * n
        p_value = float(stats.chi2.sf(statistic, df))
    elif combination == "choi_pm":
        statistic = float((-2 * np.log(p) - 2).sum() / (2 * np.sqrt(n)))
        p_value = float(stats.norm.sf(statistic))
    elif combination == "inverse_normal":
        statistic = float(stats.norm.ppf(p).sum() / np.sqrt(n))
        p_value = float(stats.norm.cdf(statistic))
    else:
        df = 5 * n + 4
        scale = np.sqrt(3 * (5 * n + 4) / (np.pi**2 * n * (5 * n + 2)))
        statistic = float(scale * (np.log(p) - np.log1p(-p)).sum())
        p_value = float(stats.t.cdf(statistic, df))
    return TestResult(
        name=f"Fisher ({combination.replace('_', ' ')})",
        statistic=statistic,
        df=df,
        p_value=p_value,
        null="every country's series has a unit root",
        distribution="t" if combination == "logit" else "",
    )
