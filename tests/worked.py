"""Tasks that other processes find by name: a test's own module cannot be imported there."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.randomness.tasks import in_parallel

LARGE = 1000.0  # seconds: processes are always worth it


def drawn(scale: Array, seed: int) -> Array:
    """Return draws of a task's own generator."""
    return scale * np.random.default_rng(seed).normal(size=len(scale))


def process(number: int) -> int:
    """Return the process that works on the task."""
    return os.getpid()


def processes_within(number: int) -> int:
    """Return how many processes a task's own tasks have."""
    return len(set(in_parallel(process, [(i,) for i in range(4)], seconds=LARGE)))


def refused(number: int) -> int:
    """Fail at the fourth task."""
    if number == 3:
        raise EstimationError("the fourth has no estimate")
    return number


def killed(number: int) -> int:
    """Kill the process that works on the third task."""
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed_once(mark: Path, data: Array, number: int) -> tuple[int, float]:
    """Kill the process that comes to the sixth task first, and return the sum of the data."""
    if number == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number, float(data.sum())
