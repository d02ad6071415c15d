"""Is one forecast better than another: a test for one series, a bootstrap for a panel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LossTest:
    """Equal accuracy of two forecasts.

    Attributes
    ----------
    statistic : float
        Positive where the second forecast is better.
    p_value : float
        Two-sided.
    """

    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGap:
    """Mean loss less a rival's: negative where the forecast is better.

    Attributes
    ----------
    value : float
    low, high : float
        Central interval over bootstrap samples of whole blocks.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """Share of the rival's mean loss that a forecast saves.

    Attributes
    ----------
    value : float
        One less the ratio of the mean losses (of their roots, where asked).
    low, high : float
        Central 95 % over bootstrap samples of whole blocks.
    """

    value: float
    low: float
    high: float


def diebold_mariano(loss: Array, loss_other: Array, horizon: int) -> LossTest:
    """Return the Diebold-Mariano test with Harvey, Leybourne and Newbold's correction.

    Parameters
    ----------
    loss, loss_other : (n,)
        Losses by origin, in time order, of the first and the second forecast.
    horizon : int
        Steps ahead; autocovariances through ``horizon - 1`` enter the variance, unweighted.

    Returns
    -------
    LossTest
        Against Student t with n - 1 degrees; NaN where the estimated variance is not positive.

    References
    ----------
    Diebold, F. and Mariano, R. (1995), JBES 13; Harvey, D., Leybourne, S. and Newbold, P. (1997),
    International Journal of Forecasting 13, eq. 9.
    """
    from scipy.special import stdtr

    gap = loss - loss_other
    n = len(gap)
    centred = gap - gap.mean()
    spread = float(centred @ centred) / n
    for lag in range(1, min(horizon, n)):
        spread += 2 * float(centred[lag:] @ centred[:-lag]) / n
    if spread <= 0:
        return LossTest(statistic=float("nan"), p_value=float("nan"))
    correction = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = float(gap.mean() / np.sqrt(spread / n) * np.sqrt(correction))
    return LossTest(statistic=statistic, p_value=float(2 * stdtr(n - 1, -abs(statistic))))


def skill_by_block(
    loss: Array,
    loss_rival: Array,
    blocks: NDArray[np.generic],
    rng: Generator,
    *,
    root: bool = False,
    samples: int = 2000,
) -> Skill:
    """Return the skill against a rival, with an interval from drawing whole blocks.

    Parameters
    ----------
    loss, loss_rival : (n,)
        Losses of the same cases.
    blocks : (n,)
        Block of each case: its country, so that overlapping origins stay together.
    rng : numpy.random.Generator
        Of the samples; left advanced.
    root : bool
        Compare root mean losses: RMSE where the losses are squared errors.
    samples : int

    Returns
    -------
    Skill
    """
    _, place = np.unique(blocks, return_inverse=True)
    own, other = np.bincount(place, loss), np.bincount(place, loss_rival)
    power = 0.5 if root else 1.0
    drawn = rng.integers(0, len(own), size=(samples, len(own)))
    values = 1 - (own[drawn].sum(axis=1) / other[drawn].sum(axis=1)) ** power
    low, high = np.quantile(values, [0.025, 0.975])
    return Skill(
        value=float(1 - (own.sum() / other.sum()) ** power), low=float(low), high=float(high)
    )


def loss_gap_by_block(
    gap: Array,
    blocks: NDArray[np.generic],
    rng: Generator,
    *,
    inside: float = 0.9,
    samples: int = 2000,
) -> LossGap:
    """Return the mean of differences of losses, with an interval from drawing whole blocks.

    Parameters
    ----------
    gap : (n,)
        Loss less the rival's, case by case.
    blocks : (n,)
        Block of each case: its country, so that overlapping origins stay together.
    rng : numpy.random.Generator
        Of the samples; left advanced.
    inside : float
        What the central interval holds.
    samples : int

    Returns
    -------
    LossGap
    """
    _, place = np.unique(blocks, return_inverse=True)
    sums, sizes = np.bincount(place, gap), np.bincount(place)
    drawn = rng.integers(0, len(sums), size=(samples, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - inside) / 2, (1 + inside) / 2])
    return LossGap(value=float(np.mean(gap)), low=float(low), high=float(high))
