"""What counts as varying, against rounding of known size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.statistics.variation import left_of, varies

SIZES = st.floats(min_value=1e-6, max_value=1e12)


@given(value=SIZES, years=st.integers(2, 200), seed=st.integers(0, 1000))
def test_rounding_does_not_count_and_a_millionth_does(value: float, years: int, seed: int) -> None:
    """A value carried through sums and logarithms stays still; one changed by 1e-6 does not."""
    rng = np.random.default_rng(seed)
    rounded = value * (1 + 2e-16 * rng.integers(-50, 50, years))
    moved = rounded.copy()
    moved[years // 2] *= 1 + 1e-6

    assert not varies(np.full(years, value))
    assert not varies(rounded)
    assert varies(moved)
    assert not varies(moved, least=value)


def test_zeros_do_not_vary() -> None:
    """Zero in every year is still, and a single tiny value among zeros is not."""
    assert not varies(np.zeros(5))
    assert varies(np.array([0.0, 0.0, 1e-300]))


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_what_is_left_is_the_least_squares_residual(scale: float) -> None:
    """Equal to numpy's residual whatever the units and repeated columns; None for an exact fit."""
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(30), np.arange(30.0), rng.normal(size=30)])
    y = rng.normal(size=30)
    expected = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]

    found = left_of(scale * np.column_stack([x, x[:, 2]]), y)

    assert found is not None
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert left_of(scale * x, x @ [1.0, 2.0, 3.0]) is None
    np.testing.assert_array_equal(left_of(np.empty((30, 0)), y), y)
