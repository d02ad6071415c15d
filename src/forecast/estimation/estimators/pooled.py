"""Pooled least squares, with or without year effects."""

from __future__ import annotations

from forecast.estimation.algebra.sweeping import swept_regression
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec


def pooled(rows: Sample, spec: ModelSpec) -> Regression:
    """Return the regression of the outcome on a constant and the drivers.

    ``effects = ["year"]`` sweeps out year dummies; the constant is then the intercept at which the
    year effects average to zero over the rows.

    Raises
    ------
    EstimationError
        If a driver does not vary beyond the year effects.
    """
    return swept_regression(rows, spec.effects, constant=spec.constant)
