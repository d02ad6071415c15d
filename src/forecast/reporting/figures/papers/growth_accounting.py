"""Growth of output per worker by source, one bar a span of years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import BAR_LOOKS, INK, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARTS = {"capital": "Capital per worker", "human_capital": "Human capital", "tfp": "TFP"}
HEIGHT = 3.6


@in_house_style
def draw_growth_accounting(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the first economy's growth of output per worker, stacked by source.

    Parameters
    ----------
    tables : mapping
        ``growth_accounting``.
    source : str
        The data package.
    """
    table = tables["growth_accounting"]
    country = str(table["country"].iloc[0])
    rows = table[table["country"] == country].reset_index(drop=True)
    figure = blank_figure(
        f"{country}: where growth of output per worker came from",
        "% a year, log changes. The dot is growth of output per worker, the sum of the parts.",
        f"Source: Penn World Table 9.1; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.08, 0.16, 0.68, 0.58))
    place = np.arange(len(rows))
    above, below = np.zeros(len(rows)), np.zeros(len(rows))
    for (name, label), look in zip(PARTS.items(), BAR_LOOKS, strict=False):
        values = rows[name].to_numpy(dtype=float)
        bottom = np.where(values >= 0, above, below)
        ax.bar(place, values, 0.62, bottom=bottom, label=label, edgecolor=INK, lw=0.5, **look)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    ax.plot(
        place,
        rows["output_per_worker"],
        "o",
        ms=5,
        color=INK,
        mfc="white",
        label="Output per worker",
    )
    ax.axhline(0, color=INK, lw=0.9)
    ax.set_xticks(
        place, labels=[f"{a}-{b}" for a, b in zip(rows["first"], rows["last"], strict=True)]
    )
    ax.tick_params(axis="x", length=0)
    ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0)
    return figure
