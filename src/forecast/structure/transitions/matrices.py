"""Transition matrices between income classes, and what follows from one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from forecast.arrays import Array, Matrix, Vector
from forecast.errors import DataError
from forecast.statistics.income_classes.classes import CLASSES, plain_classes
from forecast.statistics.significance.tails import normal_quantile
from forecast.structure.transitions.spells import RANKS

JEFFREYS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTransitions:
    """How often economies moved from class to class in a year.

    Attributes
    ----------
    first, last : int
        Data years of arrival.
    counts : ndarray of shape (4, 4)
        Pairs of consecutive classified years, from rows to columns, in the order of L, LM, UM, H.
    level : float
        Of the intervals.
    """

    first: int
    last: int
    counts: Matrix
    level: float = 0.95

    @property
    def matrix(self) -> Matrix:
        """Return shares of rows, the maximum likelihood estimate; NaN where a row has no pair."""
        rows = self.counts.sum(axis=1, keepdims=True)
        return np.asarray(self.counts / np.where(rows > 0, rows, np.nan), dtype=np.float64)

    def intervals(self) -> Array:
        """Return intervals of each probability, shape (2, 4, 4): low and high.

        Each row is a multinomial sample; with Jeffreys' Dirichlet prior (1/2 each) the posterior
        of a cell is a beta, whose equal tails these are. A count of none has low 0, and one of
        the whole row high 1 (Brown, Cai and DasGupta 2001). Economies' years count as
        independent; where one year drives many economies the intervals are too narrow.
        """
        rows = self.counts.sum(axis=1, keepdims=True)
        own = self.counts + JEFFREYS
        other = rows - self.counts + JEFFREYS * (len(self.counts) - 1)
        tail = (1 - self.level) / 2
        low = np.where(self.counts == 0, 0.0, betaincinv(own, other, tail))
        high = np.where(self.counts == rows, 1.0, betaincinv(own, other, 1 - tail))
        return np.where(rows > 0, np.stack([low, high]), np.nan)

    def mobility(self) -> tuple[float, float, float]:
        """Return Shorrocks' (1978) index, and the ends of its interval.

        (k - trace) / (k - 1): 0 where nobody moves, 1 where the next class does not depend on
        this one. Rows are independent multinomial samples, so the trace's variance is the sum of
        p (1 - p) / n over the diagonal; the interval is normal, cut at 0.
        """
        stays, n = np.diag(self.matrix), self.counts.sum(axis=1)
        k = len(stays)
        index = float((k - stays.sum()) / (k - 1))
        error = float(np.sqrt(np.sum(stays * (1 - stays) / np.where(n > 0, n, np.nan)))) / (k - 1)
        reach = float(normal_quantile(0.5 + self.level / 2)) * error
        return index, max(index - reach, 0.0), index + reach

    def shares_ahead(self, start: Vector, years: int) -> Matrix:
        """Return expected shares of classes 0, 1, ..., ``years`` years ahead, (years + 1, 4).

        The matrix is taken to hold and a class to carry all that matters: neither is so for an
        economy just above a line, so this is a benchmark and no forecast.

        Raises
        ------
        DataError
            If a class with a share now has no pair in the matrix.
        """
        if np.isnan(self.matrix).any():
            empty = [c for c, n in zip(CLASSES, self.counts.sum(axis=1), strict=True) if n == 0]
            raise DataError(
                f"transitions {self.first}-{self.last}: no economy was {', '.join(empty)}; "
                "take more years"
            )
        found = [np.asarray(start, dtype=np.float64)]
        for _ in range(years):
            found.append(found[-1] @ self.matrix)
        return np.vstack(found)


def class_transitions(
    history: pd.DataFrame, first: int, last: int, level: float = 0.95
) -> ClassTransitions:
    """Return the transitions into the years ``first`` to ``last``.

    Pairs of consecutive years count; a year without a classification breaks them.

    Parameters
    ----------
    history : pandas.DataFrame
        ``country, year, income_class`` (L, LM, UM, H; ``LM*`` counts as LM).
    first, last : int
        Years of arrival.
    level : float
        Of the intervals.

    Raises
    ------
    DataError
        If a class is none of these, or there is no pair in these years.
    """
    pairs = _pairs(history)
    pairs = pairs[pairs["year"].between(first, last)]
    if pairs.empty:
        raise DataError(f"transitions: no economy is classified in two years of {first}-{last}")
    counts = np.zeros((len(CLASSES), len(CLASSES)))
    np.add.at(counts, (pairs["rank_from"].to_numpy(), pairs["rank_to"].to_numpy()), 1)
    return ClassTransitions(first=first, last=last, counts=counts, level=level)


def _pairs(history: pd.DataFrame) -> pd.DataFrame:
    """Return the classes of consecutive years, by the later one."""
    ranked = history[["country", "year"]].assign(rank=plain_classes(history).map(RANKS))
    before = ranked.assign(year=ranked["year"] + 1)
    return before.merge(ranked, on=["country", "year"], suffixes=("_from", "_to"))


def decades(history: pd.DataFrame) -> list[tuple[int, int]]:
    """Return the calendar decades of arrival that a history covers, and the whole record last.

    A beginning of fewer than five years is joined to the decade after it; a decade in which no
    economy arrives anywhere is left out.

    Raises
    ------
    DataError
        If no economy is classified in two consecutive years.
    """
    arrivals = _pairs(history)["year"]
    if arrivals.empty:
        raise DataError("transitions: no economy is classified in two consecutive years")
    first, last = int(arrivals.min()), int(arrivals.max())
    ends = [*range(first - first % 10 + 9, last, 10), last]
    if len(ends) > 1 and ends[0] - first + 1 < 5:
        ends = ends[1:]
    starts = [first, *(end + 1 for end in ends[:-1])]
    spans = [s for s in zip(starts, ends, strict=True) if arrivals.between(*s).any()]
    return spans if len(spans) == 1 else [*spans, (first, last)]
