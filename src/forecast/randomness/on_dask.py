"""Tasks on a cluster, through joblib's Dask backend."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

from forecast.errors import ForecastError
from forecast.randomness.workers import ALONE, working_with

T = TypeVar("T")

# Times that a cluster is given what is left of the work. Dask itself gives a lost worker's tasks to
# others; what remains are losses of data that every worker with a copy took along.
ATTEMPTS = 3


def on_dask(
    function: Callable[..., T],
    tasks: Sequence[tuple[Any, ...]],
    client: Any,
) -> Iterator[T]:
    """Yield ``function(*task)`` of each task, in order, from a cluster's workers.

    The function, with what it carries, is sent once and spread from worker to worker, each keeping
    a copy. Workers may be lost and may join while it runs.

    Raises
    ------
    ForecastError
        If the work was lost `ATTEMPTS` times without any progress.
    """
    done, failed = 0, 0
    while done < len(tasks):
        error: Exception | None = None
        sent = _sent(function, tasks[done:], client)
        try:
            for result, error in sent:
                if error is not None:
                    break
                yield result
                done, failed = done + 1, 0
        except Exception as fault:  # whatever a cluster that loses workers can raise
            failed += 1
            if failed == ATTEMPTS:
                raise ForecastError(
                    f"the cluster lost the work {ATTEMPTS} times, after {done} of {len(tasks)} "
                    f"tasks: {type(fault).__name__}: {fault}"
                ) from None
        finally:
            with warnings.catch_warnings(action="ignore"):  # of tasks that are given up
                sent.close()
        if error is not None:
            raise error


def _sent(
    function: Callable[..., Any],
    tasks: Sequence[tuple[Any, ...]],
    client: Any,
) -> Generator[tuple[Any, Exception | None], None, None]:
    from joblib import Parallel, delayed
    from joblib._dask import DaskDistributedBackend

    class Backend(DaskDistributedBackend):  # type: ignore[misc] # joblib has no types
        def effective_n_jobs(self, n_jobs: int) -> int:
            """Return two at least: of one joblib makes none, and works in this process."""
            return max(2, int(super().effective_n_jobs(n_jobs)))

    given = [function]
    backend = Backend(client=client)
    # Not by joblib's ``scatter``: after a loss the same content would be looked for where it was.
    (sent,) = client.scatter([given], broadcast=True, hash=False)
    backend.data_futures = {id(given): sent}
    # All at once, as a cluster may grow. A task's arguments go as one tuple: joblib would put each
    # large one on a single worker, and lose it with that.
    parallel = Parallel(backend=backend, pre_dispatch="all", return_as="generator")
    yield from parallel(delayed(_worked)(given, task) for task in tasks)


def _worked(
    given: Sequence[Callable[..., Any]], task: tuple[Any, ...]
) -> tuple[Any, Exception | None]:
    """Return a task's result, or the error that it ended with, on a worker."""
    (function,) = given
    with working_with(ALONE):
        try:
            return function(*task), None
        except Exception as error:  # carried to the caller, which raises it
            return None, error
