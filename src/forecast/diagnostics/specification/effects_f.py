"""The F test for fixed effects."""

from __future__ import annotations

import numpy as np

from forecast.diagnostics.classical import refuse_weights
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.statistics.significance.tails import f_sf


def f_test_of_effects(without: Estimate, within: Estimate) -> TestResult:
    """Return the F test that the fixed effects of ``within`` which ``without`` lacks are zero.

    F = ((rss_0 - rss_1) / (df_0 - df_1)) / (rss_1 / df_1) (Baltagi 2021, section 2.2; R's
    ``plm::pFtest``). It supposes independent errors of one variance, whatever covariance the
    estimates carry.

    Parameters
    ----------
    without : Estimate
        The smaller model: ``pooled``, or ``within`` with fewer effects.
    within : Estimate
        Same outcome, drivers and rows.

    Returns
    -------
    TestResult
        ``df`` and ``df_denominator`` of F.

    Raises
    ------
    EstimationError
        If the two are not the same model but for the effects, or rows have weights.
    """
    a, b = without.spec, within.spec
    same = (a.outcome, set(a.drivers)) == (b.outcome, set(b.drivers))
    if not same or not without.residuals.index.equals(within.residuals.index):
        raise EstimationError(
            f"F test of effects: models {a.name!r} and {b.name!r} must have the same outcome, "
            f"drivers and rows"
        )
    fits = ("pooled", "within")
    if a.estimator not in fits or b.estimator not in fits or not set(a.effects) < set(b.effects):
        raise EstimationError(
            f"F test of effects: found {a.estimator!r} with effects {list(a.effects)} against "
            f"{b.estimator!r} with {list(b.effects)}; the second must have more effects of least "
            f"squares"
        )
    refuse_weights("F test of effects", a, b)
    rss0, df0 = _rss(without)
    rss1, df1 = _rss(within)
    statistic = (rss0 - rss1) / (df0 - df1) / (rss1 / df1)
    more = " and ".join(e for e in b.effects if e not in a.effects)
    return TestResult(
        name="F of effects",
        statistic=statistic,
        df=df0 - df1,
        df_denominator=float(df1),
        p_value=float(f_sf(statistic, df0 - df1, df1)),
        null=f"no {more} effects",
    )


def _rss(one: Estimate) -> tuple[float, int]:
    """Return the sum of squared residuals and the residual degrees of freedom."""
    rss = float(np.sum(one.residuals.to_numpy(dtype=float) ** 2))
    return rss, round(rss / one.resid_std**2)
