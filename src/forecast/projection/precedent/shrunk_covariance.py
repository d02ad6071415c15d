"""Covariance of a few variables over not many rows, shrunk so that it can be inverted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrunkCovariance:
    """A covariance and how far it was shrunk.

    Attributes
    ----------
    matrix : (k, k)
    shrinkage : float
        Weight of the target, 0 to 1.
    """

    matrix: Array
    shrinkage: float


def shrunk_covariance(x: Array) -> ShrunkCovariance:
    """Return the linear shrinkage of Ledoit and Wolf (2004) towards a multiple of the identity.

    With S the covariance about the mean (divisor n), m = tr S / k, d^2 = |S - m I|^2 / k and
    b^2 = min(d^2, sum_i |x_i x_i' - S|^2 / (k n^2)), the estimate is
    (b^2/d^2) m I + (1 - b^2/d^2) S.

    Parameters
    ----------
    x : (n, k)
        In comparable units: the target treats all columns alike.

    Returns
    -------
    ShrunkCovariance
        Positive definite where any column varies.
    """
    n, k = x.shape
    around = x - x.mean(axis=0)
    sample = around.T @ around / n
    mean = float(np.trace(sample)) / k
    target = mean * np.eye(k)
    distance = float(((sample - target) ** 2).sum()) / k
    # sum_i |x_i x_i' - S|^2 = sum_i |x_i|^4 - n |S|^2
    noise = float((((around**2).sum(axis=1)) ** 2).sum() / n - (sample**2).sum()) / (k * n)
    weight = min(noise, distance) / distance if distance > 0 else 0.0
    return ShrunkCovariance(matrix=weight * target + (1 - weight) * sample, shrinkage=float(weight))
