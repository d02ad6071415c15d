"""The line's path, rounding and comparison."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from forecast.income.threshold import above, rounded_threshold, threshold_path


def test_line_is_rounded_to_five_halves_up() -> None:
    """14,372.5 is published as 14,375 and 14,372.4 as 14,370."""
    assert_array_equal(
        rounded_threshold(np.array([14_372.5, 14_372.4, 14_377.4, 14_377.5])),
        [14_375, 14_370, 14_375, 14_380],
    )


def test_rounding_does_not_add_up() -> None:
    """Twenty steps of 0.01 % move the unrounded line by 0.2 %, though each rounds to nothing."""
    path = threshold_path(14_375.0, np.full(20, 0.01))

    assert_allclose(path[-1], 14_375 * np.exp(0.002), rtol=1e-12)
    assert rounded_threshold(path)[0] == 14_375
    assert rounded_threshold(path)[-1] == 14_405


def test_at_the_line_is_not_above() -> None:
    """An economy at the line exactly is not high income."""
    assert_array_equal(
        above(np.array([14_370.0, 14_375.0, 14_380.0]), np.array(14_375.0)), [False, False, True]
    )
