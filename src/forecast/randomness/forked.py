"""Tasks in forked processes, which have what this one has in memory: nothing is sent to them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from forecast.errors import ForecastError
from forecast.randomness.workers import ALONE, working_with

T = TypeVar("T")

_GIVEN: list[tuple[Callable[..., Any], Sequence[tuple[Any, ...]]]] = []


def forked(
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    count: int,
) -> Iterator[T]:
    """Yield ``function(*task)`` of each task, in order, from ``count`` processes.

    Processes that are no longer needed, because this one was interrupted, failed or was killed,
    end at once.

    Raises
    ------
    ForecastError
        If a process was killed from outside, such as for want of memory.
    """
    others = set(active_children())
    with ProcessPoolExecutor(
        count, mp_context=get_context("fork"), initializer=_begin, initargs=(function, tasks)
    ) as pool:
        try:
            yield from pool.map(_numbered, range(len(tasks)))
        except BrokenProcessPool:
            raise ForecastError(
                "a process was killed before its work was done; where memory is short, use fewer: "
                "--jobs 1"
            ) from None
        except BaseException:
            for child in set(active_children()) - others:
                child.kill()
            raise


def _begin(function: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]) -> None:
    """Take what was inherited; leave Ctrl-C to the first process, and end when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _GIVEN[:] = [(function, tasks)]


def _end_with_parent() -> None:
    first = parent_process()
    if first is not None:
        wait([first.sentinel])
        signal.raise_signal(signal.SIGKILL)


def _numbered(number: int) -> Any:
    function, tasks = _GIVEN[0]
    with working_with(ALONE):
        return function(*tasks[number])
