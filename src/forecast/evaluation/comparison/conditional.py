"""Whether what is known at the origin tells which forecast will be better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalTest:
    """Equal conditional predictive ability of two forecasts.

    Attributes
    ----------
    statistic : float
        Chi-square with ``degrees`` degrees of freedom if neither is predictably better.
    p_value : float
    degrees : int
        Number of instruments.
    n : int
        Origins used.
    second_better : float
        Share of these origins at which the fitted difference of losses favours the second.
    """

    statistic: float
    p_value: float
    degrees: int
    n: int
    second_better: float


def conditional_ability(
    loss: Array, loss_other: Array, horizon: int, instruments: Array | None = None
) -> ConditionalTest:
    """Return the test of equal conditional predictive ability.

    Parameters
    ----------
    loss, loss_other : (n,)
        Losses by origin, in time order and without gaps, of the first and the second forecast.
    horizon : int
        Steps ahead. The covariance sums ``horizon - 1`` lags with Bartlett weights.
    instruments : (n, q) or None
        Known at each origin. If not given, a constant and the difference of losses of the last
        forecast whose outcome is known then, which costs the first ``horizon`` origins; a column of
        ones alone tests equal ability on average.

    Returns
    -------
    ConditionalTest
        NaN where the covariance is singular or fewer origins than instruments are left.

    References
    ----------
    Giacomini, R. and White, H. (2006), Tests of conditional predictive ability, Econometrica 74,
    theorems 1 and 3; the rule of decision in their section 4.
    """
    from scipy.special import chdtrc

    gap = np.asarray(loss - loss_other, dtype=np.float64)
    if instruments is None:
        known = gap[:-horizon]
        instruments, gap = np.column_stack([np.ones_like(known), known]), gap[horizon:]
    n, q = instruments.shape
    nothing = ConditionalTest(
        statistic=float("nan"), p_value=float("nan"), degrees=q, n=n, second_better=float("nan")
    )
    if n <= q:
        return nothing
    moments = instruments * gap[:, None]
    spread = moments.T @ moments / n
    for lag in range(1, min(horizon, n)):
        product = moments[lag:].T @ moments[:-lag] / n
        spread += (1 - lag / horizon) * (product + product.T)
    if np.linalg.matrix_rank(spread, hermitian=True) < q:
        return nothing
    mean = moments.mean(axis=0)
    statistic = float(n * mean @ np.linalg.solve(spread, mean))
    fitted = instruments @ np.linalg.lstsq(instruments, gap, rcond=None)[0]
    return ConditionalTest(
        statistic=statistic,
        p_value=float(chdtrc(q, statistic)),
        degrees=q,
        n=n,
        second_better=float(np.mean(fitted > 0)),
    )
