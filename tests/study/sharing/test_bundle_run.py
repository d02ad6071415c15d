"""A bundle: the same bytes, all that repeats the run, refused where something changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import forecast as fc
from forecast.study.run import Results


@pytest.fixture(scope="module")
def archive(small_run: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bundle of a run."""
    return fc.bundle(small_run, tmp_path_factory.mktemp("bundle") / "b.zip").path


def test_the_same_run_gives_the_same_bytes(
    archive: Path, small_run: Results, tmp_path: Path
) -> None:
    """No clock and no order of a folder is in the archive."""
    assert small_run.folder is not None
    again = fc.bundle(small_run.folder, tmp_path / "again.zip")

    assert again.path.read_bytes() == archive.read_bytes()


def test_it_holds_what_the_run_read_and_wrote(archive: Path, small_run: Results) -> None:
    """Data, declarations, program, lock, README in the template's order, sources, results."""
    assert small_run.folder is not None
    with zipfile.ZipFile(archive) as book:
        names = set(book.namelist())
        readme = book.read("README.md").decode()
        bib = book.read("references.bib").decode()
    specs = set(json.loads((small_run.folder / "manifest.json").read_bytes())["specs"])
    data = {f"data/{small_run.package.name}/{p.name}" for p in small_run.package.folder.iterdir()}
    results = {f"results/{path.name}" for path in small_run.folder.glob("*.csv")}
    headings = [line[3:] for line in readme.splitlines() if line.startswith("## ")]

    assert specs | data | results <= names
    assert {"study.toml", "requirements.lock", "requirements.txt", "rerun.py"} <= names
    assert {"src/forecast/__init__.pyi", "src/forecast/cli/main.py"} <= names
    assert headings == [
        "Overview",
        "Data availability and provenance statements",
        "Computational requirements",
        "Description of programs",
        "Instructions to replicators",
        "List of exhibits",
        "References",
    ]
    assert all(f"`{name}`" in readme for name in results)
    assert all(f"@misc{{{key}," in bib for key in small_run.package.sources)
    assert not any("__pycache__" in name for name in names)


def test_a_renamed_run_is_rerun_as_any_other(
    archive: Path, small_run: Results, tmp_path: Path
) -> None:
    """What its folder is called is not in the script, which finds what the run writes."""
    assert small_run.folder is not None
    folder = shutil.copytree(small_run.folder, tmp_path / "renamed")
    other = fc.bundle(folder, tmp_path / "b.zip").path
    scripts = [zipfile.ZipFile(path).read("rerun.py") for path in (archive, other)]

    assert scripts[0] == scripts[1]


@pytest.mark.slow
def test_unpacked_elsewhere_it_gives_identical_tables(archive: Path, tmp_path: Path) -> None:
    """The script runs the program in the bundle, and would find a table that differs."""
    with zipfile.ZipFile(archive) as book:
        book.extractall(tmp_path)
    done = subprocess.run([sys.executable, "rerun.py"], cwd=tmp_path, capture_output=True,
                          text=True, check=False)  # fmt: skip
    count = len(list((tmp_path / "results").glob("*.csv")))

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == f"{count} of {count} tables are identical"

    fan = tmp_path / "results" / "signs.csv"
    fan.write_text(fan.read_text() + "\n")
    again = subprocess.run([sys.executable, "rerun.py"], cwd=tmp_path, capture_output=True,
                           text=True, check=False)  # fmt: skip
    assert again.returncode == 1
    assert "differs: signs.csv" in again.stdout


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("code_sha256", "code"),
        ("lock_sha256", "requirements.lock"),
        ("specs", "models/within.toml"),
    ],
)
def test_what_changed_since_the_run_is_not_bundled(
    key: str, named: str, small_run: Results, tmp_path: Path
) -> None:
    """One message names what differs; nothing is written."""
    assert small_run.folder is not None
    folder = Path(shutil.copytree(small_run.folder, tmp_path / "run"))
    path = folder / "manifest.json"
    told = json.loads(path.read_bytes())
    told[key] = {**told[key], named: "0" * 64} if key == "specs" else "0" * 64
    path.write_text(json.dumps(told))

    with pytest.raises(fc.ForecastError, match=f"changed since the run, or not found: {named};"):
        fc.bundle(folder)
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_results_in_memory_cannot_be_bundled(small_run: Results) -> None:
    """A bundle holds what a run wrote."""
    from dataclasses import replace

    with pytest.raises(fc.ForecastError, match="name its folder"):
        fc.bundle(replace(small_run, folder=None))
