"""A run's folder as a Data Package: an outside validator, and every column described."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.projection.explain.decomposition import MEASURES
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.description import description_text
from forecast.reporting.run_folder.fields import column_note, table_note
from forecast.reporting.run_folder.saved_run import read_run
from forecast.reporting.write import write_table
from forecast.study.run import Results


@pytest.fixture
def copied(small_run: Results, tmp_path: Path) -> Path:
    """Return a copy of a run's folder, to damage."""
    assert small_run.folder is not None
    return Path(shutil.copytree(small_run.folder, tmp_path / "run"))


def test_frictionless_finds_the_folder_valid(copied: Path) -> None:
    """Types, keys, and foreign keys to the table of economies, by the Frictionless framework."""
    from frictionless import validate

    report = validate(str(copied / "datapackage.json"))

    assert report.valid, [error.message for task in report.tasks for error in task.errors]


def test_frictionless_would_find_a_stranger(copied: Path) -> None:
    """A country that the table of economies lacks breaks the foreign key."""
    from frictionless import validate

    path = copied / "countries.csv"
    path.write_text(path.read_text().replace("CHN,", "XXX,"))

    assert not validate(str(copied / "datapackage.json")).valid


def test_it_names_the_standard_and_every_table(copied: Path) -> None:
    """Version 2's profile; a resource a CSV file; primary keys of the main tables."""
    told = json.loads((copied / "datapackage.json").read_text(encoding="utf-8"))
    resources = {one["name"]: one for one in told["resources"]}

    assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert {one["path"] for one in resources.values()} == {p.name for p in copied.glob("*.csv")}
    assert resources["income_fan"]["schema"]["primaryKey"] == [
        "scenario", "country", "year", "variable", "level",
    ]  # fmt: skip
    assert {one["key"] for one in told["sources"]} >= {"wdi", "classification"}
    assert told["variables"]["gni_pc_atlas"]["unit"] == "current US$, Atlas method"


def test_every_table_and_column_of_a_run_is_described(small_run: Results) -> None:
    """No label is the bare name, but of statistics in models.csv and of the papers' exhibits."""
    assert small_run.folder is not None
    run = read_run(small_run.folder)
    bare = [
        f"{name}.{column}"
        for name, table in run.tables.items()
        for column in table.columns
        if name != "models" and not name.startswith("exhibit_")
        if column_note(name, column).label == column.replace("_", " ")
    ]
    made = [name for name in run.tables if table_note(name).program == "the caller"]

    assert bare == []
    assert made == []


@pytest.mark.parametrize("name", ["nothing", "file"])
def test_what_is_no_run_is_one_message(name: str, tmp_path: Path) -> None:
    """A folder that is not there, or holds something else."""
    (tmp_path / "file").mkdir()

    with pytest.raises(DataError, match="`forecast run` wrote"):
        read_run(tmp_path / name)


def test_a_table_changed_since_is_refused(copied: Path) -> None:
    """The hash in the description is the table's."""
    path = copied / "signs.csv"
    path.write_text(path.read_text() + "\n")

    with pytest.raises(DataError, match=r"signs\.csv: is not the table that the run wrote"):
        read_run(copied)


def test_the_hash_is_of_what_is_written(findings: Findings, tmp_path: Path) -> None:
    """Also where a text has the line ends of another system, which files do not have."""
    tables = {"own": pd.DataFrame({"note": ["one\r\ntwo", "=1+1", "b"]})}
    told = json.loads(description_text(findings.provenance, "", tables, findings.variables))
    written = write_table(tmp_path / "own.csv", tables["own"]).read_bytes()

    assert b"\r" not in written
    assert told["resources"][0]["hash"] == f"sha256:{hashlib.sha256(written).hexdigest()}"
    assert told["resources"][0]["bytes"] == len(written)


def test_measures_of_the_decomposition_are_those_that_it_has() -> None:
    """The label of the column names each."""
    label = column_note("decomposition", "measure").label

    assert [name for name in MEASURES if name not in label] == []


def test_the_programs_named_are_there(small_run: Results, checkout: Path) -> None:
    """The module that each table's note names exists."""
    assert small_run.folder is not None
    for name in read_run(small_run.folder).tables:
        program = table_note(name).program
        path = program if "/" in program else f"src/{program.replace('.', '/')}.py"
        assert (checkout / path).is_file(), program
