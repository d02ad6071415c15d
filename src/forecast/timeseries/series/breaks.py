"""Breaks in the mean of a series: dates by least squares, their number, their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from forecast.arrays import Draws, Integers, Vector
from forecast.errors import EstimationError
from forecast.statistics.variation import varies

TRIM = 0.15
MAX_BREAKS = 5
AT_LEAST = 20
# Critical values of supF(l + 1 | l) at 5 % for one coefficient and 15 % trimming, l = 0, 1, ...:
# Bai and Perron (2003, Critical values for multiple structural change tests, Econometrics
# Journal 6). A simulation of the limit in the tests comes to the same.
SUP_F_5 = (8.58, 10.13, 11.14, 11.83, 12.25)
COLUMNS = (
    "series", "breaks_bic", "breaks_sequential", "break", "year", "low", "high",
    "mean_before", "mean_after", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanBreaks:
    """Partitions of a series into segments of constant mean.

    Attributes
    ----------
    dates : tuple of (m,) arrays, m = 0, 1, ...: positions (from 0) of the last observation before
        each break, in the partition with m breaks of least squares.
    rss, bic : (M + 1,) residual sum of squares and Schwarz criterion by number of breaks.
    sup_f : (L,) statistics of one more break given l, l = 0, 1, ...
    by_bic, sequential : numbers of breaks that BIC and the sequence of tests at 5 % choose.
    """

    dates: tuple[Integers, ...]
    rss: Vector
    bic: Vector
    sup_f: Vector
    by_bic: int
    sequential: int


def mean_breaks(values: Vector, trim: float = TRIM, max_breaks: int = MAX_BREAKS) -> MeanBreaks:
    """Return the best partitions of a series by number of breaks, and two choices of the number.

    Exact dynamic programming over all admissible partitions (Bai and Perron, 2003, Journal of
    Applied Econometrics 18, section 3.1); every segment has at least ``trim`` of the
    observations. BIC counts means, dates and one variance, as R's strucchange does. The sequence
    of supF(l + 1 | l) tests (Bai and Perron, 1998, section 5.2) takes the l-break partition as
    given, tests each segment for one more break by the classical F statistic, errors independent
    with a variance of the segment's own, and stops at the first maximum below ``SUP_F_5``.

    Parameters
    ----------
    values : (n,) series without gaps, at least 20.
    trim : float
        Least share of the observations in a segment; critical values are those of 0.15.
    max_breaks : int

    Returns
    -------
    MeanBreaks

    Raises
    ------
    EstimationError
        If the series is too short, not finite, or does not vary, or an argument is not as allowed.
    """
    n = len(values)
    if n < AT_LEAST or not np.isfinite(values).all():
        raise EstimationError(
            f"breaks: needs {AT_LEAST} observations or more without gaps, found {n}"
        )
    if not 0 < trim <= 0.5 or max_breaks < 0:
        raise EstimationError(
            f"breaks: trim must be above 0 and at most 0.5 and breaks 0 or more, found "
            f"{trim:g} and {max_breaks}"
        )
    if not varies(values):
        raise EstimationError("breaks: the series does not vary")
    shortest = max(2, int(trim * n))
    cost = _segment_cost(values, shortest)
    most = min(max_breaks, n // shortest - 1)
    rss, dates = _partitions(cost, most)
    m = np.arange(most + 1)
    bic = n * (np.log(rss / n) + 1 + np.log(2 * np.pi)) + 2 * (m + 1) * np.log(n)
    tested = dates[: min(most, len(SUP_F_5))]
    sup_f = np.array([_one_more(cost, found, shortest) for found in tested])
    below = np.flatnonzero(sup_f <= np.array(SUP_F_5[: len(sup_f)]))
    return MeanBreaks(
        dates=dates,
        rss=rss,
        bic=bic,
        sup_f=sup_f,
        by_bic=int(np.argmin(bic)),
        sequential=int(below[0]) if len(below) else len(sup_f),
    )


def break_intervals(values: Vector, dates: Integers, level: float = 0.95) -> Draws:
    """Return the lowest and highest position (m, 2) of each break's confidence interval.

    The limit for breaks that shrink with the sample, errors independent and alike in all
    segments (Bai, 1997, Review of Economics and Statistics 79, section V): the date's error
    times (jump / sigma)^2 is the place of the maximum of a two-sided Brownian motion with drift.

    Parameters
    ----------
    values : (n,)
    dates : (m,) last positions before the breaks.
    level : float
    """
    edges = np.concatenate([[0], dates + 1, [len(values)]])
    means = np.array([values[a:b].mean() for a, b in pairwise(edges)])
    rss = sum(
        float(((values[a:b] - mean) ** 2).sum())
        for a, b, mean in zip(edges[:-1], edges[1:], means, strict=True)
    )
    reach = _argmax_quantile(0.5 + level / 2) * (rss / len(values)) / np.diff(means) ** 2
    reach = np.minimum(np.ceil(reach), len(values))
    return np.column_stack([dates - reach, dates + reach])


def break_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the breaks in the mean of each series, as many as BIC finds.

    Parameters
    ----------
    frame : pandas.DataFrame
        Series by year; the last unbroken run of each is used.

    Returns
    -------
    pandas.DataFrame
        One row a break, or one without year where there is none or the series cannot be used
        (``note`` says why). ``year`` is the last one of the old mean; ``low`` and ``high`` bound
        its 95 % interval; ``breaks_bic`` and ``breaks_sequential`` are the numbers that BIC and
        the sequence of tests choose.
    """
    rows = [row for name in frame for row in _rows(str(name), frame[name])]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _segment_cost(values: Vector, shortest: int) -> Draws:
    """Return squared deviations (n, n) from the mean of values i..j; infinite if too short."""
    centred = values - values.mean()
    total = np.concatenate([[0.0], np.cumsum(centred)])
    square = np.concatenate([[0.0], np.cumsum(centred**2)])
    length = np.arange(1, len(values) + 1) - np.arange(len(values))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = (square[1:] - square[:-1, None]) - (total[1:] - total[:-1, None]) ** 2 / length
    # Below this share of the whole a segment's cost is what rounding left: none may be zero, or a
    # series that is exactly its breaks has a variance of zero in the tests' denominators.
    least = 1e-14 * square[-1]
    return np.where(length >= shortest, np.maximum(cost, least), np.inf)


