"""The panel: its contract at the door, and time cut in one place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (_frame([("A", 2000, 1.0)]).assign(x=1j), "not numeric"),
        (_frame([("A", 2000, 1.0), ("A", np.nan, 1.0)]), "row 2, of A, has no year"),
        (_frame([("A", 2000, 1.0), (np.nan, 2000, 1.0)]), "row 2 has no country"),
        (_frame([("A", 2000, 1.0), (" ", 2000, 1.0)]), "row 2 has no country"),
        (_frame([("A", 2000, 1.0), (7, 2000, 1.0)]), "text and numbers"),
        (_frame([("A", 2000.0, 1.0), ("A", 2000.5, 1.0)]), r"year is '2000.5' \(float"),
        (_frame([("A", "2000", 1.0), ("A", "FY01", 1.0)]), "year is 'FY01'"),
        (_frame([("A", True, 1.0)]), "year is 'True'"),
        (_frame([("A", np.inf, 1.0)]), "year is 'inf'"),
        (_frame([("A", pd.Timestamp("2000-06-30"), 1.0)]), "year is '2000-06-30"),
        (_frame([("A", pd.Period("2000Q1"), 1.0)]), "year is '2000Q1'"),
        (pd.concat([_frame([("A", 2000, 1.0)])] * 2, axis=1), "'x' occurs more than once"),
    ],
)
def test_a_bad_frame_is_refused_with_its_reason(frame: pd.DataFrame, says: str) -> None:
    """Each breach of the contract has its own message."""
    with pytest.raises(DataError, match=says):
        Panel(frame, source="t")


YEARS: dict[str, Callable[[list[int]], object]] = {
    "int": lambda years: years,
    "int16": lambda years: np.array(years, dtype=np.int16),
    "float": lambda years: np.array(years, dtype=float),
    "nullable": lambda years: pd.array(years, dtype="Int64"),
    "object": lambda years: np.array(years, dtype=object),
    "text": lambda years: [str(year) for year in years],
    "period": lambda years: pd.PeriodIndex([str(year) for year in years], freq="Y"),
    "january": lambda years: pd.to_datetime([f"{year}-01-01" for year in years]),
    "december": lambda years: pd.to_datetime([f"{year}-12-31" for year in years]),
}


@given(
    form=st.sampled_from(sorted(YEARS)),
    keys=st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1900, 2100)), min_size=1,
                  max_size=12, unique=True),
)  # fmt: skip
def test_whole_years_in_any_form_make_one_panel(form: str, keys: list[tuple[str, int]]) -> None:
    """The form of a year that says the year and no more does not matter."""
    plain = pd.DataFrame(keys, columns=["country", "year"]).assign(x=range(len(keys)))
    formed = plain.assign(year=YEARS[form]([year for _, year in keys]))

    found = Panel(formed.set_index(["country", "year"]), source="t").frame

    assert found.index.levels[1].dtype == np.int64
    assert found.dtypes["x"] == np.float64
    pd.testing.assert_frame_equal(
        found, Panel(plain.set_index(["country", "year"]), source="t").frame
    )


def test_what_stands_beside_the_frame_has_its_index() -> None:
    """Imputed shares and editions are keyed as the rows are."""
    frame = _frame([("B", 2001.0, 1.0), ("A", 2000.0, 2.0)])

    panel = Panel(frame, source="t", imputed=frame, editions={"2020-01": frame})

    for one in (panel.imputed, panel.editions["2020-01"]):
        assert one is not None
        assert list(one.index) == [("A", 2000), ("B", 2001)]
    with pytest.raises(DataError, match="t, edition 2020-01: row 1, of A, has no year"):
        Panel(frame, source="t", editions={"2020-01": _frame([("A", np.nan, 1.0)])})


def test_through_keeps_the_year_and_drops_later_ones() -> None:
    """`through` includes the year named and nothing after it."""
    panel = Panel(_frame([("A", y, float(y)) for y in range(2000, 2005)]), source="t")

    assert panel.through(2002).frame.index.get_level_values("year").max() == 2002


def test_a_missing_column_names_the_nearest() -> None:
    """A misspelt column is answered with the nearest one."""
    panel = Panel(_frame([("A", 2000, 1.0)]).rename(columns={"x": "rd_gdp"}), source="t")

    with pytest.raises(DataError, match="did you mean 'rd_gdp'"):
        panel.require(["rd_gpd"])
