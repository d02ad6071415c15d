"""Results of a backtest's tasks on disk, so that a second run need not make them again."""

from __future__ import annotations

import os
import platform
import secrets
import zipfile
from collections.abc import Iterator, MutableMapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from forecast.arrays import Arrays
from forecast.errors import SpecError

_KEY = "__key__"


class OriginCache(MutableMapping[str, Arrays]):
    """A mapping of a result's key to its arrays, one NPZ file each.

    A file is written beside its name and renamed, so that an interrupted run leaves none half
    written. A file that cannot be read, or is another key's, counts as not there. Results of other
    code are not seen: their folder bears another fingerprint. The folder may be deleted any time.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing.
    code : str
        Fingerprint of the code that makes the results: ``code_fingerprint()``.

    Raises
    ------
    SpecError
        If the folder cannot be made or, when a result is kept, written to.
    """

    def __init__(self, folder: Path, code: str) -> None:
        self._folder = folder / code[:16]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise _unusable(self._folder, fault) from fault

    def __getitem__(self, key: str) -> Arrays:
        """Return the arrays kept under ``key``; raise KeyError where none can be read."""
        try:
            content = self._path(key).read_bytes()
            # pickles, which could run code, are refused
            with np.load(BytesIO(content), allow_pickle=False) as stored:
                found = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as fault:
            raise KeyError(key) from fault
        if str(found.pop(_KEY, "")) != key:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, value: Arrays) -> None:
        """Keep arrays under ``key``."""
        path = self._path(key)
        partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        content = BytesIO()
        np.savez(content, allow_pickle=False, **{_KEY: np.array(key), **value})
        try:
            partial.write_bytes(content.getvalue())
            partial.replace(path)
        except OSError as fault:
            raise _unusable(self._folder, fault) from fault
        finally:
            partial.unlink(missing_ok=True)

    def __delitem__(self, key: str) -> None:
        """Forget ``key``."""
        try:
            self._path(key).unlink()
        except FileNotFoundError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        """Yield the keys kept."""
        return (path.stem for path in sorted(self._folder.glob("[!.]*.npz")))

    def __len__(self) -> int:
        """Return how many results are kept."""
        return sum(1 for _ in self)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.npz"


def code_fingerprint() -> str:
    """Return a hash (64 hexadecimal digits) of what else could change a result.

    That is, besides data and settings: the project's code, numpy's and scipy's versions, and the
    type of machine.
    """
    from importlib.metadata import version

    told = sha256(f"{version('numpy')} {version('scipy')} {platform.machine()}".encode())
    root = Path(__file__).resolve().parents[1]
    for path in sorted(root.rglob("*.py")):
        told.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


def cache_folder() -> Path:
    """Return the folder of results kept: ``$FORECAST_CACHE``, or the platform's cache folder."""
    named = os.environ.get("FORECAST_CACHE")
    if named:
        return Path(named).expanduser() / "backtest"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("highincome-forecast", appauthor=False)) / "backtest"


def _unusable(folder: Path, fault: OSError) -> SpecError:
    return SpecError(
        f"{folder}: cannot keep results here ({fault.strerror}); FORECAST_CACHE names another "
        "folder, --no-cache does without"
    )
