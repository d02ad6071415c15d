"""What joblib does: count cores, spawn processes, hand tasks to a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


def usable_cores() -> int:
    """Return the cores that this process may use."""
    import joblib

    return int(joblib.cpu_count())


def spawned(
    function: Callable[..., T], tasks: Iterable[tuple[Any, ...]], count: int
) -> Iterator[T]:
    """Yield ``function(*task)`` of each task, in order, from ``count`` new processes."""
    from joblib import Parallel, delayed

    made = Parallel(n_jobs=count, return_as="generator")
    yield from made(delayed(function)(*task) for task in tasks)


def sent(
    function: Callable[..., T], given: list[Any], tasks: Iterable[tuple[Any, ...]], client: Any
) -> Generator[T, None, None]:
    """Yield ``function(given, task)`` of each task, in order, from a Dask cluster's workers.

    ``given`` is sent once and spread from worker to worker, each keeping a copy.
    """
    from joblib import Parallel, delayed
    from joblib._dask import DaskDistributedBackend

    class Backend(DaskDistributedBackend):  # type: ignore[misc] # joblib has no types
        def effective_n_jobs(self, n_jobs: int) -> int:
            """Return two at least: of one joblib makes none, and works in this process."""
            return max(2, int(super().effective_n_jobs(n_jobs)))

    backend = Backend(client=client)
    # Not by joblib's ``scatter``: after a loss the same content would be looked for where it was.
    (future,) = client.scatter([given], broadcast=True, hash=False)
    backend.data_futures = {id(given): future}
    # All at once, as a cluster may grow. A task's arguments go as one tuple: joblib would put each
    # large one on a single worker, and lose it with that.
    parallel = Parallel(backend=backend, pre_dispatch="all", return_as="generator")
    yield from parallel(delayed(function)(given, task) for task in tasks)
