"""R&D in % of GDP of major economies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import INK, RULE, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKED = "CHN"


@in_house_style
def draw_research(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw R&D as bars, China's dark, its printed figure as a tick.

    Parameters
    ----------
    tables : mapping
        ``figure_1``.
    source : str
        The data package.
    """
    rows = tables["figure_1"].dropna(subset=["value"]).iloc[::-1].reset_index(drop=True)
    place = rows["economy"].eq(MARKED)
    rank = int(len(rows) - rows.index[place][0]) if place.any() else 0
    height = 1.5 + 0.24 * len(rows)
    of = str(rows["of"].iloc[-1])
    figure = blank_figure(
        f"China is number {rank} of {len(rows)} in research spending"
        if rank
        else "Research spending",
        f"R&D, % of GDP, {of}; the tick is China's figure as the paper printed it.",
        f"Source: World Bank; {source}; China Economist (2024), Figure 1; own calculations.",
        height=height,
    )
    ax = figure.add_axes((0.1, 0.55 / height, 0.82, 1 - 1.35 / height))
    colours = [INK if one else RULE for one in place]
    ax.barh(rows["economy"], rows["value"], color=colours, edgecolor=INK, lw=0.5)
    for at, (value, printed) in enumerate(zip(rows["value"], rows["printed"], strict=True)):
        ax.text(value + 0.06, at, f"{value:.2f}", va="center", size=8)
        if pd.notna(printed):
            ax.plot([printed, printed], [at - 0.45, at + 0.45], color="#c4431c", lw=2)
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return figure