def _partitions(cost: Draws, most: int) -> tuple[Vector, tuple[Integers, ...]]:
    """Return least cost and dates with 0, ..., ``most`` breaks."""
    n = len(cost)
    best = [cost[0]]
    cut = []
    for _ in range(most):
        # Last break after position i: the best so far up to i, and one segment i + 1..j.
        tried = best[-1][:-1, None] + cost[1:]
        cut.append(np.argmin(tried, axis=0))
        best.append(np.min(tried, axis=0))
    dates = []
    for m in range(most + 1):
        found, end = [], n - 1
        for level in range(m - 1, -1, -1):
            end = int(cut[level][end])
            found.append(end)
        dates.append(np.array(found[::-1], dtype=np.int64))
    return np.array([one[-1] for one in best]), tuple(dates)


def _one_more(cost: Draws, dates: Integers, shortest: int) -> float:
    """Return the largest F statistic of one break more within the segments."""
    edges = np.concatenate([[0], dates + 1, [len(cost)]])
    largest = 0.0
    for a, b in pairwise(edges):
        if b - a < 2 * shortest:
            continue
        split = (cost[a, a : b - 1] + cost[a + 1 : b, b - 1]).min()
        largest = max(largest, (cost[a, b - 1] - split) / (split / (b - a - 2)))
    return float(largest)


def _argmax_quantile(probability: float) -> float:
    """Return the quantile of the maximum's place (Yao, 1987; Bai, 1997), by bisection.

    For x > 0 its distribution function is 1 + (x / 2 pi)^(1/2) exp(-x / 8)
    - (x + 5) Phi(-x^(1/2) / 2) / 2 + 3 exp(x) Phi(-3 x^(1/2) / 2) / 2.
    """
    from scipy.special import log_ndtr

    low, high = 0.0, 400.0
    for _ in range(80):
        x = (low + high) / 2
        root = np.sqrt(x)
        below = 1 + np.sqrt(x / (2 * np.pi)) * np.exp(-x / 8)
        below += -0.5 * (x + 5) * np.exp(log_ndtr(-root / 2))
        below += 1.5 * np.exp(x + log_ndtr(-1.5 * root))
        low, high = (x, high) if below < probability else (low, x)
    return (low + high) / 2


def _rows(name: str, series: pd.Series) -> list[tuple[object, ...]]:
    kept = series.loc[series.last_valid_index() :: -1] if series.notna().any() else series[:0]
    hole = np.flatnonzero(kept.isna())
    kept = kept.iloc[: hole[0] if len(hole) else len(kept)][::-1]
    values, years = kept.to_numpy(dtype=np.float64), kept.index.to_numpy(dtype=np.int64)
    missing = (np.nan,) * 6
    try:
        found = mean_breaks(values)
    except EstimationError as error:
        return [(name, np.nan, np.nan, *missing, str(error))]
    dates = found.dates[found.by_bic]
    if not len(dates):
        return [(name, 0, found.sequential, *missing, "no break")]
    reach = np.clip(break_intervals(values, dates), 0, len(values) - 1).astype(np.int64)
    edges = np.concatenate([[0], dates + 1, [len(values)]])
    means = [float(values[a:b].mean()) for a, b in pairwise(edges)]
    note = f"{years[0]}-{years[-1]}"
    return [
        (
            name, found.by_bic, found.sequential, i + 1, years[date],
            years[reach[i, 0]], years[reach[i, 1]], means[i], means[i + 1], note,
        )
        for i, date in enumerate(dates)
    ]  # fmt: skip
