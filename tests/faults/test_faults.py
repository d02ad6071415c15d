"""Kills, full disks, missing folders, two writers, Ctrl-C: old, new or nothing, never half."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError, ForecastError
from forecast.reporting.write import check_folder, results_folder, write_bytes, write_table
from forecast.sources.package.swap import replaced
from forecast.study.origin_cache import OriginCache

OLD, NEW = b"old" * 5000, b"new" * 7000
FILES = ("a.csv", "b.json", "c.txt")
CODE = "f" * 64


def _run_folder(root: Path, content: bytes) -> None:
    with results_folder(root / "out") as folder:
        for name in FILES:
            write_bytes(folder / name, content)


def _package(root: Path, content: bytes) -> None:
    with replaced(root / "out") as folder:
        for name in FILES:
            (folder / name).write_bytes(content)


def _single_file(root: Path, content: bytes) -> None:
    write_bytes(root / "out", content)


def _cache(root: Path, content: bytes) -> None:
    OriginCache(root, CODE)["out"] = {"x": np.frombuffer(content, np.uint8)}


Writer = Callable[[Path, bytes], None]
WRITERS: dict[str, Writer] = {
    "results folder": _run_folder,
    "package": _package,
    "single file": _single_file,
    "cache": _cache,
}


def _state(root: Path, writer: str) -> str:
    """Return ``old``, ``new``, ``nothing`` or ``half`` of what a reader finds."""
    if writer == "cache":
        found = OriginCache(root, CODE).get("out")
        contents = [] if found is None else [found["x"].tobytes()]
    elif writer == "single file":
        path = root / "out"
        contents = [path.read_bytes()] if path.exists() else []
    else:
        folder = root / "out"
        names = sorted(p.name for p in folder.iterdir()) if folder.exists() else []
        if names and names != sorted(FILES):
            return "half"
        contents = [(folder / name).read_bytes() for name in names]
    said = {OLD: "old", NEW: "new"}
    states = {said.get(content, "half") for content in contents}
    return states.pop() if len(states) == 1 else "half" if states else "nothing"


@contextmanager
def _failing(at: int, monkeypatch: pytest.MonkeyPatch, code: int) -> Iterator[list[int]]:
    """Let the ``at``-th write, rename or making of a folder fail as a system would."""
    left = [at]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(code, os.strerror(code))
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("write_bytes", "replace", "rename", "mkdir"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        yield left


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer to be killed is a fork")
@pytest.mark.parametrize("there", [False, True], ids=["nothing before", "old before"])
@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_killed_at_any_moment_leaves_no_half(
    writer: str, there: bool, killed_before: Callable[..., bool], tmp_path: Path
) -> None:
    """Each touch of the folder in turn; the next writer sweeps what the dead have left."""
    root = tmp_path / "root"
    root.mkdir()
    write = WRITERS[writer]
    moment, died = 0, True
    while died:
        moment += 1
        if there:
            write(root, OLD)
        died = killed_before(moment, lambda: write(root, NEW), root)
        seen = _state(root, writer)
        aside = next(root.glob(".out.old-*"), None)
        if (
            seen == "nothing" and aside is not None
        ):  # between two renames: the next call puts it back
            aside.rename(root / "out")
            seen = _state(root, writer)
        assert seen in ({"old", "new"} if there else {"nothing", "new"}), f"moment {moment}: {seen}"
    assert moment > 3
    write(root, NEW)
    assert _state(root, writer) == "new"
    left = [p.name for p in root.rglob(".*")]
    assert left == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT], ids=os.strerror)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_or_locked_disk_leaves_the_old(
    writer: str, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each write fails in turn: the old content stays, nothing else is left."""
    write = WRITERS[writer]
    for moment in range(1, 40):
        write(tmp_path, OLD)
        with _failing(moment, monkeypatch, code) as left, suppress(OSError, ForecastError):
            write(tmp_path, NEW)
        if left[0] > 0:  # it had fewer writes than that
            break
        assert _state(tmp_path, writer) in {"old", "new"}, f"write {moment}"
        assert [p.name for p in tmp_path.rglob(".*")] == [], f"write {moment}"
    assert 1 < moment < 39


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the second writer is a fork")
@pytest.mark.parametrize("writer", ["single file", "cache", "results folder"])
def test_two_writers_at_once_leave_one_of_two(writer: str, tmp_path: Path) -> None:
    """Fifty times each; the one may be refused, what stands is whole."""
    children = []
    for content in (OLD, NEW):
        child = os.fork()
        if child == 0:  # pragma: no cover
            for _ in range(50):
                try:
                    WRITERS[writer](tmp_path, content)
                except (OSError, ForecastError):
                    continue
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)

    assert _state(tmp_path, writer) in {"old", "new"}


