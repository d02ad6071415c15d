"""Files and folders appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.reporting.write import csv_text, results_folder, write_bytes, write_text


class Broken(Exception):
    """Stands for any failure inside a run."""


def fill(folder: Path, text: str) -> None:
    """Write one complete results folder."""
    with results_folder(folder) as partial:
        (partial / "a.txt").write_text(text)


def test_new_folder_replaces_old_one_whole(tmp_path: Path) -> None:
    """A second run leaves only its own files, and no hidden sibling."""
    final = tmp_path / "deep" / "china"
    with results_folder(final) as partial:
        (partial / "stale.txt").write_text("old")
    fill(final, "new")

    assert [p.name for p in final.iterdir()] == ["a.txt"]
    assert [p.name for p in final.parent.iterdir()] == ["china"]


def test_failure_while_filling_keeps_old_folder(tmp_path: Path) -> None:
    """An error in the block leaves the old folder untouched and nothing half-written."""
    final = tmp_path / "china"
    fill(final, "old")
    with pytest.raises(Broken), results_folder(final) as partial:
        (partial / "a.txt").write_text("half")
        raise Broken

    assert (final / "a.txt").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["china"]


def test_failure_while_renaming_puts_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the new folder cannot take the name, the old one has it again."""
    final = tmp_path / "china"
    fill(final, "old")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if ".partial-" in self.name:
            raise Broken
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(Broken):
        fill(final, "new")

    assert (final / "a.txt").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["china"]


def test_folder_set_aside_by_a_killed_run_is_put_back(tmp_path: Path) -> None:
    """After a kill between the two renames, a failing next run still ends with the old folder."""
    final = tmp_path / "china"
    fill(final, "old")
    final.rename(tmp_path / ".china.old-99999999-1234abcd")
    with pytest.raises(Broken), results_folder(final):
        raise Broken

    assert (final / "a.txt").read_text() == "old"


def test_file_is_replaced_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing write leaves the old file and no temporary one."""
    path = tmp_path / "x.bin"
    write_bytes(path, b"old")

    def refuse(self: Path, target: Path) -> Path:
        raise Broken

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Broken):
        write_bytes(path, b"new")

    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.bin"]


def test_text_has_unix_line_ends_and_utf8(tmp_path: Path) -> None:
    """Carriage returns are dropped and letters beyond ASCII kept."""
    path = write_text(tmp_path / "t.txt", "R²\r\nb\n")

    assert path.read_bytes() == b"R\xc2\xb2\nb\n"


def test_csv_number_format() -> None:
    """Ten significant digits, whole years without a point, empty for missing, no minus zero."""
    table = pd.DataFrame(
        {
            "scenario": ["a", "b", "c"],
            "year": [2026, 2027, 2028],
            "median_year": [2030.0, np.nan, 2031.0],
            "value": [1 / 3, -0.0, 123456.7],
        }
    )
    expected = (
        "scenario,year,median_year,value\n"
        "a,2026,2030,0.3333333333\nb,2027,,0\nc,2028,2031,123456.7\n"
    )

    assert csv_text(table) == expected
    assert np.signbit(table["value"][1])  # the table given is not altered
