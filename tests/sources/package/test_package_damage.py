"""Damaged packages: each kind of damage gives its own message or finding."""

import json
import shutil
from pathlib import Path

import pytest

from forecast.errors import DataError
from forecast.sources.package.package import load
from forecast.sources.package.verify import verify
from forecast.specs.read import read_variables
from places import ROOT

VARIABLES = read_variables(ROOT / "data" / "variables.toml")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the starter package, to be damaged."""
    copy = tmp_path / "starter-2026.07"
    shutil.copytree(ROOT / "data" / "starter-2026.07", copy)
    return copy


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def kinds(folder: Path, table: str) -> set[str]:
    """Return the kinds of findings of a table, all findings being of that table."""
    findings = verify(folder, VARIABLES)
    assert {f.table for f in findings} == {table}
    return {f.kind for f in findings}


def test_changed_figure_is_found_and_not_read(folder):
    """One changed digit: verify finds the hash, reading the table is refused."""
    edit(folder / "thresholds.csv", "14375", "14376")

    assert kinds(folder, "thresholds") == {"hash"}
    with pytest.raises(DataError, match=r"thresholds.csv: found sha256 \w+\.\.\., must be"):
        load(folder).table("thresholds")


def test_truncated_table(folder):
    """A table cut short has another hash and fewer rows."""
    path = folder / "sdr_parts.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:100]))

    assert kinds(folder, "sdr_parts") == {"hash", "rows"}
    messages = " ".join(f.message for f in verify(folder, VARIABLES))
    assert "found 99 rows, must be 476" in messages


def test_table_cut_in_the_middle_of_a_row(folder):
    """A cut inside a row is found as well."""
    path = folder / "growth_panel.csv"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 - 7])

    assert {"hash", "rows"} <= kinds(folder, "growth_panel")


def test_duplicate_key(folder):
    """A row given twice is named."""
    path = folder / "annual.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))

    assert kinds(folder, "annual") == {"hash", "rows", "key"}
    messages = " ".join(f.message for f in verify(folder, VARIABLES))
    assert "(CHN, agriculture_share, 1978) occurs more than once" in messages


def test_text_in_a_column_of_numbers(folder):
    """A word among the numbers is named with its row."""
    edit(folder / "thresholds.csv", "1987,480,1940,6000", "1987,480,many,6000")

    assert kinds(folder, "thresholds") == {"hash", "type"}
    messages = " ".join(f.message for f in verify(folder, VARIABLES))
    assert "'lower_middle_at_most' in data row 1: found 'many', must be an integer" in messages


@pytest.mark.parametrize("value", ["250", "-3", "inf"])
def test_value_out_of_bounds(folder, value):
    """R&D of 250, -3 or infinitely many % of GDP is found."""
    edit(folder / "annual.csv", "CHN,2023,rd_gdp,2.577", f"CHN,2023,rd_gdp,{value}")

    assert kinds(folder, "annual") & {"range", "type"}


def test_unknown_variable(folder):
    """A variable of a long table that the dictionary does not have is found."""
    edit(folder / "annual.csv", "CHN,2023,rd_gdp,2.577", "CHN,2023,rd_gpd,2.577")

    assert kinds(folder, "annual") == {"hash", "variable"}


def test_missing_column(folder):
    """A table without a described column is refused with both lists."""
    path = folder / "class_changes.csv"
    rows = [line.rsplit(",", 1)[0] for line in path.read_text().splitlines()]
    path.write_text("\n".join(rows) + "\n")
    expected = r"class_changes.csv: columns: found country, year, from_class; must be .*, to_class"
    with pytest.raises(DataError, match=expected):
        load(folder)

    assert kinds(folder, "starter-2026.07") == {"package"}


def test_missing_table(folder):
    """A described table whose file is gone is named."""
    (folder / "pwt91.csv").unlink()
    with pytest.raises(DataError, match=r"pwt91.csv: no such file; .* lists it as table 'pwt91'"):
        load(folder)


def test_missing_description(folder):
    """A folder without datapackage.json is no package."""
    (folder / "datapackage.json").unlink()
    with pytest.raises(DataError, match=r"datapackage.json: no such file"):
        load(folder)


def test_description_that_is_no_json(folder):
    """A description cut short is named as such."""
    path = folder / "datapackage.json"
    path.write_text(path.read_text()[:500])
    with pytest.raises(DataError, match=r"datapackage.json: not valid JSON"):
        load(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"path": "../../secret.csv"}, r"path: found '../../secret.csv', must be a file of the"),
        ({"rows": "many"}, r"a resource lacks or misstates"),
        ({"schema": {}}, r"a resource lacks or misstates 'fields'"),
    ],
)
def test_description_that_misstates_a_table(folder, change, message):
    """A path out of the folder, a count that is no number, a schema without fields."""
    path = folder / "datapackage.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["resources"][0] |= change
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load(folder)


def test_unknown_table_is_named_with_the_nearest():
    """A table that the package lacks is answered with those it has."""
    package = load(ROOT / "data" / "starter-2026.07")
    with pytest.raises(DataError, match=r"table 'anual'.*did you mean 'annual'"):
        package.table("anual")


def test_long_and_wide_are_told_apart():
    """A long table is a panel by its variables; a wide one is no list of variables."""
    package = load(ROOT / "data" / "starter-2026.07")
    assert package.panel("annual").frame.equals(package.annual().frame)
    with pytest.raises(DataError, match=r"column 'variable' is missing"):
        package.annual("growth_panel")
    with pytest.raises(DataError, match=r"column 'country' is missing"):
        package.panel("thresholds")


def test_hash_of_the_package_pins_every_table(folder):
    """The package's hash changes with the description, which holds every table's hash."""
    before = load(folder).sha256
    edit(folder / "datapackage.json", '"vintage": "2026-07-01"', '"vintage": "2026-07-02"')

    assert load(folder).sha256 != before
