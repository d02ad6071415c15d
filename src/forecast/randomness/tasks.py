"""Independent tasks, on one process or several, with the same results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def in_parallel(
    function: Callable[..., T], arguments: Iterable[tuple[Any, ...]], jobs: int
) -> list[T]:
    """Return ``function(*a)`` for each tuple of arguments, in order.

    Each task carries its own random generator among its arguments, so that the results do not
    depend on ``jobs``.
    """
    tasks = list(arguments)
    if jobs == 1 or len(tasks) < 2:
        return [function(*task) for task in tasks]
    from joblib import Parallel, delayed

    done = Parallel(n_jobs=min(jobs, len(tasks)))(delayed(function)(*task) for task in tasks)
    return list(done)


def iterate_parallel(
    function: Callable[..., T], arguments: Iterable[tuple[Any, ...]], jobs: int
) -> Iterator[T]:
    """Yield what ``in_parallel`` returns, in order, each result as soon as it is there."""
    tasks = list(arguments)
    if jobs == 1 or len(tasks) < 2:
        yield from (function(*task) for task in tasks)
        return
    from joblib import Parallel, delayed

    workers = Parallel(n_jobs=min(jobs, len(tasks)), return_as="generator")
    yield from workers(delayed(function)(*task) for task in tasks)
