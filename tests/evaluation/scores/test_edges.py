"""The edges of scores: ends of bins, of bands and of intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evaluation.scores.probability_scores import brier_parts, reliability_table
from forecast.evaluation.scores.scores import covered


@pytest.mark.parametrize(
    ("probability", "low", "high"),
    [(0.0, 0.0, 0.1), (0.0999, 0.0, 0.1), (0.1, 0.1, 0.2), (0.5, 0.5, 0.6), (0.9, 0.9, 1.0),
     (1.0, 0.9, 1.0)],
)  # fmt: skip
def test_a_bin_has_its_lower_end_and_the_last_also_one(
    probability: float, low: float, high: float
) -> None:
    """One belongs to the last bin, not to one beyond it."""
    table = reliability_table(np.array([1.0]), np.array([probability]))

    assert (table["low"].tolist(), table["high"].tolist()) == ([low], [high])
    assert table["n"].tolist() == [1]


@given(
    cases=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=30
    ),
    bins=st.integers(1, 12),
)  # fmt: skip
def test_every_case_lies_in_a_bin_and_the_parts_sum_to_the_score(
    cases: list[tuple[float, int]], bins: int
) -> None:
    """Murphy's parts, what the bins hide included, are the Brier score."""
    probability, event = (np.array(column, dtype=float) for column in zip(*cases, strict=True))

    table, parts = (
        reliability_table(event, probability, bins),
        brier_parts(event, probability, bins),
    )

    assert table["n"].sum() == len(cases)
    assert table["low"].between(0, 1 - 1 / bins + 1e-12).all()
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert total == pytest.approx(np.mean((probability - event) ** 2), abs=1e-12)


def test_the_band_holds_the_central_ninety_per_cent() -> None:
    """Binomial, 100 cases at one half: P(X <= 41) = 0.044, P(X <= 42) = 0.067, so 0.42 to 0.58."""
    table = reliability_table(np.repeat([0.0, 1.0], 50), np.full(100, 0.5))

    assert table[["band_low", "band_high"]].to_numpy().tolist() == [[0.42, 0.58]]


def test_an_interval_holds_its_ends() -> None:
    """Both: an outcome on the edge is covered, the next number is not."""
    low, high = np.full(4, 1.0), np.full(4, 2.0)
    outcome = np.array([1.0, 2.0, np.nextafter(1.0, 0), np.nextafter(2.0, 3)])

    assert covered(outcome, low, high).tolist() == [100.0, 100.0, 0.0, 0.0]


def test_ten_bins_unless_told() -> None:
    """0.90 and 0.91 share a bin of ten, not one of eleven."""
    event, probability = np.array([1.0, 0.0]), np.array([0.90, 0.91])

    assert brier_parts(event, probability) == brier_parts(event, probability, 10)
    assert brier_parts(event, probability) != brier_parts(event, probability, 11)
    assert len(reliability_table(event, probability)) == 1
