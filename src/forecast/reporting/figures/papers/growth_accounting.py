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

    Returns
    -------
    matplotlib.figure.Figure
        A bar a span; parts differ by colour and hatch, those below zero take away; the dot is
        growth of output per worker, their sum.
    """
    table = tables["growth_accounting"]
    rows = table[table["country"] == table["country"].iloc[0]].reset_index(drop=True)
    sums = {part: float((rows[part] * (rows["last"] - rows["first"])).sum()) for part in PARTS}
    most = max(sums, key=lambda part: sums[part])
    source_of = PARTS[most] if most == "tfp" else PARTS[most].lower()
    figure = blank_figure(
        f"{rows['name'].iloc[0]}: {source_of} was the largest source of growth of output per "
        "worker",
        "Growth of output per worker and its sources, % a year (log changes). The dot is the sum "
        "of the parts.",
        f"Source: Penn World Table 9.1; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.05, 0.145, 0.72, 0.68))
    place = np.arange(len(rows))
    above, below = np.zeros(len(rows)), np.zeros(len(rows))
    for (name, label), look in zip(PARTS.items(), BAR_LOOKS, strict=False):
        values = rows[name].to_numpy(dtype=float)
        bottom = np.where(values >= 0, above, below)
        ax.bar(place, values, 0.62, bottom=bottom, label=label, edgecolor=INK, lw=0.5, **look)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    sum_of = rows["output_per_worker"]
    ax.plot(place, sum_of, "o", ms=5.5, color=INK, mfc="white", mew=1.3, label="Output per worker")
    ax.axhline(0, color=INK, lw=0.9)
    spans = [f"{a}-{b}" for a, b in zip(rows["first"], rows["last"], strict=True)]
    ax.set_xticks(place, labels=spans)
    ax.tick_params(axis="x", length=0)
    handles, labels = ax.get_legend_handles_labels()
    order = [labels.index(label) for label in (*reversed(PARTS.values()), "Output per worker")]
    ax.legend(
        [handles[i] for i in order], [labels[i] for i in order],
        loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0,
    )  # fmt: skip
    return figure
