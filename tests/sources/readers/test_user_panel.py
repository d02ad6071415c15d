"""A user's table: what is read, what is told, and what is refused with which message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError, EstimationError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.study.own_panel import read_panel

GOOD = "firm,t,sales,note\n007,2000,1.5,a\n007,2001,.,b\nNA1,2000,3,c\n"
ROWS = "CHN,2000,1,2\nCHN,2001,2,4\nKOR,2000,3,7\nKOR,2001,5,6\n"


def _file(folder: Path, text: str, name: str = "p.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _read(folder: Path, text: str, entity: str = "c", time: str = "t", **said: object) -> Panel:
    return read_panel(_file(folder, text), entity, time, **said)  # type: ignore[arg-type]


def test_labels_stay_text_and_text_columns_are_left_out(tmp_path: Path) -> None:
    """A label 007 keeps its zeros; a dot is a missing value; notes are no variable."""
    panel = _read(tmp_path, GOOD, "firm")

    assert panel.countries() == ["007", "NA1"]
    assert list(panel.frame.columns) == ["sales"]
    assert panel.frame["sales"].isna().sum() == 1
    assert "1 cell(s) read as missing ('.' 1)" in panel.reading
    assert "1 of words ('note')" in panel.reading


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("firm,time,x\nA,2000,1\n", "column 't' is not one of"),
        ("firm,t,x\nA,2000.5,1\n", "row 2: t is .* must be a whole number"),
        (f"firm,t,x\nA,{'9' * 5000},1\n", r"row 2: t is '9+'\.\.\. \(5,000 characters\)"),
        ("firm,t,x\nA,2000,1\n,2001,1\n", "row 3: no firm"),
        ("firm,t,x\nA,2000,1\nA,2000,2\n", "row 3: .* more than once, first in row 2"),
        ("firm,t,x\nA,2000,1\nA ,2000,2\n", "row 3: .* more than once, first in row 2"),
        ("firm,t,x\nA,2000,1\nA,2001,2,9\n", "row 3: found 4 cells, the header has 3"),
        ("firm,t,x\nA,2000,a\n", "found no column of numbers.* row 2 holds 'a'"),
        ("firm,t,x\nA,2000,\x07\n", r"row 2 holds '\\x07'"),
        ("firm,t,t,x\nA,2000,1,1\n", "column 't' stands twice"),
        ("firm,t,x\n", "no row below"),
        ("", "empty file"),
        ("\n\n \n", "empty file"),
        ('firm,t,x\n"A,2000,1\n', "cannot be read as a table"),
        ("firm,t,x\nA,2000,1\0\n", "is no text"),
    ],
)
def test_faults_name_their_row(tmp_path: Path, text: str, says: str) -> None:
    """Rows are counted as an editor counts them, the header being row 1."""
    with pytest.raises(DataError, match=says):
        _read(tmp_path, text, "firm")


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    """No such file, a folder: the path is in the message."""
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_panel(tmp_path / "none.csv", "firm", "t")
    with pytest.raises(DataError, match="not a file"):
        read_panel(tmp_path, "firm", "t")
    with pytest.raises(DataError, match="entity and time must be given"):
        read_panel(tmp_path / "none.csv")


def test_cells_beyond_the_header_never_move_columns(tmp_path: Path) -> None:
    """A comma at the end of every row, or of the header too, changes nothing."""
    plain = _read(tmp_path, f"c,t,y,x\n{ROWS}").frame

    for header in ("c,t,y,x\n", "c,t,y,x,\n", "c,t,y,x,,\n"):
        found = _read(tmp_path, header + ROWS.replace("\n", ",\n"))
        pd.testing.assert_frame_equal(found.frame, plain)


@pytest.mark.parametrize("separator", [",", " ", "\t"])
def test_tables_as_r_writes_them_are_read(tmp_path: Path, separator: str) -> None:
    """`write.table`: the header lacks the row names, which are left away."""
    plain = _read(tmp_path, f"c,t,y,x\n{ROWS}").frame
    rows = [f'"{i}",{row}' for i, row in enumerate(ROWS.splitlines(), start=1)]
    text = '"c","t","y","x"\n' + "\n".join(rows) + "\n"
    found = _read(tmp_path, text.replace(",", separator))

    pd.testing.assert_frame_equal(found.frame, plain)
    assert "row names" in found.reading


def test_columns_called_like_keys_do_not_clash(tmp_path: Path) -> None:
    """Others may have the names that panels give their keys; a model that asks is told."""
    text = "iso,country,yr,year,y\n" + "".join(
        f"{c},{c}land,{t},{i},{i * i}\n" for c in ("CHN", "KOR") for i, t in enumerate([2000, 2001])
    )
    panel = _read(tmp_path, text, "iso", "yr")

    assert list(panel.frame.columns) == ["y"]
    assert list(panel.require(["year"])["year"].unique()) == [2000, 2001]  # the period itself
    with pytest.raises(DataError, match="column 'country': row 2 holds 'CHNland'"):
        panel.require(["country"])


@pytest.mark.parametrize(
    "mark", ["..", "n/a", "--", ":", "NA", "NaN", ".", "", "-", "N/A", "#N/A", "...", " .. "]
)
def test_publishers_marks_of_missing_values(tmp_path: Path, mark: str) -> None:
    """They are read as missing and counted."""
    panel = _read(tmp_path, f"c,t,x\nA,1,2\nA,2,{mark}\nB,1,4\n")

    np.testing.assert_array_equal(panel.frame["x"], [2, np.nan, 4])
    assert "1 cell(s) read as missing" in panel.reading


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"1,234.5"', 1234.5),
        ('"1,234"', 1234),
        ("1 234.5", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("1'234.5", 1234.5),
        ("-.5", -0.5),
        ("\u22122", -2),
        ("1e-3", 0.001),
        ("+4.", 4),
        ("007", 7),
    ],
)
def test_numbers_of_every_style(tmp_path: Path, cell: str, value: float) -> None:
    """Thousands in threes, signs, exponents; the point is before decimals."""
    panel = _read(tmp_path, f"c,t,x,z\nA,1,{cell},0.5\n")

    assert panel.frame["x"].tolist() == [value]


@pytest.mark.parametrize("cell", ["abc", "1_000", "inf", "0x10", '"1,23,4"', "5%", "1e999", "1 2"])
def test_a_cell_that_is_no_number_is_named_when_asked_for(tmp_path: Path, cell: str) -> None:
    """Column, row and content are named by the model that asks, not before."""
    panel = _read(tmp_path, f"c,t,x,y\nA,1,2,1\nA,2,3,2\nA,3,4,4\nB,1,{cell},3\n")
    spec = ModelSpec(name="m", label="m", outcome="y", drivers=["x"], estimator="pooled")

    held = cell.strip('"')
    with pytest.raises(EstimationError) as caught:
        estimate(panel, spec)
    assert f"column 'x': row 5 holds '{held}'" in str(caught.value)


def test_truth_values_are_one_and_zero(tmp_path: Path) -> None:
    """A column of TRUE and FALSE is a dummy, and no run of it is called imputed."""
    rows = "".join(f"A,{t},{t > 3},{t}\n" for t in range(9))
    panel = _read(tmp_path, "c,t,d,x\n" + rows.replace("True", "TRUE"))

    assert panel.frame["d"].tolist() == [0] * 4 + [1] * 5
    assert panel.imputed is not None
    assert not panel.imputed["d"].any()


def test_namibia_is_a_country(tmp_path: Path) -> None:
    """NA in the column of entities is Namibia's code, in two letters, by its own or as a code."""
    text = "iso2,t,x\nNA,1,2\nNA,2,3\nCN,1,5\n"

    assert _read(tmp_path, text, "iso2").countries() == ["CHN", "NAM"]
    assert _read(tmp_path, text, "iso2", countries="as_is").countries() == ["CN", "NA"]


def test_labels_are_stripped(tmp_path: Path) -> None:
    """Blanks behind a label, no-break ones too, make no other entity."""
    panel = _read(tmp_path, "c,t,x\nA,1,2\nA ,2,3\n A\u00a0,3,5\nB,1,1\n")

    assert panel.countries() == ["A", "B"]


def test_lines_around_the_table_are_told(tmp_path: Path) -> None:
    """Lines above the header and below the table are left away and counted."""
    panel = _read(tmp_path, f"Source,me\n\nc,t,y,x\n{ROWS}\nLast updated: 2026\n")

    assert len(panel.frame) == 4
    assert "2 line(s) above the header" in panel.reading
    assert "1 line(s) below the table" in panel.reading


def test_a_row_that_ends_early_is_told(tmp_path: Path) -> None:
    """Its last cells are missing."""
    panel = _read(tmp_path, "c,t,y,x\nA,1,2,3\nA,2,4\n")

    assert np.isnan(panel.frame["x"].iloc[1])
    assert "1 row(s) end before the header" in panel.reading
