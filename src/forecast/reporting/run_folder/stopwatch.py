"""The clock of a run: what is announced as each stage begins, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

Progress = Callable[[str], None]
PACE = 2.0  # seconds between lines about one stage


@dataclass(slots=True)
class Stopwatch:
    """Elapsed seconds a stage, in order.

    Attributes
    ----------
    progress : callable
        Called with one line as each stage begins.
    seconds : dict of stage to seconds
    """

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, message: str) -> Iterator[None]:
        """Announce a stage and time what happens inside the ``with`` block."""
        self.progress(message)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)

    @staticmethod
    def now() -> datetime:
        """Return the time now, UTC."""
        return datetime.now(UTC)


def paced(progress: Progress) -> Progress:
    """Return what passes a line on when `PACE` has gone by since the last one, or the beginning."""
    last = time.perf_counter()

    def told(message: str) -> None:
        nonlocal last
        if time.perf_counter() - last >= PACE:
            last = time.perf_counter()
            progress(message)

    return told
