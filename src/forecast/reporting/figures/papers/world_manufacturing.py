"""Shares of world manufacturing in one year, the largest economies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import INK, RULE, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKED = "CHN"


@in_house_style
def draw_world_manufacturing(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the largest economies' shares as bars, China's dark.

    Parameters
    ----------
    tables : mapping
        ``world_manufacturing``.
    source : str
        The data package.
    """
    table = tables["world_manufacturing"]
    year = int(table["year"].max())
    rows = table[table["year"] == year].sort_values("share")
    largest = rows.iloc[-1]
    height = 1.4 + 0.25 * len(rows)
    figure = blank_figure(
        f"{largest['country']} makes {largest['share']:.0f} % of the world's manufactures",
        f"Share of manufacturing value added, {year}, current US$, of the economies with data "
        f"({largest['covered']:.0f} % of the world's GDP).",
        f"Source: World Bank; {source}; own calculations.",
        height=height,
    )
    ax = figure.add_axes((0.12, 0.5 / height, 0.8, 1 - 1.3 / height))
    colours = [INK if country == MARKED else RULE for country in rows["country"]]
    ax.barh(rows["country"], rows["share"], color=colours, edgecolor=INK, lw=0.5)
    for place, share in enumerate(rows["share"]):
        ax.text(share + 0.4, place, f"{share:.1f}", va="center", size=8)
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return figure
