"""One figure on its own, outside a run's folder."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from forecast.errors import DataError
from forecast.reporting.figures.style import PUBLISHERS, Lettering, render
from forecast.reporting.write import write_bytes
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variables

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def figure_kind(path: Path) -> Literal["png", "svg"]:
    """Return the format that a file's ending names, in capitals or not.

    Raises
    ------
    DataError
        If the ending is another: asked before any work.
    """
    kind = path.suffix.lower()
    if kind == ".png":
        return "png"
    if kind == ".svg":
        return "svg"
    raise DataError(f"figure {path}: found {path.suffix!r}, must end in .png or .svg")


def write_figure(figure: Figure, path: Path) -> Path:
    """Write ``figure`` as PNG or SVG, by the file's ending; return the path.

    Raises
    ------
    DataError
        If the ending is another one, or the file cannot be written.
    """
    content = render(figure, figure_kind(path))
    try:
        return write_bytes(path, content)
    except OSError as error:
        raise DataError(f"figure {path}: cannot be written: {error}") from None


def draw_tables(drawing: str, tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Return the figure that ``module:function``, below this folder, draws of an exhibit's tables.

    Parameters
    ----------
    drawing : str
        `PaperExhibit.figure`.
    tables : mapping of name to DataFrame
    source : str
        What the figure's last line calls the data.
    """
    module, _, function = drawing.partition(":")
    draw = getattr(import_module(f"forecast.reporting.figures.{module}"), function)
    figure: Figure = draw(tables, source)
    return figure


def plain_lettering(
    study: StudySpec,
    package: str,
    scenarios: Mapping[str, ScenarioSpec],
    variables: Variables,
    first_projected: int,
) -> Lettering:
    """Return the words of figures that name no model or regressor."""
    shown = {name: scenarios[name] for name in study.scenarios}
    return Lettering(
        source=f"{PUBLISHERS}; data package {package}; own calculations",
        country=study.country_label or study.country,
        scenarios={name: one.label for name, one in shown.items()},
        kinds={name: one.kind for name, one in shown.items()},
        models={},
        terms={},
        variables=variables,
        first_projected=first_projected,
    )
