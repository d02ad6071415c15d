"""Growth from relative income alone: the convergence regression as a rival."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Array, Mask
from forecast.crosscountry.history import History

MIN_PAIRS = 50  # below it the slope is taken as zero


def convergence(history: History, horizons: Sequence[int], eligible: Mask) -> Array:
    """Return average growth (H, N), % a year, given income relative to the United States.

    Least squares over all past pairs of economy and year whose outcome is known: average growth
    over the horizon on a constant and the log of relative income at its start. An economy of
    unknown income gets the mean. Barro, R. and Sala-i-Martin, X. (1992), Journal of Political
    Economy 100, with the average of log differences linear in log income.
    """
    logs, gap = history.log_output, history.relative_level()
    found = np.full((len(horizons), len(eligible)), np.nan)
    for row, horizon in enumerate(horizons):
        outcome = 100 * (logs[horizon:] - logs[:-horizon])[:, eligible] / horizon
        start = gap[: len(outcome), eligible]
        known = np.isfinite(outcome) & np.isfinite(start)
        if not known.any():
            rates = history.growth()[:, eligible]
            seen = rates[np.isfinite(rates)]
            found[row] = seen.mean() if len(seen) else np.nan
            continue
        y, x = outcome[known], start[known]
        away = x - x.mean()
        square = float(away @ away)
        slope = float(away @ (y - y.mean())) / square if len(y) >= MIN_PAIRS and square else 0.0
        found[row] = y.mean() + slope * np.nan_to_num(gap[-1] - x.mean())
    return np.where(eligible, found, np.nan)
