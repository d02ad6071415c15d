"""Tasks on a cluster, also where workers are lost."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from forecast.errors import ForecastError
from forecast.randomness.through_joblib import sent
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
        made = sent(_worked, [function], tasks[done:], client)
        try:
            for result, error in made:
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
                made.close()
        if error is not None:
            raise error


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
