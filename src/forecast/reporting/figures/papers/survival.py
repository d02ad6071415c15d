"""How long upper-middle spells last, and which way they end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import INK, RULE, blank_figure, in_house_style, refuse_empty

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 3.8
LINES = {
    "survival": ("Still upper middle", INK, "-"),
    "left_up": ("Became high income", "#1f5a9e", (0, (5, 2))),
    "left_down": ("Fell to lower middle", "#c4431c", (0, (1.2, 1.4))),
}


@in_house_style
def draw_survival(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the shares of spells still on, ended upward and ended downward, by years.

    Parameters
    ----------
    tables : mapping
        ``survival``.
    source : str
        The data package.
    """
    table = tables["survival"]
    refuse_empty(table, "survival", "no spell of upper middle income ended in the record")
    half = table.loc[table["survival"] < 0.5, "years"]
    title = (
        f"Half of upper-middle spells end within {int(half.iloc[0])} years, more upward than down"
        if len(half) and table["left_up"].iloc[-1] > table["left_down"].iloc[-1]
        else "How long upper-middle spells last, and which way they end"
    )
    figure = blank_figure(
        title,
        "Share of spells that began in the record, %, by years since they began; spells still on "
        "count as long as seen. Grey: 95 % of the share still upper middle (Greenwood).",
        f"Source: World Bank; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.07, 0.16, 0.70, 0.60))
    years = np.r_[0, table["years"], table["years"].iloc[-1] + 1]
    low, high = (100 * np.r_[1, table[c], table[c].iloc[-1]] for c in ("low", "high"))
    ax.fill_between(years, low, high, step="post", color=RULE, lw=0, zorder=1)
    for name, (label, colour, dash) in LINES.items():
        shares = 100 * np.r_[name == "survival", table[name], table[name].iloc[-1]]
        ax.step(years, shares, where="post", color=colour, ls=dash, lw=1.8, label=label, zorder=3)
    ax.set_ylim(0, 100)
    ax.set_xlim(0, years[-1])
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel("Years since the spell began")
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0)
    return figure
