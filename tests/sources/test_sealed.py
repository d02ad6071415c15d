"""Seals are append-only, and what is done to them is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.errors import DataError
from forecast.sources.sealed import (
    ABOUT,
    COLUMNS,
    TABLE,
    Seal,
    find_seal,
    read_seals,
    seal_faults,
    sealed_table,
    write_seal,
)

DAYS = ["2026-11-28", "2026-11-28", "2027-07-01"]
ROW = "high,imf,CHN,2026,0.99,0.58,0,0.42\n"


def _write(root: Path, day: str, rows: int = 2) -> Seal:
    about = {
        "note": "a trial",
        "origin": 2025,
        "package": "starter-2026.07",
        "package_sha256": "0" * 64,
        "code_sha256": "1" * 64,
        "version": "0.1.0",
    }
    return write_seal(root, ",".join(COLUMNS) + "\n" + ROW * rows, about, day)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with three seals, two of one day."""
    for day in DAYS:
        _write(tmp_path / "sealed", day)
    return tmp_path / "sealed"


def test_seals_are_read_as_written(root: Path) -> None:
    """Numbered in order, each with the hash of the one before; the table as it was."""
    seals = read_seals(root)

    assert [seal.name for seal in seals] == [
        "0001-2026-11-28",
        "0002-2026-11-28",
        "0003-2027-07-01",
    ]
    assert [seal.previous for seal in seals] == ["", seals[0].sha256, seals[1].sha256]
    assert seal_faults(root) == []
    assert sealed_table(seals[0])["passed"].tolist() == [0.58, 0.58]
    assert seals[0].note == "a trial"


def test_sealing_touches_nothing_that_is_there(root: Path) -> None:
    """Another seal adds a folder and leaves every byte."""
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    made = _write(root, DAYS[-1])

    assert made.number == 4
    assert {path: path.read_bytes() for path in before} == before
    assert len(list(root.iterdir())) == 4


def test_a_seal_in_the_place_is_never_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes that seal at once: the second finds the folder and leaves it."""
    seals = read_seals(root)
    monkeypatch.setattr("forecast.sources.sealed.read_seals", lambda _: seals[:2])
    with pytest.raises(DataError, match="0003-2027-07-01: cannot be written"):
        _write(root, DAYS[-1], rows=9)
    monkeypatch.undo()

    assert [seal.sha256 for seal in read_seals(root)] == [seal.sha256 for seal in seals]
    assert seal_faults(root) == []


def test_a_seal_is_found_by_name_or_folder(root: Path, tmp_path: Path) -> None:
    """Nothing where there is none; a name that two folders have must be said in full."""
    first = read_seals(root)[0]
    other = tmp_path / "other"
    _write(other, DAYS[0], rows=5)

    assert find_seal(first.name, [root]) == find_seal(str(first.folder), []) == first
    assert find_seal("starter-2026.07", [root]) is None
    with pytest.raises(DataError, match="there are 2; name one by its folder"):
        find_seal(first.name, [root, other])


def _changed_table(root: Path) -> None:
    path = root / "0001-2026-11-28" / TABLE
    path.write_text(path.read_text("utf-8").replace("0.58", "0.85"), encoding="utf-8")


def _changed_both(root: Path) -> None:
    """Change the table and put its new hash into the seal: the next one tells."""
    import hashlib

    _changed_table(root)
    folder = root / "0001-2026-11-28"
    told = json.loads((folder / ABOUT).read_text("utf-8"))
    told["table_sha256"] = hashlib.sha256((folder / TABLE).read_bytes()).hexdigest()
    (folder / ABOUT).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _changed_note(root: Path) -> None:
    path = root / "0002-2026-11-28" / ABOUT
    path.write_text(path.read_text("utf-8").replace("a trial", "foreseen"), encoding="utf-8")


def _removed(root: Path) -> None:
    import shutil

    shutil.rmtree(root / "0002-2026-11-28")


def _renamed(root: Path) -> None:
    (root / "0003-2027-07-01").rename(root / "0003-2026-12-01")


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (_changed_table, "is not the table that was sealed"),
        (_changed_both, "the seal before it is not the one it names"),
        (_changed_note, "the seal before it is not the one it names"),
        (_removed, "is seal 3, must be 0002-2027-07-01"),
        (_renamed, "is seal 3, must be 0003-2027-07-01"),
    ],
)
def test_what_is_done_to_a_seal_is_found(
    root: Path, tamper: Callable[[Path], None], says: str
) -> None:
    """A changed table, a table and its hash, a note, a seal taken away, another date."""
    tamper(root)

    assert any(says in fault for fault in seal_faults(root))
    with pytest.raises(DataError, match="nothing sealed"):
        _write(root, DAYS[-1])


def test_time_does_not_run_back(root: Path) -> None:
    """A seal of an earlier day than the last is refused."""
    with pytest.raises(DataError, match="is of a later day than 2027-06-30"):
        _write(root, "2027-06-30")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"origin": 2025', '"origin": "2025"', "'2025', must be int"),
        ('"note": "a trial",', "", "lacks or misstates 'note'"),
        ("{", "", "lacks or misstates"),
    ],
)
def test_a_seal_that_cannot_be_read_is_named(root: Path, old: str, new: str, says: str) -> None:
    """The file, and what is wrong with it."""
    path = root / "0001-2026-11-28" / ABOUT
    path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError, match=says):
        read_seals(root)
