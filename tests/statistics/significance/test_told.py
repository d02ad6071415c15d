"""Differences told from none: a level for all of them together."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.statistics.significance.told import is_told


@pytest.mark.parametrize("among", [1, 10, 300])
def test_of_differences_that_are_none_one_table_in_twenty_tells_any(among: int) -> None:
    """2,000 tables of standard normals: at most 5 %, and three errors of that share."""
    tables = np.random.default_rng(among).standard_normal((2000, among))
    largest = np.abs(tables).max(axis=1)
    share = np.mean([is_told(value, 1.0, among) for value in largest])

    assert share <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
    assert share >= 0.03  # and not far below: independent differences lose little


def test_one_difference_has_the_usual_bound_and_none_is_told_without_error() -> None:
    """1.96 errors; of no change nothing is told, of a change without error all."""
    assert is_told(1.97, 1.0)
    assert not is_told(-1.95, 1.0)
    assert not is_told(0.0, 0.0)
    assert is_told(0.1, 0.0, 500)
