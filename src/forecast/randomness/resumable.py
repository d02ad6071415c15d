"""Work that takes up where it was left: each task's result is kept under its content's key."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from forecast.arrays import Arrays
from forecast.randomness.tasks import iterate_parallel

Store = MutableMapping[str, Arrays]


def content_key(*parts: object) -> str:
    """Return a key (64 hexadecimal digits) of all that a result depends on.

    An array counts by its type, shape and bytes, everything else by its ``repr``.
    """
    told = sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            told.update(f"{part.dtype.str}{part.shape}".encode())
            told.update(np.ascontiguousarray(part).tobytes())
        else:
            told.update(repr(part).encode())
        told.update(b"\0")
    return told.hexdigest()


def resume(
    function: Callable[..., Arrays],
    tasks: Sequence[tuple[Any, ...]],
    keys: Sequence[str],
    store: Store,
    jobs: int | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    seconds: float,
) -> list[Arrays]:
    """Return ``function(*task)`` of each task, from ``store`` where it is there.

    A result enters the store as soon as it is made, so that work interrupted, run again with the
    same store, makes only what is missing.

    Parameters
    ----------
    function : function that returns a dict of arrays
    tasks, keys : sequences of equal length
        Arguments, and ``content_key`` of all that the result depends on.
    store : mutable mapping of key to dict of arrays
        A plain dict will do.
    jobs, seconds
        As for `in_parallel`.
    progress : function of the tasks done and of all
    """
    found = {key: kept for key in keys if (kept := store.get(key)) is not None}
    missing = [i for i, key in enumerate(keys) if key not in found]
    progress(len(tasks) - len(missing), len(tasks))
    made = iterate_parallel(function, [tasks[i] for i in missing], jobs, seconds=seconds)
    for count, (i, result) in enumerate(zip(missing, made, strict=True), start=1):
        store[keys[i]] = found[keys[i]] = result
        progress(len(tasks) - len(missing) + count, len(tasks))
    return [found[key] for key in keys]
