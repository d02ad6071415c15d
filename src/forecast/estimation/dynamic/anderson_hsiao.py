"""Instrumental variables on first differences (Anderson and Hsiao 1981, 1982)."""

from __future__ import annotations

from forecast.estimation.dynamic.gmm_solution import gmm_solution
from forecast.estimation.dynamic.moments import moments
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.gmm import GmmSpec, InstrumentSpec


def anderson_hsiao(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the model in first differences, its lagged outcome instrumented by a level.

    With p lags of the outcome the levels of periods t-2 to t-p-1 are instruments, one column each;
    all other drivers instrument themselves. As many instruments as coefficients: what they are
    weighed with does not matter. ``classical`` standard errors allow for the correlation of
    neighbouring differences that independent errors in levels have, which two-stage least squares
    on the differences does not.

    Raises
    ------
    EstimationError
        If no country has two successive rows, or the instruments do not identify a coefficient.
    """
    options = anderson_hsiao_options(spec)
    return gmm_solution(moments(rows, spec, options, system=False), spec, options)


def anderson_hsiao_options(spec: ModelSpec) -> GmmSpec:
    """Return the estimator as a special case of difference GMM."""
    last = 1 + max(spec.outcome_lags.values())
    return GmmSpec(
        instruments={spec.outcome: InstrumentSpec(lags=[2, last])}, collapse=True, steps=1
    )
