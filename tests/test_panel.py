"""The panel: its contract at the door, and time cut in one place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.panel import Panel


def _frame(rows: list[tuple[str, int, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["country", "year", "x"])
    return frame.set_index(["country", "year"])


def test_rows_are_sorted_without_touching_the_given_frame() -> None:
    """A panel sorts its rows; the frame that it was given keeps its order."""
    given = _frame([("B", 2001, 1.0), ("A", 2000, 2.0)])

    panel = Panel(given, source="t")

    assert list(panel.frame.index) == [("A", 2000), ("B", 2001)]
    assert list(given.index) == [("B", 2001), ("A", 2000)]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (_frame([("A", 2000, 1.0), ("A", 2000, 2.0)]), "more than once"),
        (_frame([("A", 2000, np.inf)]), "infinite"),
        (_frame([("A", 2000, 1.0)]).assign(x="text"), "not numeric"),
        (_frame([("A", 2000, 1.0)]).rename_axis(["iso", "year"]), "index is"),
    ],
)
def test_a_bad_frame_is_refused_with_its_reason(frame: pd.DataFrame, says: str) -> None:
    """Each breach of the contract has its own message."""
    with pytest.raises(DataError, match=says):
        Panel(frame, source="t")


def test_through_keeps_the_year_and_drops_later_ones() -> None:
    """`through` includes the year named and nothing after it."""
    panel = Panel(_frame([("A", y, float(y)) for y in range(2000, 2005)]), source="t")

    assert panel.through(2002).frame.index.get_level_values("year").max() == 2002


def test_a_missing_column_names_the_nearest() -> None:
    """A misspelt column is answered with the nearest one."""
    panel = Panel(_frame([("A", 2000, 1.0)]).rename(columns={"x": "rd_gdp"}), source="t")

    with pytest.raises(DataError, match="did you mean 'rd_gdp'"):
        panel.require(["rd_gpd"])
