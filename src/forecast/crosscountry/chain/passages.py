"""How many paths pass the line, stay above it, and fall back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array
from forecast.crosscountry.chain.record import ChainForecast
from forecast.errors import ProjectionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Shares of the paths of n economies.

    Attributes
    ----------
    by : (n, h)
        That have passed by each year.
    above : (n, h)
        That are above in each year.
    back : (n, h)
        That have passed and been below again since, by each year.
    """

    by: Array
    above: Array
    back: Array


def count_passages(
    forecast: ChainForecast, *, rise: Array | float = 0.0, lasting: int = 1
) -> Passages:
    """Return what share of each economy's paths passes the line, counted path by path.

    Parameters
    ----------
    forecast : ChainForecast
    rise : float, (h,) or (n, 1, h)
        Log of another line over the forecast's own, by year.
    lasting : int
        Years in a row above the line, the first being the year of passage; a run that the horizon
        cuts short does not count.

    Raises
    ------
    ProjectionError
        If ``lasting`` is not between 1 and the years of the forecast.
    """
    years = len(forecast.years)
    if not 1 <= lasting <= years:
        raise ProjectionError(f"lasting: found {lasting}, must be 1 to {years}")
    above = forecast.income > rise
    run = above.copy()
    for k in range(1, lasting):
        run[..., :-k] &= above[..., k:]
        run[..., -k:] = False
    passed = np.logical_or.accumulate(run, axis=-1)
    back = np.logical_or.accumulate(passed & ~above, axis=-1)
    return Passages(by=passed.mean(axis=1), above=above.mean(axis=1), back=back.mean(axis=1))
