"""How far a transition matrix moves when it is drawn anew, and what follows for shares ahead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array, Integers, Matrix, Vector
from forecast.errors import DataError
from forecast.statistics.income_classes.classes import CLASSES
from forecast.structure.transitions.matrices import ClassTransitions, class_transitions


def drawn_rows(transitions: ClassTransitions, draws: int, rng: Generator) -> Array:
    """Return matrices whose rows are multinomial samples of their size, (draws, 4, 4).

    Every pair of years counts as independent: the parametric bootstrap of the matrix.

    Raises
    ------
    DataError
        If a class has no pair.
    """
    sizes = transitions.counts.sum(axis=1).astype(np.int64)
    _complete(sizes > 0, transitions.first, transitions.last)
    counts = np.stack([rng.multinomial(n, p, size=draws) for n, p in _rows(transitions, sizes)], 1)
    return np.asarray(counts / sizes[:, None], dtype=np.float64)


def drawn_economies(
    history: pd.DataFrame, first: int, last: int, draws: int, rng: Generator
) -> Array:
    """Return matrices of economies drawn anew with their whole record, (draws, 4, 4).

    What ties an economy's years together stays; that one year moves many economies does not.

    Raises
    ------
    DataError
        If there is no pair in these years, or a class is empty in a draw.
    """
    blocks = []
    for _, own in history.groupby("country"):
        if own["year"].between(first - 1, last).sum() > 1:
            try:
                blocks.append(class_transitions(own, first, last).counts)
            except DataError:  # classified in two years, never in a row
                continue
    if not blocks:
        raise DataError(f"transitions: no economy is classified in two years of {first}-{last}")
    times = rng.multinomial(len(blocks), np.full(len(blocks), 1 / len(blocks)), size=draws)
    counts = np.tensordot(times, np.stack(blocks), axes=1)
    sizes = counts.sum(axis=2, keepdims=True)
    _complete((sizes[:, :, 0] > 0).all(axis=0), first, last)
    return np.asarray(counts / sizes, dtype=np.float64)


def future_shares(
    transitions: ClassTransitions,
    matrices: Array,
    economies: Integers,
    years: Sequence[int],
    rng: Generator,
) -> pd.DataFrame:
    """Return shares of classes ahead with two intervals.

    Parameters
    ----------
    transitions : ClassTransitions
        Its matrix gives the shares, its level the intervals.
    matrices : ndarray of shape (draws, 4, 4)
        Of `drawn_rows` or `drawn_economies`.
    economies : ndarray of shape (4,)
        Number in each class now.
    years : sequence of int
        Ahead.
    rng : Generator

    Returns
    -------
    pandas.DataFrame
        ``ahead, income_class, share``; ``low, high`` of the expected share, because the matrix is
        an estimate; ``future_low, future_high`` of the share to come: besides, each economy moves
        by chance, on its own.
    """
    total = int(economies.sum())
    expected = transitions.shares_ahead(economies / total, max(years))
    tails = ((1 - transitions.level) / 2, (1 + transitions.level) / 2)
    rows = []
    for ahead in years:
        powers = np.linalg.matrix_power(matrices, ahead)
        means = economies / total @ powers
        chance = sum(
            rng.multinomial(int(n), powers[:, k] / powers[:, k].sum(axis=1, keepdims=True))
            for k, n in enumerate(economies)
        )
        low, high = np.quantile(means, tails, axis=0)
        future_low, future_high = np.quantile(np.asarray(chance) / total, tails, axis=0)
        rows.append(
            pd.DataFrame({
                "ahead": ahead, "income_class": CLASSES, "share": expected[ahead],
                "low": low, "high": high, "future_low": future_low, "future_high": future_high,
            })
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def resampled_mobility(matrices: Array, level: float) -> tuple[float, float]:
    """Return the interval of Shorrocks' (1978) index over matrices drawn anew."""
    k = matrices.shape[1]
    index = (k - np.trace(matrices, axis1=1, axis2=2)) / (k - 1)
    low, high = np.quantile(index, ((1 - level) / 2, (1 + level) / 2))
    return float(low), float(high)


def _rows(transitions: ClassTransitions, sizes: Integers) -> list[tuple[int, Vector]]:
    shares: Matrix = transitions.matrix
    return [(int(n), row) for n, row in zip(sizes, shares, strict=True)]


def _complete(full: Array, first: int, last: int) -> None:
    empty = [name for name, one in zip(CLASSES, full, strict=True) if not one]
    if empty:
        raise DataError(
            f"transitions {first}-{last}: too few economies were {', '.join(empty)} to draw anew"
        )
