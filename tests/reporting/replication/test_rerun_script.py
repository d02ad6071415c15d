"""The script of a bundle, run with a program that writes what it is told to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forecast.reporting.replication.rerun_script import rerun_script

# Stands for the program: it names its folder itself, as a run does.
PROGRAM = """
import sys
from pathlib import Path
folder = Path(sys.argv[sys.argv.index("--out") + 1]) / "china-0123"
folder.mkdir(parents=True, exist_ok=True)
for name in ("a.csv", "b.csv", "manifest.json"):
    (folder / name).write_text(name)
"""


def _rerun(bundle: Path) -> subprocess.CompletedProcess[str]:
    (bundle / "rerun.py").write_text(rerun_script(["run", "study.toml"]))
    return subprocess.run(
        [sys.executable, "rerun.py"], cwd=bundle, capture_output=True, text=True, check=False
    )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return a bundle whose results are called as in any bundle, not as the run's folder was."""
    for folder in ("src", "results"):
        (tmp_path / folder).mkdir()
    (tmp_path / "src" / "forecast.py").write_text(PROGRAM)
    for name in ("a.csv", "b.csv"):
        (tmp_path / "results" / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("older", [False, True])
def test_tables_are_found_whatever_the_runs_folder_is_called(bundle: Path, *, older: bool) -> None:
    """Also beside what an earlier rerun, of other settings, has left."""
    if older:
        left = bundle / "rerun" / "china-9999" / "manifest.json"
        left.parent.mkdir(parents=True)
        left.touch()
        os.utime(left, (0, 0))
    done = _rerun(bundle)

    assert done.stdout == "2 of 2 tables are identical\n"
    assert done.returncode == 0


def test_a_table_that_differs_is_named(bundle: Path) -> None:
    """Exit status 1, and the count without it."""
    (bundle / "results" / "b.csv").write_text("other")
    done = _rerun(bundle)

    assert done.stdout == "differs: b.csv\n1 of 2 tables are identical\n"
    assert done.returncode == 1
