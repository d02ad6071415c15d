"""Matrices drawn anew: against their exact variance, and what they do to shares ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.statistics.income_classes.classes import CLASSES
from forecast.structure.transitions.matrices import ClassTransitions, class_transitions
from forecast.structure.transitions.resampled import (
    drawn_economies,
    drawn_rows,
    future_shares,
    resampled_mobility,
)

COUNTS = np.array([[45.0, 5, 0, 0], [4, 60, 6, 0], [0, 3, 50, 7], [0, 0, 1, 79]])
WHOLE = ClassTransitions(first=2001, last=2010, counts=COUNTS)
DRAWS = 4000


def _history(economies: int = 80) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    rows = []
    for k in range(economies):
        rank = k % 4
        for year in range(2000, 2011):
            rows.append((f"C{k:02d}", year, CLASSES[rank]))
            rank = int(np.clip(rank + rng.choice([-1, 0, 1], p=[0.05, 0.87, 0.08]), 0, 3))
    return pd.DataFrame(rows, columns=["country", "year", "income_class"])


def test_rows_have_the_multinomial_s_mean_and_variance():
    """Mean p and variance p (1 - p) / n in every cell; four errors of a mean and of a variance."""
    drawn = drawn_rows(WHOLE, DRAWS, np.random.default_rng(0))
    p, n = WHOLE.matrix, COUNTS.sum(axis=1, keepdims=True)
    variance = p * (1 - p) / n

    np.testing.assert_allclose(drawn.sum(axis=2), 1)
    assert (np.abs(drawn.mean(axis=0) - p) <= 4 * np.sqrt(variance / DRAWS) + 1e-15).all()
    some = variance > 0
    assert np.abs(drawn.var(axis=0)[some] / variance[some] - 1).max() < 0.15


def test_mobility_drawn_anew_is_the_formula_s():
    """The width of its interval is that of Shorrocks' index by the binomial variance, to 5 %."""
    drawn = drawn_rows(WHOLE, DRAWS, np.random.default_rng(1))
    low, high = resampled_mobility(drawn, 0.95)
    _, exact_low, exact_high = WHOLE.mobility()

    assert (high - low) / (exact_high - exact_low) == pytest.approx(1, abs=0.05)


def test_of_independent_years_economies_drawn_whole_are_as_wide_as_rows():
    """Where nothing ties an economy's years together the two agree, to a fifth."""
    history = _history()
    whole = class_transitions(history, 2001, 2010)
    rng = np.random.default_rng(3)
    rows = drawn_rows(whole, DRAWS, rng).std(axis=0)
    blocks = drawn_economies(history, 2001, 2010, DRAWS, rng).std(axis=0)
    diagonal = np.diag_indices(4)

    np.testing.assert_allclose(blocks[diagonal], rows[diagonal], rtol=0.2)


def test_copies_of_economies_widen_the_blocks_alone():
    """Each year's pair twice in an economy is no more information: blocks know, rows do not."""
    history = _history()
    later = history.assign(year=history["year"] + 20)  # the same path again, nine years apart
    twice = pd.concat([history, later])
    rng = np.random.default_rng(4)
    once, again = (
        drawn_economies(h, 2001, 2030, DRAWS, rng)[:, 2, 2].std() for h in (history, twice)
    )

    assert again == pytest.approx(once, rel=0.1)
    by_rows = drawn_rows(class_transitions(twice, 2001, 2030), DRAWS, rng)[:, 2, 2].std()
    assert by_rows < 0.85 * again


def test_shares_ahead_lie_in_intervals_that_widen():
    """None now; later the chance of each economy comes on top; shares sum to one."""
    drawn = drawn_rows(WHOLE, DRAWS, np.random.default_rng(5))
    economies = np.array([20, 50, 60, 70])
    found = future_shares(WHOLE, drawn, economies, (0, 5, 20), np.random.default_rng(6))
    now = found[found["ahead"] == 0]

    for column in ("low", "high", "future_low", "future_high"):
        np.testing.assert_allclose(now[column], economies / 200)
    np.testing.assert_allclose(found.groupby("ahead")["share"].sum(), 1)
    assert (found["low"] <= found["share"] + 1e-12).all()
    assert (found["share"] <= found["high"] + 1e-12).all()
    width = (found["future_high"] - found["future_low"]) - (found["high"] - found["low"])
    assert (width[found["ahead"] > 0] > 0).all()


def test_a_class_without_pairs_is_said():
    """Nobody was low: neither way can draw its row."""
    history = _history()[lambda t: t["income_class"] != "L"]
    rng = np.random.default_rng(7)

    with pytest.raises(DataError, match="too few economies were L"):
        drawn_rows(class_transitions(history, 2001, 2010), 10, rng)
    with pytest.raises(DataError, match="too few economies were L"):
        drawn_economies(history, 2001, 2010, 10, rng)
    with pytest.raises(DataError, match="classified in two years of 1950-1960"):
        drawn_economies(history, 1950, 1960, 10, rng)
