"""An invented seal scored by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.testing import assert_allclose

from forecast.evaluation.published.sealed_scores import FLOOR, score_sealed

# A and B are below the line at 2025, C above it.
SAID = [
    ("A", 2026, 0.6, 0.4),
    ("A", 2027, 0.7, 0.5),
    ("B", 2026, 0.0, 1.0),
    ("B", 2027, 0.1, 0.9),
    ("C", 2026, np.nan, 0.2),
    ("C", 2027, np.nan, 0.3),
]


def _table() -> pd.DataFrame:
    table = pd.DataFrame(SAID, columns=["country", "year", "passed", "below"])
    return table.assign(line="high", view="imf")


def _incomes(*rows: tuple[str, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["country", "year", "relative"]).assign(line="high")


def _row(scores: pd.DataFrame, event: str, ahead: int) -> pd.Series:
    return scores[(scores["event"] == event) & (scores["years_ahead"] == ahead)].iloc[0]


def test_scores_by_hand() -> None:
    """A passed in 2026 and fell back: it has passed by 2027. B never did. C fell in 2027."""
    scores = score_sealed(
        _table(),
        2025,
        _incomes(
            ("A", 2025, -0.1), ("A", 2026, 0.1), ("A", 2027, -0.1), ("B", 2026, -0.5),
            ("B", 2027, -0.4), ("C", 2026, 0.2), ("C", 2027, -0.01),
        ),
    )  # fmt: skip
    one, two = _row(scores, "passed", 1), _row(scores, "passed", 2)
    back = _row(scores, "below", 2)

    assert (one["known"], one["open"]) == (2, 0)
    assert_allclose(one["brier"], (0.4**2 + 0) / 2)
    assert_allclose(one["log_score"], -(np.log(0.6) + np.log(1 - FLOOR)) / 2)
    assert_allclose(two["brier"], (0.3**2 + 0.1**2) / 2)
    assert_allclose(two["log_score"], -(np.log(0.7) + np.log(0.9)) / 2)
    assert_allclose([two["said"], two["came"]], [0.4, 0.5])
    assert_allclose(back["brier"], 0.7**2)
    assert_allclose(_row(scores, "below", 1)["brier"], 0.2**2)


def test_a_passage_before_a_gap_is_not_counted_early() -> None:
    """With 2026 unknown neither A's passage of 2027 nor B's lack of one is an outcome."""
    scores = score_sealed(
        _table(), 2025, _incomes(("A", 2027, 0.1), ("B", 2027, -0.4), ("C", 2027, 0.1))
    )

    assert _row(scores, "passed", 2)["known"] == 0
    assert np.isnan(_row(scores, "passed", 2)["brier"])
    assert _row(scores, "below", 2)["known"] == 1


def test_nothing_known_is_no_outcome() -> None:
    """Incomes to the origin alone leave everything open; another line's are no outcome either."""
    known = _incomes(("A", 2025, -0.1))
    other = _incomes(("A", 2026, 0.1)).assign(line="upper_middle")
    scores = score_sealed(_table(), 2025, pd.concat([known, other]))

    assert (scores["known"] == 0).all()
    assert scores["open"].sum() == len(SAID)
    assert scores[["said", "came", "brier", "log_score"]].isna().all(axis=None)


def test_an_event_held_impossible_costs_a_finite_sum() -> None:
    """B passes in 2026, for which the seal has 0."""
    scores = score_sealed(_table(), 2025, _incomes(("B", 2026, 0.1)))

    assert_allclose(_row(scores, "passed", 1)["brier"], 1)
    assert_allclose(_row(scores, "passed", 1)["log_score"], -np.log(FLOOR))
