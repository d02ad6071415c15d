"""Probabilities said beside shares that came: one panel a horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import INK, QUIET, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENOUGH = 30  # cases that fill a mark
COLUMNS = 2
LOW = 0.07  # share below which the count stands above the mark, clear of the axis
TIED, FREE = "#dedede", "#a3a3a3"
PANEL = 2.3  # inches


@in_house_style
def draw_reliability(reliability: pd.DataFrame, source: str) -> Figure:
    """Draw what was said against what came, with the bands that right probabilities keep to.

    Parameters
    ----------
    reliability : pandas.DataFrame
        ``horizon`` (years), ``forecast``, ``observed``, ``n``, ``resampled_low, resampled_high``,
        ``block_low, block_high`` (NaN: not drawn): tables of ``consistency_bands``, stacked.
    source : str
        Line at the foot.

    Returns
    -------
    matplotlib.figure.Figure
        Bands are grey, light by country and dark for independent cases; marks are filled from
        ``ENOUGH`` cases on, and the count is written beside each.
    """
    horizons = sorted(reliability["horizon"].unique())
    rows = -(-len(horizons) // COLUMNS)
    height = 1.25 + rows * (PANEL + 0.45)
    figure = blank_figure(
        "Passing the high-income line: probability said and share that came",
        "Tenths of probability. Boxes hold 90 % of what right probabilities would show: dark, were "
        f"cases independent; light, by country. Filled: {ENOUGH} cases or more; numbers: cases.",
        f"Source: {source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        rows,
        COLUMNS,
        left=0.085,
        right=0.985,
        top=1 - 0.95 / height,
        bottom=0.72 / height,
        wspace=0.16,
        hspace=0.27,
    )
    for k, horizon in enumerate(horizons):
        ax = figure.add_subplot(grid[k // COLUMNS, k % COLUMNS])
        _panel(ax, reliability[reliability["horizon"] == horizon])
        ax.set_title(f"Within {horizon} year{'s' if horizon > 1 else ''}")
        if k % COLUMNS == 0:
            ax.set_ylabel("Share that passed")
        if k // COLUMNS == rows - 1:
            ax.set_xlabel("Probability said, mean of the tenth")
    return figure


def _panel(ax: Axes, table: pd.DataFrame) -> None:
    ax.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2)
    for band, colour, width in (("block", TIED, 0.056), ("resampled", FREE, 0.026)):
        low, high = table[f"{band}_low"], table[f"{band}_high"]
        ax.bar(table["forecast"], high - low, width, low, color=colour, zorder=1)
    numbers = (table[c].to_numpy(dtype=float) for c in ("forecast", "observed", "n"))
    for said, came, n in zip(*numbers, strict=True):
        ax.plot(
            said,
            came,
            marker="o",
            markersize=5,
            markerfacecolor=INK if n >= ENOUGH else "white",
            markeredgecolor=INK,
            markeredgewidth=1.0,
            zorder=3,
        )
        above = came < LOW
        ax.annotate(
            f"{n:,.0f}",
            (said, came),
            xytext=(5.5, 2.5 if above else -2.5),
            textcoords="offset points",
            size=6.8,
            color=INK,
            va="bottom" if above else "top",
            zorder=4,
        )
    ax.set_xlim(0, 1.03)
    ax.set_ylim(-0.02, 1.03)
    ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
