"""Pages of docs/ that a script makes from the full package: printed, written with --write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from forecast import catalog
from forecast.sources.package.package import DataPackage, load


def show_page(page: Callable[[DataPackage], str], path: Path) -> None:
    """Print ``page`` of the full package at hand, and write it to ``path`` if ``--write`` is given.

    Raises
    ------
    SystemExit
        If no full package is at hand.
    """
    folders = [f for f in catalog.package_folders() if f.name.startswith("full-")]
    if not folders:
        raise SystemExit(f"{path.stem}: needs a full package; make one with 'forecast data build'")
    made = page(load(folders[0]))
    print(made)
    if "--write" in sys.argv:
        path.write_text(made, encoding="utf-8")
