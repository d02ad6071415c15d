"""Which years tell when a line is passed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import ProjectionError
from forecast.projection.record import Crossing
from forecast.projection.scenarios.telling_years import LEVELS, telling_years

YEARS = np.arange(2026, 2051)


def _crossing(first: list[int]) -> Crossing:
    return Crossing(years=YEARS, first=np.array(first))


def test_years_by_hand() -> None:
    """Of ten paths the first, fifth and ninth; near and far on a multiple of five."""
    spread = [2027, 2028, 2029, 2030, 2034, 2035, 2036, 2037, 2044, 0]
    assert telling_years(_crossing(spread)) == (2027, 2030, 2034, 2040, 2044)
    assert telling_years(_crossing([2026] * 9 + [0])) == (2026,)  # 2030 and 2040 say the same
    assert telling_years(_crossing([2039] * 6 + [0] * 4)) == (2039,)  # 2040 is beside, 2050 as much
    assert telling_years(_crossing([2049] * 6 + [2050] * 2 + [0] * 2)) == (2049, 2050)
    assert telling_years(_crossing([0] * 10)) == (2050,)
    assert telling_years(_crossing([2045] + [0] * 99)) == (2050,)


@given(st.lists(st.one_of(st.just(0), st.integers(2026, 2050)), min_size=1, max_size=200))
def test_every_year_shown_says_something_new(first: list[int]) -> None:
    """Printed shares rise from year to year; a level that is reached is reached in one of them."""
    found = _crossing(first)
    years = telling_years(found)
    shares = [round(found.probability(year), 3) for year in years]

    assert set(years) <= set(YEARS.tolist())
    assert all(later > before for before, later in pairwise(shares))
    for level in LEVELS:
        if not np.isnan(year := found.quantile(level)):
            assert int(year) in years


def test_years_asked_for_are_taken_in_order_or_refused() -> None:
    """Twice the same counts once; one before or after the projection is named."""
    found = _crossing([2030])
    assert telling_years(found, [2035, 2027, 2035]) == (2027, 2035)
    for year in (2025, 2051):
        with pytest.raises(ProjectionError, match=f"found {year}, must be 2026 to 2050"):
            telling_years(found, [2030, year])