def test_a_file_as_parent_is_one_message(tmp_path: Path) -> None:
    """As root no permission bit holds: a file stands where a folder would have to."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(ForecastError, match=r"cannot be written|must be a folder"):
        check_folder(tmp_path / "file" / "out", "--out")
    with pytest.raises(ForecastError) as refused:
        OriginCache(tmp_path / "file", CODE)
    assert "FORECAST_CACHE names another" in str(refused.value)
    assert "--no-cache" not in str(refused.value)  # an option of backtest alone
    with pytest.raises(ForecastError, match="--no-cache does without"):
        OriginCache(tmp_path / "file", CODE, without="--no-cache does without")


def test_debris_of_dead_processes_is_swept_and_that_of_the_living_kept(tmp_path: Path) -> None:
    """Beside a results folder and beside a file; another name's debris is not touched."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (f".out.partial-{dead.pid}-aa", f".out.partial-{os.getppid()}-bb"):
        (tmp_path / name).mkdir()
    (tmp_path / f".f.csv.partial-{dead.pid}-cc").write_text("half")
    (tmp_path / f".other.partial-{dead.pid}-dd").mkdir()

    _run_folder(tmp_path, NEW)
    write_bytes(tmp_path / "f.csv", NEW)

    kept = sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("."))
    assert kept == sorted([f".other.partial-{dead.pid}-dd", f".out.partial-{os.getppid()}-bb"])


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
@pytest.mark.parametrize("writer", ["results folder", "package"])
def test_modes_follow_the_umask(writer: str, mask: int, tmp_path: Path) -> None:
    """Folders 777 and files 666, less what the user masks."""
    before = os.umask(mask)
    try:
        WRITERS[writer](tmp_path, NEW)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o777 & ~mask
    assert stat.S_IMODE((tmp_path / "out" / "a.csv").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("wait", [0.03, 0.06, 0.1, 0.15, 0.2, 0.4, 0.8])
def test_ctrl_c_is_quiet(wait: float, tmp_path: Path) -> None:
    """While modules load and while it works: status 130 or ended by the signal, no traceback.

    A job in a shell's background starts with the signal ignored, and hands that on: the child
    takes the handler that it would have in the foreground.
    """
    code = (
        "import os,signal,threading;"
        "signal.signal(signal.SIGINT,signal.default_int_handler);"
        f"threading.Timer({wait}, os.kill, (os.getpid(), signal.SIGINT)).start();"
        "import sys;sys.argv=['forecast','run','--out'," + repr(str(tmp_path / "out")) + "];"
        "from forecast.__main__ import entry;entry()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "stopped; nothing was changed" in done.stderr
    assert list(tmp_path.iterdir()) == [] or _only_hidden_gone(tmp_path)


def test_ctrl_c_that_a_library_swallows_ends_the_work() -> None:
    """An interrupt caught by somebody's bare except is raised again by the next line of progress.

    Before, a run went on to its end once in about 300 interrupts while modules were loading.
    """
    code = (
        "from forecast.cli import main, progress\n"
        "def swallowing(**_):\n"
        "    try:\n"
        "        progress.interrupt()\n"
        "    except BaseException:\n"
        "        progress.progress('went on')\n"
        "main.app = swallowing\n"
        "main.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 130, done.stderr
    assert done.stderr == "stopped; nothing was changed\n"


def _only_hidden_gone(folder: Path) -> bool:
    return [p for p in folder.rglob("*") if p.is_file()] == []


def test_a_cache_forgets_what_is_not_as_kept(tmp_path: Path) -> None:
    """Another type, shape, name or number in a file that numpy reads well is not there."""
    cache = OriginCache(tmp_path, CODE)
    kept = {"x": np.arange(6.0)}
    cache["key"] = kept
    path = next(tmp_path.rglob("key.npz"))
    with np.load(path) as stored:
        whole = dict(stored)
    for other in (
        {"x": kept["x"].reshape(2, 3)},
        {"x": kept["x"].astype(np.float32)},
        {"x": kept["x"] + 1e-12},
        {"z": kept["x"]},
    ):
        np.savez(path, **({k: v for k, v in whole.items() if k != "x"} | other))
        assert cache.get("key") is None
    path.unlink()
    path.mkdir()
    assert cache.get("key") is None


def test_folders_of_older_code_are_deleted(tmp_path: Path) -> None:
    """Those that bear a fingerprint; anything else in the folder is someone's."""
    OriginCache(tmp_path, "a" * 64)["key"] = {"x": np.zeros(2)}
    (tmp_path / "mine").mkdir()

    OriginCache(tmp_path, CODE)

    assert sorted(p.name for p in tmp_path.iterdir()) == [CODE[:16], "mine"]


def test_texts_that_a_spreadsheet_would_compute_are_text(tmp_path: Path) -> None:
    """Names with = + - @ get an apostrophe; numbers, stars and lone signs stay."""
    names = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "-0.12***", "+", "-3.5", "ok"]
    write_table(tmp_path / "t.csv", pd.DataFrame({"=name": names, "value": -1.5}))

    read = pd.read_csv(tmp_path / "t.csv")
    assert read.columns[0] == "'=name"
    assert read["'=name"].tolist() == [f"'{n}" for n in names[:5]] + names[5:]
    assert (read["value"] == -1.5).all()


def test_a_package_that_is_a_pipe_or_folder_is_told(tmp_path: Path) -> None:
    """Neither is opened."""
    from forecast.sources.package.package import load

    os.mkfifo(tmp_path / "datapackage.json")
    with pytest.raises(DataError, match="pipe or device, must be a file"):
        load(tmp_path)
