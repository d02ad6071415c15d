"""Random effects that may move with the drivers: Mundlak's regression."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_means
from forecast.estimation.estimators.random_effects import design, feasible_gls
from forecast.estimation.estimators.variance_components import VARIES, variance_components
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec


def correlated_random_effects(rows: Sample, spec: ModelSpec) -> Regression:
    """Return random effects with the country means of the drivers among the regressors.

    Mundlak (1978): coefficients of the drivers are then those of ``within``, balanced or not
    (Wooldridge 2019), those of the means (terms ``mean(x)``) are what differs between countries
    beyond that, and drivers constant within countries, which have no mean of their own, stay. That
    all means have coefficient zero is the Hausman test, robust under a clustered covariance.

    Raises
    ------
    EstimationError
        If no driver varies within countries, or as ``random_effects``.
    """
    countries = group_count(rows.country)
    means = group_means(rows.x, rows.country, countries)[rows.country]
    left = np.linalg.norm(rows.x - means, axis=0)
    varies = left > VARIES * np.linalg.norm(rows.x, axis=0)
    if not varies.any():
        raise EstimationError("correlated random effects: no driver varies within countries")
    names = [f"mean({t})" for t, v in zip(rows.terms, varies, strict=True) if v]
    wider = replace(
        rows,
        x=np.column_stack([rows.x, means[:, varies]]),
        terms=(*rows.terms, *names),
    )
    # Drivers and means span the same columns within and between as the drivers alone, which the
    # between regression can take; only pooled residuals need the means themselves.
    basis = wider if spec.variance == "wallace_hussain" else rows
    components = variance_components(basis, design(basis, spec), spec.variance)
    return feasible_gls(wider, spec, components)
