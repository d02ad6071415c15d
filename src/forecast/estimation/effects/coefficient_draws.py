"""Coefficients drawn from what an estimate says about them."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate


def coefficient_draws(estimate: Estimate, draws: int, rng: np.random.Generator) -> Matrix:
    """Return draws (draws, k) of the coefficients of the model's drivers, in its order.

    From N(b, V), the large-sample distribution of an estimator and the posterior under a flat or,
    where the model declares one, a normal prior; from the posterior mixture where the estimate is
    an average of models. Eigenvalues of V below zero (rounding, two-way clusters) count as zero.

    Raises
    ------
    EstimationError
        If a driver has no one coefficient because it switches between regimes.
    """
    terms, drivers = estimate.terms, estimate.spec.drivers
    switching = [driver for driver in drivers if driver not in terms]
    if switching:
        raise EstimationError(
            f"model {estimate.spec.name!r}: {switching[0]!r} has no one coefficient to draw: it "
            f"switches between regimes"
        )
    keep = [terms.index(driver) for driver in drivers]
    if estimate.average is not None:
        return estimate.average.draw(draws, rng)[:, keep]
    cov = estimate.cov[np.ix_(keep, keep)]
    values, vectors = np.linalg.eigh((cov + cov.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal: Matrix = (
        estimate.params.to_numpy()[keep] + rng.standard_normal((draws, len(keep))) @ root.T
    )
    return normal
