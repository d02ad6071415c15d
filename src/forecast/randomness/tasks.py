"""Independent tasks, in one process, several, or on a cluster, with the same results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from forecast.randomness.forked import forked
from forecast.randomness.on_dask import on_dask
from forecast.randomness.through_joblib import spawned
from forecast.randomness.workers import (
    ALONE,
    chosen_workers,
    forks,
    processes,
    working_with,
)

K = TypeVar("K")
T = TypeVar("T")

PIECES = 4  # of the tasks for each spawned process, which is sent what all share with every piece


def in_parallel(
    function: Callable[..., T],
    arguments: Iterable[tuple[Any, ...]],
    jobs: int | None = None,
    *,
    seconds: float,
    here: bool = False,
) -> list[T]:
    """Return ``function(*a)`` for each tuple of arguments, in order.

    Each task carries its own random generator among its arguments, so that the results depend
    neither on ``jobs`` nor on where the work is done.

    Parameters
    ----------
    function : function of a module, or `functools.partial` of one
        What all tasks share belongs to the partial: it goes once to a process or a worker.
    arguments : iterable of tuple
        What differs between tasks; small.
    jobs : int or None
        Most processes; None: what `working_with` was given, and by itself as many as pay.
    seconds : float
        That one task takes on one core, about: processes are used where all tasks together are
        worth them (`processes`). A cluster takes all tasks, however little they are.
    here : bool
        Whether tasks stay on this machine: what they need is much beside the work.

    Raises
    ------
    ForecastError
        If processes or a cluster fail in a way that no repetition mends.
    """
    return list(iterate_parallel(function, arguments, jobs, seconds=seconds, here=here))


def iterate_parallel(
    function: Callable[..., T],
    arguments: Iterable[tuple[Any, ...]],
    jobs: int | None = None,
    *,
    seconds: float,
    here: bool = False,
) -> Iterator[T]:
    """Yield what ``in_parallel`` returns, in order, each result as soon as it is there."""
    tasks = list(arguments)
    workers = chosen_workers()
    if workers.client is not None and jobs != 1 and len(tasks) > 1 and not here:
        yield from on_dask(function, tasks, workers.client)
        return
    count = processes(workers.jobs if jobs is None else jobs, len(tasks), seconds * len(tasks))
    if count == 1:
        yield from (function(*task) for task in tasks)
    elif forks():
        yield from forked(function, tasks, count)
    else:
        size = -(-len(tasks) // (PIECES * count))
        pieces = [tasks[i : i + size] for i in range(0, len(tasks), size)]
        for made in spawned(_piece, [(function, piece) for piece in pieces], count):
            yield from made


def called_in_parallel(calls: Mapping[K, Callable[[], T]], *, seconds: float) -> dict[K, T]:
    """Return what each function returns, by its key, made in several processes of this machine.

    ``seconds`` are those that one takes on one core, about. What takes longest comes first.
    """
    made = in_parallel(
        partial(_called, calls), [(key,) for key in calls], seconds=seconds, here=True
    )
    return dict(zip(calls, made, strict=True))


def _called(calls: Mapping[K, Callable[[], T]], key: K) -> T:
    return calls[key]()


def _piece(function: Callable[..., T], tasks: list[tuple[Any, ...]]) -> list[T]:
    with working_with(ALONE):
        return [function(*task) for task in tasks]
