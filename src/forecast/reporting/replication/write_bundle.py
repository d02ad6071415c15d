"""A bundle on disk: one archive, the same bytes for the same run."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from pathlib import Path

from forecast.errors import DataError
from forecast.reporting.replication.bundle_files import Places, bundle_files
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import check_file, write_bytes
from forecast.reporting.zipped import zip_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """What was written: the archive, the number of files in it, and its sha256."""

    path: Path
    files: int
    sha256: str


def bundle_path(run: SavedRun, out: Path | str | None) -> Path:
    """Return where a bundle goes, by default ``<run's folder>.zip``; asked before any work.

    Raises
    ------
    ForecastError
        If no file can be written there, or its name does not end in ``.zip``.
    """
    if out is None and run.folder is None:
        raise DataError("a bundle is made of a run that was written: name its folder")
    path = Path(out) if out is not None else Path(f"{run.folder}.zip")
    if path.suffix.lower() != ".zip":
        raise DataError(f"--out {path}: found {path.suffix!r}, a bundle's name must end in .zip")
    return check_file(path, "--out")


def write_bundle(run: SavedRun, places: Places, path: Path) -> Bundled:
    """Write the archive at once."""
    files = bundle_files(run, places)
    content = zip_bytes(files)
    write_bytes(path, content)
    return Bundled(path=path, files=len(files), sha256=hashlib.sha256(content).hexdigest())


def own_files(run: SavedRun) -> dict[str, Path]:
    """Return the files that the run's command names, by their names without folders.

    The manifest says what to type with bare names, and the command as it was typed with folders.

    Raises
    ------
    DataError
        If a file that the run read is no longer where the command says.
    """
    words = _words(str(run.manifest.get("reproduce", "")))
    typed = [Path(word) for word in _words(str(run.manifest.get("command", "")))]
    named = [path for path in typed if path.suffix == ".toml"]
    found = {}
    for word in words:
        if Path(word).suffix not in {".toml", ".csv"}:
            continue
        # a scenario typed alone has the study of its folder, or of the one above
        above = [folder / word for path in named for folder in path.resolve().parents[:2]]
        here = [one for one in (*typed, *above, Path(word)) if one.name == word and one.is_file()]
        if not here:
            raise DataError(
                f"{word}: no such file; the run read it, so bundle from the folder it was run in"
            )
        found[word] = here[0]
    return found


def _words(command: str) -> list[str]:
    return [part for word in shlex.split(command) for part in word.split(",")]
