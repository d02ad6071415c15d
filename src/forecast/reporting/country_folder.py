"""The folder of a user's own study: new, and whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from forecast.errors import ForecastError
from forecast.reporting.write import check_folder, results_folder, write_text


def new_folder(folder: Path) -> Path:
    """Return ``folder`` if it can be made; raise ForecastError if it is there or cannot be."""
    if os.path.lexists(folder):
        raise ForecastError(f"{folder}: is there already, must be a new folder")
    return check_folder(folder, "FOLDER")


def write_folder(
    folder: Path, files: Mapping[str, str], check: Callable[[Path], object]
) -> list[Path]:
    """Write texts by name into a new folder, whole or not at all; return their paths.

    Parameters
    ----------
    folder : Path
    files : mapping of name to text
    check : callable
        Called with the study's file before the folder is put in its place; what it raises leaves
        nothing behind.
    """
    with results_folder(folder) as partial:
        for name, text in files.items():
            write_text(partial / name, text)
        check(partial / "study.toml")
    return [folder / name for name in files]
