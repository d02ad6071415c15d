"""Where results may go: tried before any work, one message where they cannot, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from forecast.cli.main import LONGEST, shortened
from forecast.errors import ForecastError
from forecast.reporting.write import check_file, check_folder, write_bytes


def _forecast(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "forecast", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )


def _refused(*arguments: str) -> str:
    """Return the one message with which a command ends before it begins."""
    done = _forecast(*arguments, stdout=subprocess.PIPE)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("error: ") or "Error: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "estimating" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--out"],
        ["table", "pooled", "--format", "md", "--out"],
        ["decompose", "--figure"],
        ["weights", "--data", "starter-2026.07", "--out"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_place_that_cannot_be_is_named_before_any_work(
    arguments: list[str], tmp_path: Path
) -> None:
    """A file stands where a folder would have to."""
    (tmp_path / "file").write_text("mine")
    wanted = tmp_path / "file" / "x.png"

    said = _refused(*arguments, str(wanted))

    assert str(wanted) in said
    assert (tmp_path / "file").read_text() == "mine"


def test_run_refuses_a_file_as_its_folder(tmp_path: Path) -> None:
    """The file is still there, with what it held."""
    (tmp_path / "out").write_text("mine")

    assert "is a file, must be a folder" in _refused("run", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("ending", ["pdf", "xls", ""])
def test_an_unknown_ending_is_refused_before_work(ending: str, tmp_path: Path) -> None:
    """The endings that there are stand in the message."""
    said = _refused("table", "pooled", "--out", str(tmp_path / f"t.{ending}"))

    assert ".docx" in said


@pytest.mark.parametrize(("name", "begins"), [("t.md", b"|"), ("t.docx", b"PK"), ("T.CSV", b"")])
def test_the_ending_decides_the_form(name: str, begins: bytes, tmp_path: Path) -> None:
    """Without --format a table is what its file's name says, in capitals or not."""
    done = _forecast("table", "pooled", "--tests", "none", "--out", str(tmp_path / name))

    assert done.returncode == 0, done.stderr
    content = (tmp_path / name).read_bytes()
    assert begins in content[:400]
    assert content


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_message() -> None:
    """What is printed cannot be written: status 2, no traceback."""
    with Path("/dev/full").open("w") as full:
        done = _forecast("list", "models", stdout=full)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    """The reader has gone: status 0, nothing said."""
    read, write = os.pipe()
    os.close(read)
    done = _forecast("list", "variables", stdout=write)
    os.close(write)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    """The link still points where it did."""
    (tmp_path / "target.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("target.txt")

    write_bytes(tmp_path / "link.txt", b"new")

    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "target.txt").read_bytes() == b"new"


def test_a_device_is_written_to_and_stays() -> None:
    """Nothing is renamed over it."""
    write_bytes(Path(os.devnull), b"gone")

    assert not Path(os.devnull).is_file()


def test_a_trial_leaves_nothing(tmp_path: Path) -> None:
    """Folders that had to be made for it are taken away again."""
    check_file(tmp_path / "a" / "b" / "t.csv", "--out")
    check_folder(tmp_path / "c" / "d", "--out")

    assert list(tmp_path.iterdir()) == []


def test_a_name_longer_than_the_system_takes_is_refused(tmp_path: Path) -> None:
    """File systems end at 255 bytes."""
    with pytest.raises(ForecastError, match="cannot be written"):
        check_file(tmp_path / ("x" * 300 + ".csv"), "--out")


def test_a_message_has_an_end() -> None:
    """A file of one long line does not fill the terminal."""
    assert len(shortened("x" * 10_000)) < LONGEST + 100
    assert shortened("short") == "short"
