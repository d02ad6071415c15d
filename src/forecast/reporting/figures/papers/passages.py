"""Passages of the high-income line by year: up above the axis, down below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.reporting.figures.style import (
    BAR_LOOKS,
    INK,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 3.6
UP, DOWN = BAR_LOOKS[0], BAR_LOOKS[1]


@in_house_style
def draw_passages(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the number of economies that rose above and fell below the high-income line by year.

    Parameters
    ----------
    tables : mapping
        ``passages`` by year.
    source : str
        The data package.

    Raises
    ------
    DataError
        If the table is of single economies.
    """
    table = tables["passages"]
    if "up" not in table:
        raise DataError("figure passages: is of all economies: leave out --countries")
    rows = table[table["boundary"] == "high"]
    refuse_empty(rows, "passages", "nobody passed the high-income line")
    up, down = int(rows["up"].sum()), int(rows["down"].sum())
    figure = blank_figure(
        f"For every two passages into high income there was one back out: {up} and {down}"
        if 0.4 < down / up < 0.6
        else f"Passages into high income, {up}, and back out, {down}",
        "Economies that rose above (up) or fell below (down) the World Bank's high-income line, by "
        "year of the data. An economy counts each time.",
        f"Source: World Bank; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.06, 0.15, 0.91, 0.56))
    ax.bar(rows["year"], rows["up"], 0.8, edgecolor=INK, lw=0.5, label="Up", **UP)
    ax.bar(rows["year"], -rows["down"], 0.8, edgecolor=INK, lw=0.5, label="Down", **DOWN)
    ax.axhline(0, color=INK, lw=0.9)
    low, high = -int(rows["down"].max()), int(rows["up"].max())
    ticks = np.arange(2 * (low // 2), high + 2, 2)
    ax.set_yticks(ticks, labels=[f"{abs(t)}" for t in ticks])
    ax.set_xlim(rows["year"].min() - 0.8, rows["year"].max() + 0.8)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.2)
    return figure
