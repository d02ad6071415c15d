"""Quantiles by sorting are numpy's by selection, bit by bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.randomness.draw_quantiles import draw_quantiles

LEVELS = st.lists(st.floats(0, 1), min_size=1, max_size=5)
DRAWS = arrays(
    float,
    st.tuples(st.integers(1, 30), st.integers(1, 4)),
    elements=st.floats(-1e12, 1e12),
)


@given(draws=DRAWS, levels=LEVELS)
def test_quantiles_are_those_of_numpy(draws: np.ndarray, levels: list[float]) -> None:
    """Ties, single draws and both ends among them."""
    np.testing.assert_array_equal(draw_quantiles(draws, levels), np.quantile(draws, levels, axis=0))
