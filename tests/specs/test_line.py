"""Lines by name and by file: what is read, and what is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import SpecError
from forecast.specs.line import HIGH, LineSpec, line_options, named_line
from forecast.specs.read import read_line


def test_names_become_lines() -> None:
    """World Bank lines by their class; a share and a constant carry their numbers."""
    assert named_line("high") == HIGH
    assert named_line("upper_middle").kind == "upper_middle"
    share = named_line("us_share:0.4")
    assert (share.kind, share.share, share.name) == ("us_share", 0.4, "us_share_40")
    constant = named_line("constant:20000@2024")
    assert (constant.value, constant.year) == (20000.0, 2024)
    assert constant.label == "line of 20,000 US$ at prices of 2024"


@pytest.mark.parametrize("text", ["high", "lower_middle", "us_share:0.4", "constant:20000@2024"])
def test_the_name_of_a_line_gives_the_line_again(text: str) -> None:
    """What a run prints to be repeated names the same line."""
    options = line_options(named_line(text), lasting=2)

    assert options == ((() if text == "high" else ("--line", text)) + ("--lasting", "2"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hihg", "did you mean 'high'"),
        ("us_share", "must be like 'us_share:0.4'"),
        ("us_share:40", "must be like"),
        ("us_share:x", "must be like"),
        ("constant:20000", "constant:20000@2024"),
        ("constant:0@2024", "must be like"),
        ("constant:20000@1890", "1950 to 2100"),
    ],
)
def test_other_names_are_refused(text: str, says: str) -> None:
    """What is not a line is named, with what would be."""
    with pytest.raises(SpecError, match=says):
        read_line(text)


def test_a_csv_file_is_a_path(tmp_path: Path) -> None:
    """Years and US$ as written; the file's stem names the line."""
    file = tmp_path / "2035 target.csv"
    file.write_text("year,value\n2025,14000\n2050,30000.5\n")

    found = read_line(file)

    assert found.path == {2025: 14000.0, 2050: 30000.5}
    assert found.name == "line_2035_target"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("jahr,value\n2025,1\n", "first row must be year,value"),
        ("year,value\n2025,x\n", "row 2"),
        ("year,value\n2025\n", "row 2"),
        ("year,value\n2025,1\n2025,2\n", "row 3: 2025 is given twice"),
        ("year,value\n2025,-1\n", "zero or less"),
        ("year,value\n2025,nan\n", "finite"),
        ("year,value\n", "needs 'path'"),
    ],
)
def test_a_bad_file_is_named_with_its_row(tmp_path: Path, rows: str, says: str) -> None:
    """Header, numbers, doubles and signs are checked."""
    file = tmp_path / "line.csv"
    file.write_text(rows)

    with pytest.raises(SpecError, match=says):
        read_line(file)
    with pytest.raises(SpecError, match="no such file"):
        read_line(tmp_path / "absent.csv")


def test_a_toml_file_declares_a_line(tmp_path: Path) -> None:
    """Knots by year; a number that the kind does not take is an error."""
    file = tmp_path / "steps.toml"
    file.write_text(
        'name = "steps"\nlabel = "line of steps"\nkind = "path"\n[path]\n2025 = 1e4\n2050 = 2e4\n'
    )

    assert read_line(file).path == {2025: 10_000.0, 2050: 20_000.0}
    file.write_text('name = "steps"\nlabel = "x"\nkind = "high"\nshare = 0.4\n')
    with pytest.raises(SpecError, match="takes no 'share'"):
        read_line(file)


def test_a_line_that_is_one_already_is_kept() -> None:
    """`read_line` returns a LineSpec as it is."""
    line = LineSpec(name="mine", label="mine", kind="us_share", share=0.5)

    assert read_line(line) is line
