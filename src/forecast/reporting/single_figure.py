"""One exhibit on its own, outside a run's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from forecast.errors import ForecastError
from forecast.reporting.figures import draw_exhibit
from forecast.reporting.results import PUBLISHERS
from forecast.reporting.style import Lettering, render
from forecast.reporting.write import write_bytes
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variables


def write_figure(
    path: Path,
    exhibit: str,
    tables: Mapping[str, pd.DataFrame],
    lettering: Lettering,
) -> Path:
    """Draw an exhibit into ``path``, PNG or SVG by the ending; return the path.

    Raises
    ------
    ForecastError
        If the ending is another.
    """
    figure = draw_exhibit(exhibit, tables, lettering)
    if path.suffix == ".png":
        return write_bytes(path, render(figure, "png"))
    if path.suffix == ".svg":
        return write_bytes(path, render(figure, "svg"))
    raise ForecastError(f"figure {str(path)!r}: must end in .png or .svg")


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
