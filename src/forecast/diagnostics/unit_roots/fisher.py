"""Fisher-type panel unit-root tests: the countries' p-values put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from forecast.arrays import Vector
from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import (
    Deterministic,
    DickeyFuller,
    dickey_fuller,
    p_within_limits,
)
from forecast.diagnostics.unit_roots.dickey_fuller_p import simulated_p
from forecast.diagnostics.unit_roots.lag_order import Lags, lag_rule, lags_note
from forecast.errors import EstimationError, choose
from forecast.panel import Panel
from forecast.statistics.significance.tails import (
    chi2_sf,
    normal_cdf,
    normal_quantile,
    normal_sf,
    t_cdf,
)

Surface = Literal["mackinnon_1994", "simulated", "simulated_finite"]
Combination = Literal["maddala_wu", "choi_pm", "inverse_normal", "logit"]
# A country's p-value by the surface named.
SURFACES: dict[str, Callable[[DickeyFuller, Deterministic], float]] = {
    "mackinnon_1994": lambda one, terms: p_within_limits(one.t, terms),
    "simulated": lambda one, terms: simulated_p(one.t, terms),
    "simulated_finite": lambda one, terms: simulated_p(one.t, terms, len(one.changes)),
}
COMBINATIONS = ("maddala_wu", "choi_pm", "inverse_normal", "logit")


def fisher_unit_root(
    panel: Panel,
    column: str,
    combination: Combination = "maddala_wu",
    deterministic: Deterministic = "intercept",
    lags: Lags = 1,
    *,
    df_corrected: bool = True,
    surface: Surface = "mackinnon_1994",
) -> TestResult:
    """Return the test that all countries have a unit root, by their Dickey-Fuller p-values p_i.

    ``maddala_wu``: -2 sum log p_i, chi-squared with 2N (Maddala and Wu 1999). ``choi_pm``: sum
    (-2 log p_i - 2) / (2 sqrt(N)), right tail; ``inverse_normal``: sum Phi^-1(p_i) / sqrt(N), left
    tail; ``logit``: sum log(p_i / (1 - p_i)) scaled to a t with 5N + 4, left tail (Choi 2001).

    Parameters
    ----------
    panel : Panel
        Countries may differ in length.
    column : str
    combination : {"maddala_wu", "choi_pm", "inverse_normal", "logit"}
    deterministic : {"none", "intercept", "trend"}
    lags : int, criterion or LagRule
        Lagged changes: the same for each country, or each country's own by the rule.
    df_corrected : bool
        Whether residual variances are divided by degrees of freedom.
    surface : {"mackinnon_1994", "simulated", "simulated_finite"}
        Where p_i comes from. MacKinnon's (1994) asymptotic surface: a t beyond its limits counts as
        one at the limit, so that no country outweighs all others together by a p of 0 or 1 (plm
        lets the surface run on, where it turns back). ``simulated``: an own simulation, asymptotic,
        equal to MacKinnon's (1996), plm's default, to 0.006 in the normal quantile between p of
        0.0005 and 0.9995 and to an order of magnitude beyond. ``simulated_finite``: the same for
        the country's number of rows.

    Raises
    ------
    EstimationError
        If the combination is unknown, or a series has a gap, is too short or does not vary.
    """
    if combination not in COMBINATIONS:
        raise EstimationError(
            f"combination: found {combination!r}, must be one of {', '.join(COMBINATIONS)}"
        )
    p_of = choose(surface, SURFACES, "surface", EstimationError)
    rule = lag_rule(lags)
    found = dickey_fuller(panel, column, deterministic, rule, df_corrected=df_corrected)
    # away from 0 and 1, where logarithms and normal quantiles end
    p = np.clip([p_of(one, deterministic) for one in found], np.finfo(float).tiny, 1 - 2.0**-53)
    statistic, df, p_value = _combined(combination, p)
    return TestResult(
        name=f"Fisher ({combination.replace('_', ' ')})",
        statistic=statistic,
        df=df,
        p_value=p_value,
        null="every country's series has a unit root",
        note=lags_note([one.lags for one in found], rule),
        distribution="t" if combination == "logit" else "",
    )


def _combined(combination: Combination, p: Vector) -> tuple[float, int | None, float]:
    """Return the statistic, its degrees of freedom and its p-value."""
    n = len(p)
    if combination == "maddala_wu":
        statistic = -2 * float(np.log(p).sum())
        return statistic, 2 * n, float(chi2_sf(statistic, 2 * n))
    if combination == "choi_pm":
        statistic = float((-2 * np.log(p) - 2).sum() / (2 * np.sqrt(n)))
        return statistic, None, float(normal_sf(statistic))
    if combination == "inverse_normal":
        statistic = float(normal_quantile(p).sum() / np.sqrt(n))
        return statistic, None, float(normal_cdf(statistic))
    scale = np.sqrt(3 * (5 * n + 4) / (np.pi**2 * n * (5 * n + 2)))
    statistic = float(scale * (np.log(p) - np.log1p(-p)).sum())
    return statistic, 5 * n + 4, float(t_cdf(statistic, 5 * n + 4))
