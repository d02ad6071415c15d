"""Are probability integral transforms even: their counts and a test that knows of repetition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecast.evaluation.scores import Array

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PitTest:
    """Evenness of probability integral transforms.

    Attributes
    ----------
    statistic : float
        F with ``BINS`` - 1 and G - ``BINS`` + 1 degrees of freedom, G the number of blocks.
    p_value : float
    """

    statistic: float
    p_value: float


def pit_counts(pit: Array) -> NDArray[np.int64]:
    """Return how many transforms fall into each of the ``BINS`` equal parts of 0 to 1."""
    counts, _ = np.histogram(pit, bins=BINS, range=(0, 1))
    return counts.astype(np.int64)


def pit_test(pit: Array, blocks: NDArray[np.generic]) -> PitTest:
    """Return the test that all ``BINS`` parts hold equal shares, blocks being independent.

    Hotelling's test of the blocks' sums of (indicator - 1/BINS), in place of Pearson's chi-square,
    which takes cases as independent: an economy's overlapping horizons are not. Shocks common to
    all economies remain, so that p is too small where a world crisis falls into many horizons.

    Parameters
    ----------
    pit : (n,)
    blocks : (n,)
        Block of each case: its country.

    Returns
    -------
    PitTest
        NaN with no more than ``BINS`` blocks or where their covariance is singular.

    References
    ----------
    Rao, J. N. K. and Scott, A. J. (1981), The analysis of categorical data from complex sample
    surveys, JASA 76.
    """
    from scipy.special import fdtrc

    none = PitTest(statistic=float("nan"), p_value=float("nan"))
    _, place = np.unique(blocks, return_inverse=True)
    count = int(place.max()) + 1 if len(place) else 0
    if count <= BINS:
        return none
    part = np.minimum((pit * BINS).astype(np.int64), BINS - 1)
    sums = np.zeros((count, BINS))
    np.add.at(sums, (place, part), 1.0)
    away = (sums - sums.sum(axis=1, keepdims=True) / BINS)[:, :-1]
    mean, cov = away.mean(axis=0), np.cov(away, rowvar=False)
    if np.linalg.matrix_rank(cov) < BINS - 1:
        return none
    free = BINS - 1
    hotelling = count * float(mean @ np.linalg.solve(cov, mean))
    statistic = hotelling * (count - free) / (free * (count - 1))
    return PitTest(statistic=statistic, p_value=float(fdtrc(free, count - free, statistic)))
