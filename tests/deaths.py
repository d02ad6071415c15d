"""Processes that die at a chosen moment."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def killed_before() -> Callable[[int, Callable[[], object], Path], bool]:
    """Return ``killed(n, work, folder)``, true where the n-th touch of the folder ended the work.

    The work runs in a fork, which kills itself when Python is about to open, rename or remove
    something below the folder for the n-th time: moments that no clock has to find.
    """

    def killed(moment: int, work: Callable[[], object], folder: Path) -> bool:
        child = os.fork()
        if child == 0:  # pragma: no cover
            _die_before(moment, str(folder))
            try:
                work()
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)

    return killed


def _die_before(moment: int, folder: str) -> None:  # pragma: no cover
    left = [moment]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        touched = any(isinstance(a, str | os.PathLike) and folder in str(a) for a in arguments)
        # The exchange of two folders is a call of the system's library.
        if touched or event == "ctypes.dlsym":
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
