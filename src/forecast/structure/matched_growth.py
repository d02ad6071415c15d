"""Growth after an event against economies that stood at the same level in the same year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Integers, Vector
from forecast.errors import DataError

SEED = 20261128
NEIGHBOURS, CALIPER = 5, 0.25  # economies an event; log points of the level
LEVEL = 0.95
LEAST_EVENTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedGrowth:
    """Average growth after events less that of their matches.

    Attributes
    ----------
    events, matched, compared : int
        Events with growth known, those with a match, economies that match any.
    difference, std_error, low, high : float
        Percentage points a year; error and interval of 95 % from economies drawn anew, whole, NaN
        below two matched events.
    """

    events: int
    matched: int
    compared: int
    difference: float
    std_error: float
    low: float
    high: float


def matched_growth(
    level: pd.DataFrame,
    growth: pd.DataFrame,
    first: pd.DataFrame,
    *,
    ahead: int,
    not_yet: bool = False,
    neighbours: int = NEIGHBOURS,
    caliper: float = CALIPER,
    draws: int = 999,
) -> MatchedGrowth:
    """Return how growth around first events differs from that of economies without.

    An event's matches are the ``neighbours`` economies nearest in the log of the level in its year,
    at most ``caliper`` from it: within one year that is nearest in the gap to the frontier. The
    difference is the mean over events of growth less the mean of the matches' growth. Intervals
    draw economies anew with their matches kept, so that one that matches many events counts as
    one (drawing and matching anew is not valid for a fixed number of matches, Abadie and Imbens
    2008).

    Parameters
    ----------
    level : pandas.DataFrame
        Years by countries, above zero, NaN where not known: output per worker.
    growth : pandas.DataFrame
        Years by countries, % a year, around each year, as `growth_around` returns it.
    first : pandas.DataFrame
        As `first_flags` returns it: ``year`` (infinite: never) and ``seen`` on country.
    ahead : int
        Years after the event that ``growth`` covers.
    not_yet : bool
        Whether economies whose own event comes after these years match as well; else only those
        that never have one.
    neighbours, caliper, draws : int, float, int
    """
    logs = level.reindex(columns=first.index).transform(np.log)
    paths = growth.reindex(index=logs.index, columns=first.index)
    year = first["year"].to_numpy()
    sets: list[tuple[int, Integers, float, Vector]] = []
    events = 0
    for place in map(int, np.flatnonzero(first["seen"].to_numpy())):
        when = int(year[place])
        if when not in logs.index:
            continue
        own, at = paths.loc[when].to_numpy(), logs.loc[when].to_numpy()
        if not np.isfinite(own[place]):
            continue
        events += 1
        apart = np.abs(at - at[place])
        free = year > when + ahead if not_yet else np.isinf(year)
        able = np.flatnonzero(free & np.isfinite(own) & (apart <= caliper))
        near: Integers = able[np.argsort(apart[able], kind="stable")[:neighbours]]
        if len(near):
            sets.append((place, near, float(own[place]), own[near]))
    return _compared(sets, events, len(first), draws)


def growth_around(level: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """Return average log growth around each year, % a year.

    Of the ``after`` years after it; of the ``before`` years before it where ``after`` is 0; where
    neither is 0, the first less the second.

    Raises
    ------
    DataError
        If years are not consecutive, or both numbers are 0.
    """
    if (np.diff(level.index.to_numpy()) != 1).any():
        raise DataError("growth around a year: years must be consecutive and in order")
    if before < 0 or after < 0 or before + after == 0:
        raise DataError(f"growth around a year: found {before} before, {after} after")
    logs = level.transform(np.log)
    past = 100 * (logs - logs.shift(before)) / max(before, 1)
    to_come = 100 * (logs.shift(-after) - logs) / max(after, 1)
    if after == 0:
        return past
    return to_come - past if before else to_come


def _compared(
    sets: list[tuple[int, Integers, float, Vector]], events: int, economies: int, draws: int
) -> MatchedGrowth:
    gaps = np.array([own - others.mean() for _, _, own, others in sets])
    error, low, high = np.nan, np.nan, np.nan
    if len(sets) >= LEAST_EVENTS and draws > 1:
        rng = np.random.default_rng(SEED)
        times = rng.multinomial(economies, np.full(economies, 1 / economies), size=draws)
        total, weight = np.zeros(draws), np.zeros(draws)
        for place, near, own, others in sets:
            drawn = times[:, near].sum(axis=1)
            mean = np.divide(times[:, near] @ others, drawn, where=drawn > 0, out=np.zeros(draws))
            part = times[:, place] * (drawn > 0)
            total += part * (own - mean)
            weight += part
        means = total[weight > 0] / weight[weight > 0]
        error = float(means.std(ddof=1))
        low, high = (float(q) for q in np.quantile(means, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2]))
    return MatchedGrowth(
        events=events,
        matched=len(sets),
        compared=len({int(other) for _, near, _, _ in sets for other in near}),
        difference=float(gaps.mean()) if len(gaps) else np.nan,
        std_error=error,
        low=low,
        high=high,
    )
