"""Are probability integral transforms even: their counts and a test that knows of repetition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.arrays import Array, Integers

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PitTest:
    """Evenness of probability integral transforms.

    Attributes
    ----------
    statistic : float
        Pearson's chi-square over its expectation under evenness, given the blocks; near 1 or below
        where even.
    p_value : float
        From F with ``degrees`` and ``degrees`` x (blocks - 1) degrees of freedom.
    degrees : float
        ``BINS`` - 1 at most; fewer, the more unequally the blocks' repetition weighs on the bins.
    """

    statistic: float
    p_value: float
    degrees: float


def pit_counts(pit: Array) -> Integers:
    """Return how many transforms fall into each of the ``BINS`` equal parts of 0 to 1."""
    counts, _ = np.histogram(pit, bins=BINS, range=(0, 1))
    return counts.astype(np.int64)


def pit_test(pit: Array, blocks: NDArray[np.generic]) -> PitTest:
    """Return the test that all ``BINS`` parts hold equal shares, blocks being independent.

    Pearson's chi-square takes cases as independent; an economy's overlapping horizons are not. Its
    distribution is that of a weighted sum of chi-squares, matched in mean and variance, the weights
    from the shares' covariance over blocks. Shocks common to all economies remain, so that p is too
    small where one world crisis falls into many horizons.

    Parameters
    ----------
    pit : (n,)
    blocks : (n,)
        Block of each case: its country.

    Returns
    -------
    PitTest
        NaN with fewer than two blocks.

    References
    ----------
    Rao, J. N. K. and Scott, A. J. (1981), The analysis of categorical data from complex sample
    surveys, JASA 76; with the F of Thomas, D. R. and Rao, J. N. K. (1987), JASA 82.
    """
    from scipy.special import fdtrc

    _, place = np.unique(blocks, return_inverse=True)
    count, n = int(place.max()) + 1 if len(place) else 0, len(pit)
    if count < 2:
        return PitTest(statistic=float("nan"), p_value=float("nan"), degrees=float("nan"))
    part = np.minimum((pit * BINS).astype(np.int64), BINS - 1)
    sums = np.zeros((count, BINS))
    np.add.at(sums, (place, part), 1.0)
    shares = sums.sum(axis=0) / n
    away = sums - sums.sum(axis=1, keepdims=True) * shares
    effect = BINS * count / (count - 1) * (away.T @ away) / n
    first, second = float(np.trace(effect)), float((effect**2).sum())
    statistic = n * BINS * float(((shares - 1 / BINS) ** 2).sum()) / first
    degrees = first**2 / second
    return PitTest(
        statistic=statistic,
        p_value=float(fdtrc(degrees, degrees * (count - 1), statistic)),
        degrees=degrees,
    )
