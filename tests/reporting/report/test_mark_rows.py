"""Marks in the report's table and in sentences."""

import numpy as np
import pandas as pd

from forecast.projection.explain.marks import MARK_COLUMNS
from forecast.reporting.report.mark_rows import already, lacking, mark_section
from forecast.reporting.wording import passage_year


def _table() -> pd.DataFrame:
    """Return a mark ahead with a year due, one without, one passed and one unknown."""
    ahead = {"passed_at_origin": False, "p_2040": 0.25, "median_year": 2041.0, "year_p10": 2033.0,
             "note": ""}  # fmt: skip
    rows = [
        {"mark": "goal", "label": "twice", **ahead, "due": 2035.0, "p_due": 0.1},
        {"mark": "level", "label": "a level", **ahead},
        {"mark": "low", "label": "a low level", "passed_at_origin": True, "note": ""},
        {"mark": "no", "label": "a share", "note": "XXX: no income at parity"},
    ]
    both = [
        {**row, "scenario": name, "change": change, "change_mc_se": 0.01}
        for row in rows
        for name, change in (("baseline", 0.0), ("push", 0.03 if row["mark"] == "goal" else 0.02),
                             ("still", -0.004))
    ]  # fmt: skip
    return pd.DataFrame(both, columns=MARK_COLUMNS)


def test_a_year_and_its_interval() -> None:
    """What fewer paths reach comes later; one year for all three is said once."""
    row = {"year_p10": 2033.0, "median_year": 2041.0, "year_p90": np.nan}
    assert passage_year(row) == "2041 (2033-later)"
    assert passage_year(dict.fromkeys(row, np.nan)) == "later"


def test_marks_ahead_have_columns_and_the_others_sentences() -> None:
    """A goal with a year due shows its chance in it, another its chance by 2040.

    A difference of three standard errors is clear, one of two is not; a scenario without a clear
    one has no row.
    """
    shown = mark_section(_table(), {"push": "Push"}, {"goal": "A\ngoal."})

    year = "2041 (2033-later)"
    assert shown["mark_heads"] == [
        ("twice", "in 2035", "10.0\u00a0%", year), ("a level", "by 2040", "25.0\u00a0%", year),
    ]  # fmt: skip
    ((label, cells),) = shown["mark_rows"]
    assert label == "Push"
    assert [(one.text, one.clear) for one in cells] == [("+3.0", True), ("~+2.0", False)]
    assert shown["marks_said"] == ["No difference from the baseline beyond Monte Carlo "
                                   "error: 'still'.",
                                   "A low level: passed already.",
                                   "A share: XXX: no income at parity."]  # fmt: skip
    assert shown["mark_reasons"][0] == ("Twice", "A goal.")
    assert not any(mark_section(None, {}, {}).values())


def test_no_marks_no_sentences() -> None:
    """An empty table, as of a study without marks."""
    empty = pd.DataFrame(columns=MARK_COLUMNS)
    assert already(empty) == lacking(empty) == []
