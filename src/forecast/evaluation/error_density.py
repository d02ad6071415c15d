"""The spread of a forecast's errors, learned from the errors that were known at the origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.evaluation.history import Array

SHARES = (0.0, 0.25, 0.5, 0.75)  # of the own variance; the rest is the pooled one
DEGREES = (3.0, 4.0, 6.0, 10.0, 30.0)
STEPS = 12
MIN_ERRORS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSpread:
    """Student t errors whose scale follows an economy's volatility, shrunk to the pool's.

    Attributes
    ----------
    scale : float
        Scale of the error of an economy of typical volatility, % a year.
    share : float
        Weight of the own variance against the typical one.
    typical : float
        Root mean square volatility of the past pairs, %.
    degrees : float
        Degrees of freedom.
    """

    scale: float
    share: float
    typical: float
    degrees: float

    def scales(self, volatility: Array) -> Array:
        """Return the scale (N,) of each economy's error, % a year."""
        return self.scale * _relative(volatility, self.typical, self.share)


def fit_error_spread(errors: Array, volatility: Array) -> ErrorSpread:
    """Return the Student t that fits past errors best, over a grid of shares and degrees.

    Parameters
    ----------
    errors, volatility : (M,)
        Outcome less forecast, % a year, of past pairs; the economy's volatility then, %.

    Returns
    -------
    ErrorSpread
        The scale of each grid point by the fixed point of its likelihood, centre zero; where
        there are fewer than 30 errors, the typical volatility (or 1) and 4 degrees.

    References
    ----------
    Lange, K., Little, R. and Taylor, J. (1989), Robust statistical modeling using the t
    distribution, JASA 84.
    """
    from scipy.special import gammaln

    known = np.isfinite(errors) & np.isfinite(volatility)
    e, v = errors[known], volatility[known]
    typical = float(np.sqrt(np.mean(v**2))) if len(v) else 1.0
    typical = max(typical, 1e-9)
    best = -np.inf
    chosen = ErrorSpread(scale=typical, share=0.0, typical=typical, degrees=4.0)
    if len(e) < MIN_ERRORS:
        return chosen
    for share in SHARES:
        relative = _relative(v, typical, share)
        squared = (e / relative) ** 2
        for degrees in DEGREES:
            s2 = float(np.median(squared)) * 2
            for _ in range(STEPS):
                s2 = max(float(np.mean((degrees + 1) * squared / (degrees + squared / s2))), 1e-12)
            constant = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees)
            kernel = -(degrees + 1) / 2 * np.log1p(squared / s2 / degrees) - np.log(relative)
            likelihood = float(np.mean(kernel) + constant - 0.5 * np.log(s2))
            if likelihood > best:
                best = likelihood
                chosen = ErrorSpread(
                    scale=float(np.sqrt(s2)), share=share, typical=typical, degrees=degrees
                )
    return chosen


def _relative(volatility: Array, typical: float, share: float) -> Array:
    own = np.where(np.isfinite(volatility), volatility, typical)
    return np.asarray(np.sqrt(share * (own / typical) ** 2 + 1 - share))
