"""Income relative to the United States in two years: who rose above the upper bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import INK, QUIET, RULE, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 5.2
TICKS = (1, 2, 5, 10, 20, 50, 100)
RISEN = "#c4431c"


@in_house_style
def draw_relative_passages(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw each economy's income in the first and last year, those that passed named.

    Parameters
    ----------
    tables : mapping
        ``all economies`` and ``bounds``.
    source : str
        The data package.
    """
    table, bounds = tables["all economies"], tables["bounds"].iloc[0]
    first, last = int(bounds["first"]), int(bounds["last"])
    middle = table["group_first"] == "middle"
    passed = table[middle & (table["group_last"] == "high")]
    figure = blank_figure(
        f"Of {int(middle.sum())} middle-income economies in {first}, {len(passed)} had passed the "
        f"upper bound by {last}",
        f"GDP per head, % of the United States, log scales. Lines: {100 * bounds['low']:g} and "
        f"{100 * bounds['high']:g} %, the bounds of middle income. Marked: middle in {first}, "
        f"above in {last}.",
        f"Source: Penn World Table 9.1; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.08, 0.12, 0.89, 0.70))
    others = table.drop(passed.index)
    ax.plot(100 * others["first"], 100 * others["last"], "o", ms=3.6, mfc="white", mec=QUIET)
    ax.plot(100 * passed["first"], 100 * passed["last"], "D", ms=5.5, color=RISEN, mec=INK)
    _label(ax, passed)
    for bound in (bounds["low"], bounds["high"]):
        ax.axvline(100 * bound, color=INK, lw=0.8, ls=(0, (4, 2)))
        ax.axhline(100 * bound, color=INK, lw=0.8, ls=(0, (4, 2)))
    low, high = 100 * table[["first", "last"]].min().min(), 100 * table[["first", "last"]].max()
    ax.plot([low, 150], [low, 150], color=RULE, lw=1.2, zorder=0)
    ax.set(xscale="log", yscale="log", xlim=(low * 0.9, high["first"] * 1.15))
    ax.set_ylim(low * 0.9, max(high["last"] * 1.25, 110))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(list(TICKS), labels=[str(t) for t in TICKS])
        axis.set_minor_locator(_no_ticks())
    ax.set_xlim(low * 0.9, max(high["first"] * 1.15, 110))
    ax.set_xlabel(f"{first}, % of the United States")
    ax.set_ylabel(f"{last}, % of the United States")
    return figure


def _label(ax: Axes, passed: pd.DataFrame) -> None:
    """Name the marks, each on the side away from its nearest neighbour's."""
    points = np.log(passed[["first", "last"]].to_numpy(dtype=float))
    for k, (country, here) in enumerate(zip(passed["country"], points, strict=True)):
        apart = np.abs(points - here) / (0.35, 0.09)
        near = np.flatnonzero((apart < 1).all(axis=1) & (np.arange(len(points)) != k))
        left = bool(len(near)) and bool((points[near, 0] > here[0]).all())
        ax.annotate(
            country, 100 * np.exp(here), xytext=(-6 if left else 6, -3),
            textcoords="offset points", ha="right" if left else "left", size=8,
        )  # fmt: skip


def _no_ticks() -> object:
    from matplotlib.ticker import NullLocator

    return NullLocator()
