"""Growth per head of an edition: from levels per head, or from output over population."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.statistics.imf_growth import growth_per_head


def _table(series: dict[tuple[str, str], dict[int, float]]) -> pd.DataFrame:
    rows = [(*key, year, value) for key, values in series.items() for year, value in values.items()]
    return pd.DataFrame(rows, columns=["country", "subject", "year", "value"])


def test_levels_per_head_come_first() -> None:
    """A: per head; B: output over population; C: per head where it is, else output."""
    found = growth_per_head(
        _table(
            {
                ("A", "NGDPRPC"): {2024: 100, 2025: 104, 2026: 107.12},
                ("A", "NGDP_R"): {2024: 1, 2025: 9, 2026: 9},
                ("A", "LP"): {2024: 1, 2025: 1, 2026: 1},
                ("B", "NGDP_R"): {2024: 200, 2025: 210, 2026: 231},
                ("B", "LP"): {2024: 10, 2025: 10, 2026: 11},
                ("C", "NGDPRPC"): {2024: 100, 2025: 101},
                ("C", "NGDP_R"): {2025: 100, 2026: 106},
                ("C", "LP"): {2025: 10, 2026: 10},
                ("D", "NGDP_RPCH"): {2025: 3.0},
            }
        ),
        2025,
    )

    assert found.index.tolist() == ["A", "B", "C"]
    assert_allclose(found.to_numpy(), [[4.0, 3.0], [5.0, 0.0], [1.0, 6.0]], rtol=1e-12, atol=1e-12)


def test_a_gap_is_no_growth() -> None:
    """A year that is missing, or a level of zero, gives neither its growth nor the next one's."""
    found = growth_per_head(
        _table({("A", "NGDPRPC"): {2023: 1, 2024: 0, 2025: 1, 2026: 2, 2028: 3, 2029: 6}}), 2023
    )

    assert found.columns.tolist() == [2026, 2029]
    assert found.loc["A"].tolist() == [100.0, 100.0]


@given(
    growth=st.lists(st.floats(-20, 20), min_size=1, max_size=6),
    unit=st.sampled_from([1e-9, 1e-3, 1.0, 1e6]),
    people=st.floats(0.01, 1500),
)
def test_units_do_not_matter(growth: list[float], unit: float, people: float) -> None:
    """Levels in any unit, over a population that does not change, grow as they were made to."""
    levels = 7.0 * unit * np.cumprod(np.r_[1.0, 1 + np.array(growth) / 100])
    years = range(2025, 2025 + len(levels))
    table = _table(
        {
            ("A", "NGDP_R"): dict(zip(years, levels, strict=True)),
            ("A", "LP"): dict.fromkeys(years, people),
        }
    )

    # growth of g % from two floats: an error of 100 x a few units in the last place
    assert_allclose(growth_per_head(table, 2026).loc["A"], growth, atol=1e-11)


def test_without_growth_it_says_what_is_needed() -> None:
    """No subject, no second year, a key twice."""
    one = _table({("A", "NGDPRPC"): {2025: 1.0}})
    for table in (one, _table({("A", "PCPI"): {2025: 1.0, 2026: 2.0}})):
        with pytest.raises(DataError, match="no growth per head from 2025 on: NGDPRPC, or NGDP_R"):
            growth_per_head(table, 2025)
    with pytest.raises(DataError, match="twice"):
        growth_per_head(pd.concat([one, one]), 2025)
