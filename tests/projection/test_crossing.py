"""The crossing year: by hand, and as invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import ProjectionError
from forecast.projection.crossing import crossing

YEARS = np.arange(2026, 2032)


def test_first_year_strictly_above_by_hand() -> None:
    """Equal to the line is not above it; a path that never exceeds it has year 0."""
    income = np.array([[1, 2, 3, 1, 1, 1], [2, 2, 2, 2, 2, 2], [3, 1, 1, 1, 1, 1]], dtype=float)
    line = np.full_like(income, 2.0)

    found = crossing(income, line, YEARS)

    assert found.first.tolist() == [2028, 0, 2026]
    assert found.never == pytest.approx(1 / 3)
    assert found.probability(2027) == pytest.approx(1 / 3)


def test_lasting_two_years_by_hand() -> None:
    """A single year above does not count where two in a row are asked; nor does a cut-off run."""
    income = np.array([[3, 1, 3, 3, 1, 1], [1, 1, 1, 1, 1, 3]], dtype=float)

    found = crossing(income, np.full_like(income, 2.0), YEARS, lasting=2)

    assert found.first.tolist() == [2028, 0]


def test_quantile_counts_never_as_later_than_every_year() -> None:
    """With 60 % never crossing, the median does not exist; the 40 % quantile does."""
    income = np.full((5, 6), 1.0)
    income[:2, 3:] = 3.0

    found = crossing(income, np.full_like(income, 2.0), YEARS)

    assert np.isnan(found.quantile(0.5))
    assert found.quantile(0.4) == 2029


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 2.0))
def test_a_higher_line_never_makes_crossing_likelier(seed: int, rise: float) -> None:
    """P(crossed by year) falls weakly in the line, and rises weakly in the year."""
    rng = np.random.default_rng(seed)
    income = rng.standard_normal((50, 6)).cumsum(axis=1)
    line = np.zeros_like(income)

    low, high = crossing(income, line, YEARS), crossing(income, line + rise, YEARS)

    by = [low.probability(int(y)) for y in YEARS]
    assert by == sorted(by)
    assert all(high.probability(int(y)) <= low.probability(int(y)) for y in YEARS)


def test_brownian_first_passage_matches_the_closed_form() -> None:
    """A fine random walk's crossing probability tends to 2 (1 - Phi(b / sqrt T)).

    The discrete walk misses crossings between steps; Broadie, Glasserman and Kou (1997) shift the
    barrier by 0.5826 sigma sqrt(dt) to correct for it. 20,000 paths: two standard errors 0.007.
    """
    from scipy.stats import norm

    rng = np.random.default_rng(1)
    steps, paths, barrier = 400, 20_000, 1.0
    walk = (rng.standard_normal((paths, steps)) / np.sqrt(steps)).cumsum(axis=1)
    found = crossing(walk, np.full_like(walk, barrier), np.arange(1, steps + 1))

    expected = 2 * norm.sf(barrier + 0.5826 / np.sqrt(steps))

    assert found.probability(steps) == pytest.approx(expected, abs=0.008)


def test_shapes_and_lasting_are_checked() -> None:
    """Different shapes, or a run longer than the horizon, are refused."""
    with pytest.raises(ProjectionError, match="differ"):
        crossing(np.ones((2, 3)), np.ones((2, 4)), YEARS[:3])
    with pytest.raises(ProjectionError, match="lasting"):
        crossing(np.ones((2, 3)), np.ones((2, 3)), YEARS[:3], lasting=4)
