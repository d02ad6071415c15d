"""The first year in which income stands above the line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forecast.arrays import Integers, Paths
from forecast.errors import ProjectionError
from forecast.projection.record import Crossing


def crossing(
    income: Paths,
    threshold: Paths,
    years: Integers,
    lasting: int = 1,
    strata: Sequence[Integers] = (),
) -> Crossing:
    """Return when each path first stands above the line.

    Parameters
    ----------
    income, threshold : (draws, t)
        GNI per capita and the line in the same unit (current US$, Atlas). An economy is high
        income when it is strictly above (World Bank, income classification).
    years : (t,)
    lasting : int
        Years in a row that it must stand above, the first of them being the crossing; a run that
        the horizon cuts short does not count.
    strata : sequence of (draws,) codes
        Choices whose shares among the draws are exact (see `Crossing`).

    Raises
    ------
    ProjectionError
        If the shapes differ or ``lasting`` is not between 1 and t.
    """
    if income.shape != threshold.shape or income.shape[1] != len(years):
        raise ProjectionError(
            f"income {income.shape}, threshold {threshold.shape} and years ({len(years)},) differ"
        )
    if not 1 <= lasting <= len(years):
        raise ProjectionError(f"lasting: found {lasting}, must be 1 to {len(years)}")
    above = income > threshold
    runs = above.copy()
    for k in range(1, lasting):
        runs[:, :-k] &= above[:, k:]
        runs[:, -k:] = False
    first = np.where(runs.any(axis=1), np.asarray(years)[runs.argmax(axis=1)], 0)
    return Crossing(
        years=np.asarray(years, dtype=np.int64),
        first=first.astype(np.int64),
        above=above,
        lasting=lasting,
        strata=tuple(strata),
    )
