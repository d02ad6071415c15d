"""Which economies have a variable in which years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import KIND_COLOUR, QUIET, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW = 0.052  # inches an economy
LEAST_HEIGHT = 3.2


@in_house_style
def draw_coverage(coverage: pd.DataFrame, label: str, source: str) -> Figure:
    """Draw a map of economies by years: published, flagged, missing.

    Parameters
    ----------
    coverage : pandas.DataFrame
        One row an economy, one column a year; 0 missing, 1 present, 2 flagged (imputed or
        spliced). Drawn in the order given.
    label, source : str
        Of the variable; package and table.
    """
    from matplotlib.colors import ListedColormap

    height = max(LEAST_HEIGHT, 1.5 + ROW * len(coverage))
    figure = blank_figure(
        f"Coverage of {label}",
        f"{len(coverage)} economies, {coverage.columns[0]}-{coverage.columns[-1]}. Blue: "
        "published; orange: imputed or extended; white: none. Longest series first.",
        f"Source: {source}.",
        height=height,
    )
    ax = figure.add_axes((0.07, 0.55 / height, 0.9, 1 - 1.45 / height))
    colours = ListedColormap(["#ffffff", KIND_COLOUR["policy"], KIND_COLOUR["risk"]])
    years = coverage.columns.to_numpy(dtype=int)
    ax.imshow(
        coverage.to_numpy(),
        aspect="auto",
        interpolation="nearest",
        cmap=colours,
        vmin=0,
        vmax=2,
        extent=(years[0] - 0.5, years[-1] + 0.5, len(coverage) - 0.5, -0.5),
    )
    ax.grid(visible=False)
    ax.set_xticks([year for year in years if year % 10 == 0])
    step = max(1, round(0.13 / ROW)) if len(coverage) > 30 else 1
    names = [str(country) for country in coverage.index[::step]]
    ax.set_yticks(range(0, len(coverage), step), names, size=5.5, color=QUIET)
    return figure
