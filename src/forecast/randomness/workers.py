"""Where independent tasks are worked on: this process, processes of this machine, a cluster."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from forecast.randomness.through_joblib import usable_cores

MOST = 4  # processes where no number is asked for

# Seconds of work on one core from which processes pay. On two cores shared with other work, a
# process of 0.5 GB: two forked workers and eight empty tasks took 0.063 s (median of 15; quartiles
# 0.057 and 0.068), four 0.123 s, so that two pay from 0.13 s and four from 0.16 s. The constant is
# three times that, for the results' way back. Two spawned workers, which load the package again,
# took 7.1 s (5.8 to 8.1 in three): they pay from 14 s.
PAYS_FORKED = 0.5
PAYS_SPAWNED = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """What works on tasks.

    Attributes
    ----------
    jobs : int or None
        Most processes of this machine; None: its cores, up to `MOST`.
    client : distributed.Client or None
        Of a cluster that takes all tasks instead.
    """

    jobs: int | None = None
    client: Any = None


ALONE = Workers(jobs=1)

_CHOSEN: ContextVar[Workers] = ContextVar("workers", default=Workers())  # noqa: B039 frozen


@contextmanager
def working_with(workers: Workers) -> Iterator[None]:
    """Give the tasks of the code inside to ``workers``; no number depends on it."""
    before = _CHOSEN.set(workers)
    try:
        yield
    finally:
        _CHOSEN.reset(before)


def at_most(jobs: int | None) -> AbstractContextManager[None]:
    """Keep the workers chosen, with so many processes at most; None leaves the number too."""
    chosen = _CHOSEN.get()
    return working_with(chosen if jobs is None else replace(chosen, jobs=jobs))


def chosen_workers() -> Workers:
    """Return what was given to the innermost `working_with`."""
    return _CHOSEN.get()


def forks() -> bool:
    """Return whether workers are forked: on Linux, from a process with one thread.

    A fork copies locks that another thread holds, and nobody opens them in the copy.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def processes(jobs: int | None, tasks: int, seconds: float) -> int:
    """Return how many processes to use: one where more would not pay.

    Parameters
    ----------
    jobs : int or None
        Most that may be used, as in `Workers`.
    tasks : int
    seconds : float
        That all tasks take on one core, about.
    """
    if jobs == 1 or tasks < 2 or seconds < (PAYS_FORKED if forks() else PAYS_SPAWNED):
        return 1
    return min(cores() if jobs is None else jobs, tasks)


def cores() -> int:
    """Return the processes where no number is asked for: this machine's cores, up to `MOST`."""
    return min(MOST, usable_cores())
