"""How many economies of each class were still in it a year later, by decade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    MARKERS,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 3.8
NAMES = {"L": "Low", "LM": "Lower middle", "UM": "Upper middle", "H": "High"}
COLOURS = ("#8c8c8c", "#1f5a9e", "#4d7c2a", "#c4431c", "#7a3e8e")


@in_house_style
def draw_transitions(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the diagonals of the decades' matrices with their intervals.

    Parameters
    ----------
    tables : mapping
        ``transitions``.
    source : str
        The data package.
    """
    cells = tables["transitions"]
    stays = cells[cells["from_class"] == cells["to_class"]].dropna(subset=["share"])
    refuse_empty(stays, "transitions", "no economy has a class in two years running")
    spans = list(dict.fromkeys(zip(stays["first"], stays["last"], strict=True)))
    spans = spans[:-1] or spans  # the whole record is the last
    shown = stays[[s in spans for s in zip(stays["first"], stays["last"], strict=True)]]
    figure = blank_figure(
        f"In a year {100 * (1 - shown['share'].max()):.0f} to "
        f"{100 * (1 - shown['share'].min()):.0f} % of a class's economies leave it",
        "Economies that were in the same class a year later, %, by decade; intervals of 95 % "
        "(Jeffreys) that take economies' years as independent.",
        f"Source: World Bank; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.07, 0.13, 0.72, 0.62))
    for k, (first, last) in enumerate(spans):
        rows = shown[(shown["first"] == first) & (shown["last"] == last)]
        place = [list(NAMES).index(c) + 0.17 * (k - (len(spans) - 1) / 2) for c in rows["to_class"]]
        share, low, high = (100 * rows[c].to_numpy(dtype=float) for c in ("share", "low", "high"))
        ax.errorbar(
            place, share, np.abs(np.stack([share - low, high - share])), ls="",
            marker=MARKERS[k], ms=5.5, color=COLOURS[k % len(COLOURS)], mec=INK, mew=0.6,
            lw=1.3, label=f"{first}-{last}",
        )  # fmt: skip
    ax.set_xticks(range(len(NAMES)), labels=list(NAMES.values()))
    ax.tick_params(axis="x", length=0)
    ax.set_xlim(-0.5, len(NAMES) - 0.5)
    low = ax.get_ylim()[0]
    ax.set_ylim(top=100 + 0.035 * (100 - low))
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0, title="Arrival in")
    return figure
