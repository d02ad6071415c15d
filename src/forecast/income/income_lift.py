"""What a difference in growth does to income in US$, and to prices with it."""

from __future__ import annotations

from forecast.arrays import Paths, running_sum


def income_lift(growth: Paths, elasticity: float = 0.0) -> Paths:
    """Return 100 times the log of income over what it would be without the difference.

    Income rises by the growth cumulated. With an elasticity the real exchange rate rises too, as
    prices do where productivity grows faster than elsewhere (Balassa 1964; Samuelson 1964), and
    passes into income as the World Bank's Atlas method lets it: as the mean of the year's and the
    two before.

    Parameters
    ----------
    growth : (..., t)
        Difference in growth of output per worker from the first projected year on, points a year.
    elasticity : float
        Of the real exchange rate with respect to relative productivity (`price_elasticity`).
    """
    level = running_sum(growth)
    if elasticity == 0.0:
        return level
    smoothed = level.copy()
    smoothed[..., 1:] += level[..., :-1]
    smoothed[..., 2:] += level[..., :-2]
    return level + elasticity * smoothed / 3
