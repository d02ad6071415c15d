"""Hausman's test by an auxiliary regression, robust to any form of error covariance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import regression
from forecast.estimation.inference.covariance import covariance
from forecast.panel import Panel
from forecast.specs.changed import changed
from forecast.specs.model import ModelSpec
from forecast.statistics.significance.tails import chi2_sf


def hausman_auxiliary(panel: Panel, spec: ModelSpec) -> TestResult:
    """Return the test that country effects are unrelated to the drivers.

    The random-effects regression, quasi-demeaned columns with their constant, gets the within
    columns of the drivers besides; under the null their coefficients are zero, which a Wald test
    with the model's own covariance tests (Arellano 1993; Wooldridge 2010, section 10.7.3). With
    ``covariance = "clustered"`` it holds where the classic test does not. R's
    ``plm::phtest(method = "aux")`` adds a constant that is not quasi-demeaned: the same number in
    a balanced panel, another one in an unbalanced panel.

    Parameters
    ----------
    panel : Panel
    spec : ModelSpec
        By ``random_effects``; its covariance, cluster and small-sample factor are the test's.

    Returns
    -------
    TestResult
        Chi-squared.

    Raises
    ------
    EstimationError
        If the model is another one, or a driver does not vary within countries.
    """
    if spec.estimator != "random_effects":
        raise EstimationError(
            f"Hausman test (auxiliary): model {spec.name!r}: estimator: found {spec.estimator!r}, "
            f"must be 'random_effects'"
        )
    random = regression(panel, spec)
    effects = ["country", *(e for e in spec.effects if e != "country")]
    within = regression(
        panel, changed(spec, estimator="within", effects=effects, variance="swamy_arora")
    )
    count = len(within.terms)
    both = replace(
        random,
        x=np.column_stack([random.x, within.x]),
        terms=(*random.terms, *(f"within {term}" for term in within.terms)),
        rounding=max(random.rounding, within.rounding),
    )
    fit = least_squares(both)
    spread = covariance(fit, both, spec).matrix[-count:, -count:]
    gap = fit.params[-count:]
    scale = np.sqrt(np.diag(spread))
    statistic = float((gap / scale) @ np.linalg.solve(spread / np.outer(scale, scale), gap / scale))
    return TestResult(
        name="Hausman (auxiliary regression)",
        statistic=statistic,
        df=count,
        p_value=float(chi2_sf(statistic, count)),
        null="country effects are unrelated to the drivers",
        note=f"covariance: {spec.covariance.replace('_', ' ')}",
    )
