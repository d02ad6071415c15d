"""Results of slow tasks on disk, so that a second run need not make them again."""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import re
import shutil
from collections.abc import Iterator, MutableMapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from forecast.arrays import Arrays
from forecast.errors import SpecError
from forecast.reporting.run_folder.manifest import code_hash
from forecast.reporting.write import write_bytes

_KEY, _HASH = "__key__", "__sha256__"


class OriginCache(MutableMapping[str, Arrays]):
    """A mapping of a result's key to its arrays, one NPZ file each.

    A file is written beside its name and renamed, so that an interrupted run leaves none half
    written. A file that cannot be read, is another key's, or whose arrays have not the names,
    types, shapes and bytes that were kept counts as not there. Folders of other code, which bear
    another fingerprint, are deleted. The folder may be deleted any time.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing.
    code : str
        Fingerprint of the code that makes the results: ``code_fingerprint()``.
    without : str
        How its user is told to do without, where that can be.

    Raises
    ------
    SpecError
        If the folder cannot be made or, when a result is kept, written to.
    """

    def __init__(self, folder: Path, code: str, without: str = "") -> None:
        self._folder, self._without = folder / code[:16], without
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            older = [one for one in folder.iterdir() if one != self._folder]
        except OSError as fault:
            raise self._unusable(fault) from fault
        for one in older:
            if re.fullmatch("[0-9a-f]{16}", one.name) and one.is_dir() and not one.is_symlink():
                shutil.rmtree(one, ignore_errors=True)

    def __getitem__(self, key: str) -> Arrays:
        """Return the arrays kept under ``key``; raise KeyError where none can be read."""
        path = self._path(key)
        if not path.is_file():  # a pipe would not end
            raise KeyError(key)
        try:
            # pickles, which could run code, are refused
            with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as stored:
                found = {name: stored[name] for name in stored.files}
        except Exception as fault:  # whatever a damaged archive raises, the result is made anew
            raise KeyError(key) from fault
        named, told = str(found.pop(_KEY, "")), str(found.pop(_HASH, ""))
        if named != key or told != _content_hash(found):
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: Arrays) -> None:
        """Keep arrays under ``key``."""
        content = BytesIO()
        told = {_KEY: np.array(key), _HASH: np.array(_content_hash(value))}
        np.savez(content, allow_pickle=False, **told, **value)
        try:
            write_bytes(self._path(key), content.getvalue())
        except OSError as fault:
            raise self._unusable(fault) from fault

    def __delitem__(self, key: str) -> None:
        """Forget ``key``."""
        try:
            self._path(key).unlink()
        except FileNotFoundError:
            raise KeyError(key) from None

    def trim(self, most: int) -> None:
        """Forget the results kept longest ago, beyond ``most``."""
        dated = []
        for path in self._folder.glob("[!.]*.npz"):
            with contextlib.suppress(OSError):  # another process was quicker
                dated.append((path.stat().st_mtime_ns, path))
        for _, path in sorted(dated, reverse=True)[most:]:
            path.unlink(missing_ok=True)

    def __iter__(self) -> Iterator[str]:
        """Yield the keys kept."""
        return (path.stem for path in sorted(self._folder.glob("[!.]*.npz")))

    def __len__(self) -> int:
        """Return how many results are kept."""
        return sum(1 for _ in self)

    def _unusable(self, fault: OSError) -> SpecError:
        ways = ["FORECAST_CACHE names another folder", *([self._without] if self._without else [])]
        return SpecError(
            f"{self._folder}: cannot keep results here ({fault.strerror}); {', '.join(ways)}"
        )

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.npz"


def _content_hash(arrays: Arrays) -> str:
    """Return the sha256 of arrays: their names, types, shapes and bytes."""
    told = sha256()
    for name in sorted(arrays):
        one = np.asarray(arrays[name])
        told.update(f"{name}\0{one.dtype.str}\0{one.shape}\0".encode())
        told.update(np.ascontiguousarray(one).tobytes())
    return told.hexdigest()


def code_fingerprint() -> str:
    """Return a hash (64 hexadecimal digits) of what else could change a result.

    That is, besides data and settings: the project's code and its `surroundings`.
    """
    told = " ".join([*surroundings().values(), code_hash()])
    return sha256(told.encode()).hexdigest()


def surroundings() -> dict[str, str]:
    """Return numpy's and scipy's versions and the type of machine, by name."""
    from importlib.metadata import version

    machine = {"type of machine": platform.machine()}
    return {name: version(name) for name in ("numpy", "scipy")} | machine


def cache_folder(kind: str = "backtest") -> Path:
    """Return the folder of results kept: in ``$FORECAST_CACHE`` or the platform's cache folder."""
    named = os.environ.get("FORECAST_CACHE")
    if named:
        return Path(named).expanduser() / kind
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("highincome-forecast", appauthor=False)) / kind


def note(message: str) -> None:
    """Print one line on standard error, unless the program that uses this package logs its own."""
    logging.getLogger(__name__).warning("note: %s", message)
