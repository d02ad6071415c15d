"""Shares of world manufacturing: over the years, and the largest of one year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    MARKERS,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
    label_ends,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 3.9
MARKED = "CHN"
LEAST = 5  # rows that the bars have room for: a single one does not fill the panel


@in_house_style
def draw_world_manufacturing(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw economies' shares by year, and the largest of one year.

    Parameters
    ----------
    tables : mapping
        ``world_manufacturing``, ``by year``.
    source : str
        The data package.

    Returns
    -------
    matplotlib.figure.Figure
        Left: lines, those of the year shown and before full, later ones (which rest on carried
        shares) dotted. Right: bars of the year shown. China is dark.
    """
    table, lines = tables["world_manufacturing"], tables["by year"]
    refuse_empty(table, "world_manufacturing", "no economy has a figure of the year")
    year = int(table["year"].iloc[0])
    rows = table.sort_values("share_carried", ascending=False)
    largest = rows.iloc[0]
    figure = blank_figure(
        f"{largest['name']} made {largest['share_carried']:.0f} % of the world's manufactures in "
        f"{year}",
        "Share of the world's manufacturing value added, %, current US$. An economy without a "
        f"figure keeps its last share of GDP for a few years; {largest['covered']:.0f} % of the "
        f"world's GDP has one of {year}. Dotted: later years, on fewer figures.",
        f"Source: World Bank; {source}; own calculations.",
        height=HEIGHT,
    )
    foot, tall = 0.52 / HEIGHT, 1 - 1.4 / HEIGHT
    _draw_lines(figure.add_axes((0.05, foot, 0.42, tall)), lines, year)
    _draw_bars(figure.add_axes((0.72, foot, 0.25, tall)), rows, year)
    return figure


def _draw_lines(ax: Axes, lines: pd.DataFrame, year: int) -> None:
    wide = lines.set_index("year").drop(columns="covered")
    ends = {}
    for place, country in enumerate(wide):
        own = wide[country].dropna()
        colour, width = (INK, 2.2) if country == MARKED else (QUIET, 1.3)
        sure, later = own[own.index <= year], own[own.index >= year]
        marker = MARKERS[place % len(MARKERS)]
        ax.plot(sure.index, sure, color=colour, lw=width, marker=marker, ms=3.4, markevery=4)
        ax.plot(later.index, later, color=colour, lw=width, ls=(0, (1.2, 1.2)))
        if len(own):
            ends[str(country)] = (float(own.index[-1]), float(own.iloc[-1]), colour)
    ax.set_ylim(bottom=0)
    ax.set_title("By year")
    ax.locator_params(axis="x", integer=True, nbins=5)
    label_ends(ax, ends, 0.06)


def _draw_bars(ax: Axes, rows: pd.DataFrame, year: int) -> None:
    colours = [INK if country == MARKED else RULE for country in rows["country"]]
    ax.barh(rows["name"], rows["share_carried"], color=colours, edgecolor=INK, lw=0.5)
    edge = 0.02 * float(rows["share_carried"].max())
    for place, share in enumerate(rows["share_carried"]):
        ax.text(share + edge, place, f"{share:.1f}", va="center", size=7.8)
    ax.set_ylim(max(len(rows), LEAST) - 0.4, -0.6)
    ax.set_title(f"{year}")
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
