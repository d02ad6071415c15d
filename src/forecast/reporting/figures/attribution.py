"""Which drivers a scenario's effect comes from: stacked bars, one row a scenario."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.projection.explain.attribution import TOTAL
from forecast.reporting.figures.style import (
    BAR_LOOKS,
    INK,
    Lettering,
    blank_figure,
    draw_bar_key,
    in_house_style,
)
from forecast.reporting.regression.labels import heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.36  # inches
COLUMNS = 4


@in_house_style
def draw_attribution(attribution: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw each scenario's change of P(passed) and of median income as a sum over drivers.

    Parameters
    ----------
    attribution : pandas.DataFrame
        ``attribution.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Left: the probability by the first year of the table; right: median income in the last.
        Bars left of zero lower it; the diamond is the whole effect. Drivers differ by colour and
        hatch.
    """
    drivers = [name for name in dict.fromkeys(attribution["driver"]) if name != TOTAL]
    present = set(attribution["scenario"])
    scenarios = [name for name in lettering.scenarios if name in present]
    first, last = int(attribution["year"].min()), int(attribution["year"].max())
    key_rows = -(-(len(drivers) + 1) // COLUMNS)
    head, foot = 0.98, 0.52 + 0.2 * key_rows
    height = head + foot + max(ROW * len(scenarios), 0.8)
    figure = blank_figure(
        "What the scenarios' effects come from",
        "Change from the baseline, divided among the drivers that a scenario moves (Shapley "
        "values, on the same simulated paths). Diamond: the whole effect.",
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        1, 2, left=0.235, right=0.975, top=1 - head / height, bottom=foot / height, wspace=0.12
    )
    panels = (
        ("p_crossed", first, 100.0, f"Passed the line by {first}, points"),
        ("income_median", last, 1.0, f"Median income in {last}, US$"),
    )
    for position, (variable, year, scale, title) in enumerate(panels):
        ax = figure.add_subplot(grid[position])
        rows = attribution[(attribution["variable"] == variable) & (attribution["year"] == year)]
        wide = scale * rows.pivot(index="scenario", columns="driver", values="value")
        _draw_panel(ax, wide.reindex(scenarios), drivers)
        ax.set_title(title)
        ax.set_yticks(range(len(scenarios)))
        labels = [textwrap.fill(lettering.scenarios[name], 27) for name in scenarios]
        ax.set_yticklabels(labels if position == 0 else [])
    names = {name: _label(name, lettering) for name in drivers}
    draw_bar_key(figure, names, COLUMNS, 0.22 / height, whole="Whole effect")
    return figure


def _label(name: str, lettering: Lettering) -> str:
    return heading(name, lettering.variables.label(name), lettering.variables)[0]


def _draw_panel(ax: Axes, wide: pd.DataFrame, drivers: list[str]) -> None:
    place = np.arange(len(wide))
    above, below = np.zeros(len(wide)), np.zeros(len(wide))
    for driver, look in zip(drivers, BAR_LOOKS, strict=False):
        values = wide[driver].fillna(0.0).to_numpy()
        start = np.where(values >= 0, above, below)
        ax.barh(place, values, left=start, height=0.62, edgecolor=INK, lw=0.5, **look)
        above += np.maximum(values, 0.0)
        below += np.minimum(values, 0.0)
    ax.plot(wide[TOTAL], place, ls="", marker="D", ms=5, color=INK, mec="white", mew=0.9, zorder=5)
    ax.axvline(0, color=INK, lw=0.9)
    ax.use_sticky_edges = False
    ax.margins(x=0.03)
    ax.set_ylim(len(wide) - 0.45, -0.55)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", nbins=6)
