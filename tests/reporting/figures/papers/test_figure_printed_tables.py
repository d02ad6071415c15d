"""The figure of the paper's tables: each mark where its figure is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.reporting.figures.papers.printed_tables import draw_printed_table

TABLE = pd.DataFrame({
    "country": ["KOR", "BRA", "CHN"], "indicator": "rd_gdp", "printed": [2.11, 1.15, np.nan],
    "printed_year": pd.array([1996, 2020, None], dtype="Int64"), "value": [2.14, 1.2, 2.6],
    "value_year": ["1996", "2019", "2023"], "difference": [0.03, np.nan, np.nan],
    "latest": [4.9, 1.3, 2.6],
})  # fmt: skip


def test_marks_are_printed_same_year_another_year_and_latest():
    """The package's figure of another year is hollow; the title counts what can be checked."""
    figure = draw_printed_table({"paper_table_2": TABLE}, "a package")
    marks = [np.asarray(line.get_xdata(), dtype=float) for line in figure.axes[0].lines]

    np.testing.assert_array_equal(marks[0], [2.11, 1.15, np.nan])
    np.testing.assert_array_equal(marks[1], [2.14, np.nan, np.nan])
    np.testing.assert_array_equal(marks[2], [np.nan, 1.2, 2.6])
    np.testing.assert_array_equal(marks[3], [4.9, 1.3, 2.6])
    assert [t.get_text() for t in figure.axes[0].texts] == ["2.11 (1996)", "1.15 (2020)"]
    assert "can check 1 of 2 printed figures, and stands within 0.03" in figure.texts[0].get_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"difference": [0.005, np.nan, np.nan]}, "agrees with them"),
        ({"difference": [8.13 - 8.125, np.nan, np.nan]}, "agrees with them"),
        ({"difference": np.nan}, "no figure of the printed years"),
        ({"printed": np.nan, "difference": np.nan}, "nothing is printed of these economies"),
        ({"difference": [-1.26, np.nan, np.nan]}, "within 1.3 of them"),
    ],
)
def test_the_title_says_what_was_found(change: dict[str, object], said: str):
    """Up to the rounding of two printed decimals, it agrees."""
    figure = draw_printed_table({"paper_table_1": TABLE.assign(**change)}, "a package")

    assert said in figure.texts[0].get_text()


def test_a_column_that_the_package_lacks_is_said():
    """Printed marks alone, and the words below."""
    bare = TABLE.assign(value=np.nan, latest=np.nan, difference=np.nan)
    (ax, _) = draw_printed_table({"paper_table_2": bare}, "a package").axes

    assert ax.get_xlabel() == "not in the package"
