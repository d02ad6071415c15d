"""Which of several differences are told from none, given their Monte Carlo errors."""

from __future__ import annotations

from statistics import NormalDist

LEVEL = 0.05


def is_told(change: float, error: float, among: int = 1) -> bool:
    """Say whether a difference is beyond its Monte Carlo error.

    The level is 5 % for all differences of one table together (Bonferroni): of hundreds some are
    beyond twice their error by chance.

    Parameters
    ----------
    change, error : float
        The difference and its Monte Carlo standard error.
    among : int
        Differences that are shown together.
    """
    return bool(abs(change) > NormalDist().inv_cdf(1 - LEVEL / 2 / max(among, 1)) * error)
