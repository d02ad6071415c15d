"""A user's CSV: what is read, and what is refused with which message."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import DataError
from forecast.study.own_panel import read_panel

GOOD = "firm,t,sales,note\n007,2000,1.5,a\n007,2001,.,b\nNA1,2000,3,c\n"


def _file(folder: Path, text: str) -> Path:
    path = folder / "p.csv"
    path.write_text(text)
    return path


def test_labels_stay_text_and_text_columns_are_left_out(tmp_path: Path) -> None:
    """A label 007 keeps its zeros; a dot is a missing value; notes are no variable."""
    panel = read_panel(_file(tmp_path, GOOD), "firm", "t")

    assert panel.countries() == ["007", "NA1"]
    assert list(panel.frame.columns) == ["sales"]
    assert panel.frame["sales"].isna().sum() == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("firm,time,x\nA,2000,1\n", "column 't' is not one of"),
        ("firm,t,x\nA,2000.5,1\n", "row 2: t is .* must be a whole number"),
        ("firm,t,x\nA,2000,1\n,2001,1\n", "row 3: no firm"),
        ("firm,t,x\nA,2000,1\nA,2000,2\n", "row 3: .* more than once"),
    ],
)
def test_faults_name_their_row(tmp_path: Path, text: str, says: str) -> None:
    """Rows are counted as an editor counts them, the header being row 1."""
    with pytest.raises(DataError, match=says):
        read_panel(_file(tmp_path, text), "firm", "t")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """No such file: its path is in the message."""
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_panel(tmp_path / "none.csv", "firm", "t")
