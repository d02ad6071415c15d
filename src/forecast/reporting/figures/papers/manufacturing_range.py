"""Manufacturing's share against income: the usual range, and paths of some economies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    MARKERS,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 4.6
TICKS = (1000, 2000, 5000, 10000, 20000, 50000)
COLOURS = ("#c4431c", "#1f5a9e", "#4d7c2a", "#7a3e8e", "#9a6a00", "#147d7d")


@in_house_style
def draw_manufacturing_range(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw quantile curves of the share, and the paths on them, the last year marked.

    Parameters
    ----------
    tables : mapping
        ``manufacturing_range``, ``paths``.
    source : str
        The data package.
    """
    curves, paths = tables["manufacturing_range"], tables["paths"]
    figure = blank_figure(
        "Manufacturing rises with income, then falls: six economies in the usual range",
        "Manufacturing, % of GDP, against income per head (2011 US$, log scale). Grey: where half "
        "and four fifths of all economies are at that income; line: median. Marker: last year.",
        f"Source: World Bank, Penn World Table 9.1; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.07, 0.14, 0.74, 0.62))
    by = {q: curves[curves["quantile"] == q] for q in (0.1, 0.25, 0.5, 0.75, 0.9)}
    incomes = by[0.5]["income"].to_numpy()
    for low, high, shade in ((0.1, 0.9, "#eeeeee"), (0.25, 0.75, RULE)):
        ax.fill_between(incomes, by[low]["share"], by[high]["share"], color=shade, lw=0, zorder=1)
    ax.plot(incomes, by[0.5]["share"], color=QUIET, lw=1.6, zorder=2)
    ends = _draw_paths(ax, paths)
    ax.set_xscale("log")
    inside = [t for t in TICKS if incomes[0] * 0.6 <= t <= incomes[-1] * 1.6]
    ax.set_xticks(inside, labels=[f"{t:,}" for t in inside])
    ax.xaxis.minorticks_off()
    _label(ax, ends)
    return figure


def _draw_paths(ax: Axes, paths: pd.DataFrame) -> list[tuple[str, float, str]]:
    ends = []
    for place, (country, rows) in enumerate(paths.groupby("country", sort=False)):
        ordered = rows.sort_values("year")
        colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
        ax.plot(ordered["income"], ordered["share"], color=colour, lw=1.4, zorder=3)
        last = ordered.iloc[-1]
        ax.plot(last["income"], last["share"], marker, color=colour, ms=6, mec="white", zorder=4)
        ends.append((f"{country} {int(last['year'])}", float(last["share"]), colour))
        ax.plot([], [], marker=marker, color=colour, label=ends[-1][0], lw=1.4)
    return ends


def _label(ax: Axes, ends: list[tuple[str, float, str]]) -> None:
    order = np.argsort([-share for _, share, _ in ends])
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(
        [handles[i] for i in order], [labels[i] for i in order],
        loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0,
    )  # fmt: skip
