"""Put a folder in the place of another in one step, so that no moment lacks both."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AT_FDCWD = -100  # <fcntl.h> of Linux
RENAME_EXCHANGE = 2  # renameat2(2), Linux 3.15
RENAME_SWAP = 2  # renamex_np(2), macOS 10.12


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of ``out`` at the end, or is removed on failure.

    Where the system can exchange two folders (Linux, macOS), ``out`` is at every moment the old
    one or the new one, also if the process is killed. Elsewhere a kill between two renames
    leaves ``out`` aside; the next call puts it back.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    old = out.with_name(f".{out.name}.old")
    if old.exists() and not out.exists():
        old.rename(out)
    _sweep(out)
    work = out.with_name(f".{out.name}.{os.getpid()}.{secrets.token_hex(4)}")
    work.mkdir()  # with the permissions that the umask leaves
    try:
        yield work
        if not out.exists():
            work.rename(out)
        elif not _exchanged(work, out):
            out.rename(old)
            work.rename(out)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        if old.exists() and not out.exists():
            old.rename(out)
        raise
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _sweep(out: Path) -> None:
    """Remove what processes that are no more have left beside ``out``."""
    prefix = f".{out.name}."
    for left in out.parent.glob(f"{prefix}*.*"):
        owner = left.name.removeprefix(prefix).partition(".")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is someone else's
    return True


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one system call; return whether the system did."""
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            status = system.renamex_np(first, second, RENAME_SWAP)
        else:
            status = system.renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE)
    except (AttributeError, OSError, TypeError):
        return False
    return bool(status == 0)
