"""What scenarios do to income: a dot and a bar each, the largest on top."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.reporting.figures.style import INK, Lettering, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

YEAR = 2035
ROW = 0.38  # inches
LONGEST = 26


@in_house_style
def draw_comparison(comparison: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw the difference of income in 2035, % of that of the scenario compared with.

    Parameters
    ----------
    comparison : pandas.DataFrame
        ``ScenarioComparison.to_frame()``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Dots are medians over paths, bars 80 % of them; hollow where a scenario does not differ
        from that scenario beyond Monte Carlo error. Where 2035 is not projected, 2030.

    Raises
    ------
    DataError
        If neither year is projected.
    """
    years = [y for y in (YEAR, 2030) if comparison[f"income_{y}"].notna().any()]
    if not years:
        raise DataError(f"comparison: neither {YEAR} nor 2030 is projected")
    year = years[0]
    against = str(comparison["against"].iloc[0])
    others = comparison[comparison["scenario"] != against]
    rows = others if len(others) else comparison
    rows = rows.sort_values(f"income_change_{year}", ascending=False, kind="stable")
    height = 1.55 + ROW * len(rows)
    base = lettering.scenarios.get(against, against)
    figure = blank_figure(
        f"{lettering.country}: income in {year} against '{base}'",
        "Dots: median difference of GNI per capita (current US$, Atlas method), path by path on "
        f"shared draws; bars: 80 % of paths. Hollow: no different from '{base}' beyond Monte "
        "Carlo error.",
        f"Source: {lettering.source}.",
        height=height,
    )
    ax = figure.add_axes((0.3, 0.72 / height, 0.57, 1 - 1.45 / height))
    _draw_rows(ax, rows, year, lettering)
    ax.set_xlabel(f"Difference of GNI per capita in {year}, %")
    return figure


def _draw_rows(ax: Axes, rows: pd.DataFrame, year: int, lettering: Lettering) -> None:
    name = f"income_change_{year}"
    places = np.arange(len(rows))
    low, middle, high = (
        rows[c].to_numpy(dtype=float) for c in (f"{name}_low", name, f"{name}_high")
    )
    ax.axvline(0, color=INK, lw=1.0)
    ax.hlines(places, low, high, color=INK, lw=2.4)
    for place, value, like in zip(places, middle, rows["like"] == rows["against"], strict=True):
        ax.plot(value, place, "o", ms=8, color=INK, mfc="white" if like else INK, mew=1.6)
        ax.annotate(
            f"{round(value, 1) + 0.0:+.1f} %", xy=(1.02, place),
            xycoords=("axes fraction", "data"), va="center", size=10,
        )  # fmt: skip
    labels = [lettering.scenarios.get(one, one) for one in rows["scenario"]]
    ax.set_yticks(places, [textwrap.fill(one, LONGEST) for one in labels])
    ax.tick_params(axis="y", length=0, labelsize=10)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
