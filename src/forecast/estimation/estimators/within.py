"""Fixed effects: the within estimator, one-way and two-way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.estimation.algebra.sweeping import swept_regression
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec


def within(rows: Sample, spec: ModelSpec) -> Regression:
    """Return the regression of demeaned outcome on demeaned drivers, without a constant.

    Countries with a single row stay: with country effects they add nothing to the coefficients and
    take up their own degree of freedom; ``stats["singletons"]`` counts them.

    Raises
    ------
    EstimationError
        If a driver does not vary beyond the effects.
    """
    regression = swept_regression(rows, spec.effects, constant=False)
    if "country" not in spec.effects:
        return regression
    singletons = int(np.sum(np.bincount(rows.country) == 1))
    return replace(regression, stats={"singletons": float(singletons)})
