"""The years in which something happens: those that tables and sentences show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from forecast.errors import ProjectionError
from forecast.projection.record import Crossing

LEVELS = (0.1, 0.5, 0.9)
AHEAD = (5, 15)  # years after the last known one, near and far
ROUND = 5
SAID = 3  # decimals of a share as it is printed


def telling_years(crossing: Crossing, asked: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the years whose probabilities tell when the line is passed.

    Those in which the share of paths that have passed it reaches 10, 50 and 90 %; 5 and 15 years
    ahead, on the next multiple of five, unless beside one of them; and the horizon where 90 % are
    not reached. A year whose share is nothing, or prints as that of the year before it, is left
    out; if none remains, the horizon stands alone.

    Parameters
    ----------
    crossing : Crossing
        Of the baseline.
    asked : sequence of int
        Years in place of these.

    Raises
    ------
    ProjectionError
        If a year that is asked for is not projected.
    """
    first, horizon = int(crossing.years[0]), int(crossing.years[-1])
    if asked:
        return projected_years(asked, first, horizon)
    reached = {int(y) for y in map(crossing.quantile, LEVELS) if not np.isnan(y)}
    fixed = {-(-(first - 1 + ahead) // ROUND) * ROUND for ahead in AHEAD}
    fixed -= {year + step for year in reached for step in (-1, 1)}
    if np.isnan(crossing.quantile(LEVELS[-1])):
        fixed.add(horizon)
    kept, last = [], 0.0
    for year in sorted(reached | {y for y in fixed if y <= horizon}):
        share = round(crossing.probability(year), SAID)
        if share > last:
            kept.append(year)
            last = share
    return tuple(kept or [horizon])


def asked_years(given: Sequence[int] | int, what: str = "years", least: int = 0) -> tuple[int, ...]:
    """Return years (or years ahead) that a caller asks for, one or several.

    Raises
    ------
    ProjectionError
        If one of them is not a whole number, or there are fewer than ``least``.
    """
    found = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    for one in found:
        if not isinstance(one, int | np.integer) or isinstance(one, bool):
            raise ProjectionError(f"{what}: found {one!r}, must be a whole number or several")
    if len(found) < least:
        raise ProjectionError(f"{what}: found none, must be at least one")
    return tuple(map(int, found))


def projected_years(asked: Sequence[int], first: int, horizon: int) -> tuple[int, ...]:
    """Return the years that are asked for in order, each once.

    Raises
    ------
    ProjectionError
        If one of them is not projected.
    """
    for year in asked:
        if not first <= year <= horizon:
            raise ProjectionError(f"years: found {year}, must be {first} to {horizon}")
    return tuple(sorted(set(asked)))
