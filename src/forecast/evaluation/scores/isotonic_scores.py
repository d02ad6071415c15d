"""Parts of the Brier score without bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class IsotonicParts:
    """The Brier score is ``miscalibration - discrimination + uncertainty``, exactly.

    Attributes
    ----------
    miscalibration : float
        What recalibrating the forecasts would save.
    discrimination : float
        What the recalibrated forecasts save against the share of events.
    uncertainty : float
    recalibrated : (n,)
        Share of events given the forecast, not falling in it.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float
    recalibrated: Array


def isotonic_parts(event: Array, probability: Array) -> IsotonicParts:
    """Return the parts of the Brier score by isotonic recalibration (CORP).

    Pool-adjacent-violators regression of the event on the forecast; equal forecasts keep one
    value. No bins, nothing to choose. Dimitriadis, T., Gneiting, T. and Jordan, A. (2021), Stable
    reliability diagrams for probabilistic classifiers, PNAS 118.
    """
    from scipy.optimize import isotonic_regression

    _, place, count = np.unique(probability, return_inverse=True, return_counts=True)
    share = np.bincount(place, event) / count
    fitted = np.asarray(isotonic_regression(share, weights=count).x)[place]
    base = float(np.mean(event))
    uncertainty = base * (1 - base)
    recalibrated = float(np.mean((fitted - event) ** 2))
    return IsotonicParts(
        miscalibration=float(np.mean((probability - event) ** 2)) - recalibrated,
        discrimination=uncertainty - recalibrated,
        uncertainty=uncertainty,
        recalibrated=fitted,
    )
