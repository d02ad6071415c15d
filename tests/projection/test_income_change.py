"""Income against the baseline: of unrounded figures, and no year is lost to one path."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.projection.record import Crossing, Projection
from forecast.reporting.run_folder.tables import fan_table, income_change_table

YEARS = np.arange(2026, 2030)
SHAPE = (40, len(YEARS))
GROWTH = arrays(float, SHAPE, elements=st.floats(-400, 50))


def _projection(name: str, growth: np.ndarray, base: np.ndarray, published: bool) -> Projection:
    return Projection(
        scenario=name,
        country="CHN",
        years=YEARS,
        difference=growth - base,
        baseline_growth=base,
        baseline_income=14000 * np.exp(np.cumsum(base, axis=1) / 100),
        as_published=published,
        threshold=np.full(SHAPE, 14000.0),
        drivers=pd.DataFrame(),
        crossing=Crossing(years=YEARS, first=np.zeros(SHAPE[0], dtype=np.int64)),
    )


@given(base=GROWTH, change=arrays(float, SHAPE, elements=st.floats(-20, 20)))
def test_a_change_of_income_is_that_of_unrounded_figures(
    base: np.ndarray, change: np.ndarray
) -> None:
    """Paths that round to 0 US$ among them; above 1,000 US$ rounding moves at most 1.1 %."""
    one, two = (
        _projection("baseline", base, base, True),
        _projection("s", base + change, base, True),
    )

    found = two.income_change(one)

    assert np.isfinite(income_change_table([one, two])["value"]).all()
    high = (one.income > 1000) & (two.income > 1000)
    rounded = two.income[high] / one.income[high]
    np.testing.assert_allclose(1 + found[high] / 100, rounded, rtol=0.011)
    np.testing.assert_allclose(np.log1p(found[:, 0] / 100), change[:, 0] / 100, atol=1e-9)


@given(base=GROWTH)
def test_the_ratio_is_of_what_is_compared(base: np.ndarray) -> None:
    """Above 1 where income stands above the line, and unrounded where the line is."""
    for published in (True, False):
        one = _projection("baseline", base, base, published)

        ratio = dict(one.variables())["ratio"]

        np.testing.assert_array_equal(ratio > 1, one.compared > one.threshold)
        assert np.isfinite(fan_table([one])["value"]).all()
        assert published or (ratio > 0).all()
