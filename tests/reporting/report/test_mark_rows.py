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
    both = [{**row, "scenario": name} for row in rows for name in ("baseline", "push")]
    return pd.DataFrame(both, columns=MARK_COLUMNS)


def test_a_year_and_its_interval() -> None:
    """What fewer paths reach comes later; one year for all three is said once."""
    row = {"year_p10": 2033.0, "median_year": 2041.0, "year_p90": np.nan}
    assert passage_year(row) == "2041 (2033-later)"
    assert passage_year(dict.fromkeys(row, np.nan)) == "later"


def test_marks_ahead_have_columns_and_the_others_sentences() -> None:
    """A goal with a year due shows its chance in it, another its chance by 2040."""
    shown = mark_section(_table(), {"push": "Push"}, {"goal": "A\ngoal."})

    assert shown["mark_heads"] == [("twice", "in 2035"), ("a level", "by 2040")]
    year = "2041 (2033-later)"
    cells = [("10.0\u00a0%", year), ("25.0\u00a0%", year)]
    assert shown["mark_rows"] == [("baseline", cells), ("Push", cells)]
    assert shown["marks_said"] == ["A low level: passed already.",
                                   "A share: XXX: no income at parity."]  # fmt: skip
    assert shown["mark_reasons"][0] == ("Twice", "A goal.")
    assert not any(mark_section(None, {}, {}).values())


def test_no_marks_no_sentences() -> None:
    """An empty table, as of a study without marks."""
    empty = pd.DataFrame(columns=MARK_COLUMNS)
    assert already(empty) == lacking(empty) == []
