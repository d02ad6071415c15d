"""A folder takes the place of another."""

import os

import pytest

from forecast.sources.package import swap
from forecast.sources.package.swap import replaced


def write(out, text):
    """Put a folder with one file in place."""
    with replaced(out) as folder:
        (folder / "a.txt").write_text(text)


@pytest.mark.parametrize("exchange", [True, False], ids=["exchanged", "renamed twice"])
def test_the_new_folder_takes_the_place(tmp_path, monkeypatch, exchange):
    """With and without the system's exchange: the new content, nothing else beside it."""
    if not exchange:
        monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    write(tmp_path / "x", "old")
    write(tmp_path / "x", "new")

    assert (tmp_path / "x" / "a.txt").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_failure_leaves_the_old(tmp_path):
    """An error while filling: the old content stays, the work is removed."""
    write(tmp_path / "x", "old")
    with pytest.raises(RuntimeError), replaced(tmp_path / "x") as folder:
        (folder / "a.txt").write_text("half")
        raise RuntimeError

    assert (tmp_path / "x" / "a.txt").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_stay(tmp_path):
    """A folder of this process is someone at work; one of a process that is no more is swept."""
    living, dead = tmp_path / f".x.{os.getpid()}.work", tmp_path / ".x.999999999.work"
    living.mkdir()
    dead.mkdir()
    write(tmp_path / "x", "new")

    assert {p.name for p in tmp_path.iterdir()} == {"x", living.name}
