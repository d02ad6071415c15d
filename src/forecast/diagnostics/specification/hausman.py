"""Hausman's specification test of one estimator against another."""

from __future__ import annotations

import numpy as np

from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.inference.contrast import contrast
from forecast.estimation.record import Estimate


def hausman(consistent: Estimate, efficient: Estimate) -> TestResult:
    """Return the test that two estimators differ only by sampling error (Hausman 1978).

    H = d' (V_c - V_e)^-1 d with d the difference of the common slopes, chi-squared with as many
    degrees of freedom as slopes; the constant is left out (R's ``plm::phtest``). The difference has
    variance V_c - V_e only if the second estimator is efficient, hence classical covariances.

    Parameters
    ----------
    consistent : Estimate
        Consistent under null and alternative, such as ``within`` with country effects.
    efficient : Estimate
        Efficient under the null, inconsistent otherwise, such as ``random_effects``.

    Returns
    -------
    TestResult
        Where V_c - V_e is not positive definite, ``p_value`` is NaN and ``note`` says so; the
        statistic is then the quadratic form as it comes out, possibly negative.

    Raises
    ------
    EstimationError
        If a covariance is not classical, outcome or sample differ, or no slope is common.
    """
    common = _comparable(consistent, efficient)
    rows = [consistent.terms.index(t) for t in common]
    columns = [efficient.terms.index(t) for t in common]
    difference = consistent.params.to_numpy()[rows] - efficient.params.to_numpy()[columns]
    statistic, p_value, note = contrast(
        difference,
        consistent.cov[np.ix_(rows, rows)],
        efficient.cov[np.ix_(columns, columns)],
    )
    return TestResult(
        name="Hausman",
        statistic=statistic,
        df=len(common),
        p_value=p_value,
        null="both estimators are consistent (no systematic difference)",
        note=note,
    )


def _comparable(consistent: Estimate, efficient: Estimate) -> list[str]:
    """Return the slopes in common; raise EstimationError where the test has no meaning."""
    for estimate in (consistent, efficient):
        if estimate.spec.covariance != "classical":
            raise EstimationError(
                f"Hausman test: model {estimate.spec.name!r}: covariance: found "
                f"{estimate.spec.covariance!r}, must be 'classical'"
            )
    if consistent.spec.outcome != efficient.spec.outcome:
        raise EstimationError(
            f"Hausman test: outcomes differ: {consistent.spec.outcome!r} and "
            f"{efficient.spec.outcome!r}"
        )
    if not consistent.anchors.index.equals(efficient.anchors.index):
        raise EstimationError("Hausman test: the two models are estimated on different countries")
    common = [t for t in efficient.terms if t in consistent.terms and t != "const"]
    if not common:
        raise EstimationError(
            f"Hausman test: models {consistent.spec.name!r} and {efficient.spec.name!r} have no "
            f"slope in common"
        )
    return common
