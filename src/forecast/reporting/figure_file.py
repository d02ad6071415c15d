"""Write one figure to the file that a command names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from forecast.errors import DataError
from forecast.reporting.style import render
from forecast.reporting.write import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_figure(figure: Figure, path: Path) -> None:
    """Write ``figure`` as PNG or SVG, by the file's ending.

    Raises
    ------
    DataError
        If the ending is another one, or the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".png":
        content = render(figure, "png")
    elif kind == ".svg":
        content = render(figure, "svg")
    else:
        raise DataError(f"--figure {path}: found {path.suffix!r}, must end in .png or .svg")
    try:
        write_bytes(path, content)
    except OSError as error:
        raise DataError(f"--figure {path}: cannot be written: {error}") from None
