"""Every array alias, once: what an array holds, and by its name how many dimensions it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]  # of any shape, which the docstring gives
Vector = NDArray[np.float64]  # (n,)
Matrix = NDArray[np.float64]  # (n, k)
Cube = NDArray[np.float64]  # (series, n, k)
Paths = NDArray[np.float64]  # (draws, years)
Draws = NDArray[np.float64]  # (draws, horizon)
Integers = NDArray[np.int64]  # years, counts, positions
Codes = NDArray[np.int64]  # (n,) of groups, 0..G-1
Masks = NDArray[np.int64]  # subsets, bit j for member j
Mask = NDArray[np.bool_]
Labels = NDArray[np.str_]  # (n,) names
Arrays = dict[str, NDArray[Any]]

T = TypeVar("T")


def read_only(value: T) -> T:
    """Return ``value``, made read-only: an array, or all in a record, a mapping or a tuple.

    For what is kept and handed to many, where one that wrote into it would change it for all.
    """
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    parts: Any = ()
    if isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, tuple):
        parts = value
    elif is_dataclass(value):
        parts = [getattr(value, field.name) for field in fields(value)]
    for part in parts:
        read_only(part)
    return value


def running_sum(values: Array) -> Array:
    """Return ``numpy.cumsum`` along the last axis, to the bit, in the memory order of ``values``.

    ``numpy.cumsum`` adds one series after the other; this adds a year of all series at once, which
    takes a seventh of the time where years lie apart in memory and series side by side.
    """
    out = np.empty_like(values)
    rows, sums = np.moveaxis(values, -1, 0), np.moveaxis(out, -1, 0)
    sums[:1] = rows[:1]
    for t in range(1, len(rows)):
        np.add(sums[t - 1], rows[t], out=sums[t, ...])
    return out


def compounded(start: float, growth: Array) -> Array:
    """Return the path (..., t) of what grows from ``start`` by log differences x 100 (..., t)."""
    path = running_sum(growth)
    path /= 100
    np.exp(path, out=path)
    path *= start
    return path
