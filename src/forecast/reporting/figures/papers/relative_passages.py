"""Income relative to the United States in two years: who rose above the upper bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 5.2
TICKS = (1, 2, 5, 10, 20, 50, 100)
RISEN = "#c4431c"
MARK, NAME, DOT, LINE = 0.09, (0.27, 0.10), 0.05, 0.03  # inches: of each
SIDES = (  # inches: of a name to its mark
    (0.21, 0.0), (-0.21, 0.0), (0.0, 0.12), (0.0, -0.12),
    (0.19, 0.08), (0.19, -0.08), (-0.19, 0.08), (-0.19, -0.08), (0.0, 0.2), (0.0, -0.2),
    (-0.03, 0.13), (0.03, 0.13), (-0.03, -0.13), (0.03, -0.13),
    (0.25, 0.16), (0.25, -0.16), (-0.25, 0.16), (-0.25, -0.16),
)  # fmt: skip

Box = tuple[float, float, float, float]


@in_house_style
def draw_relative_passages(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw each economy's income in the first and last year, those that passed named.

    Parameters
    ----------
    tables : mapping
        ``all economies``, ``bounds``, and ``relative_passages``: those asked for are named too.
    source : str
        The data package.
    """
    table = tables["all economies"]
    refuse_empty(table, "relative_passages", "no economy has income in both years")
    bounds = tables["bounds"].iloc[0]
    first, last = int(bounds["first"]), int(bounds["last"])
    middle = table["group_first"] == "middle"
    passed = table[middle & (table["group_last"] == "high")]
    chosen = tables["relative_passages"]["country"]
    asked = table[table["country"].isin(chosen)].drop(passed.index, errors="ignore")
    figure = blank_figure(
        f"Of {int(middle.sum())} middle-income economies in {first}, {len(passed)} had passed the "
        f"upper bound by {last}",
        f"GDP per head, % of the United States, log scales. Lines: {100 * bounds['low']:g} and "
        f"{100 * bounds['high']:g} %, the bounds of middle income. Marked: middle in {first}, "
        f"above in {last}." + (" Square: asked for." if len(asked) else ""),
        f"Source: Penn World Table 9.1; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.08, 0.12, 0.89, 0.70))
    others = table.drop([*passed.index, *asked.index])
    ax.plot(100 * others["first"], 100 * others["last"], "o", ms=3.6, mfc="white", mec=QUIET)
    ax.plot(100 * passed["first"], 100 * passed["last"], "D", ms=5.5, color=RISEN, mec=INK)
    ax.plot(100 * asked["first"], 100 * asked["last"], "s", ms=5.5, color=INK)
    for bound in (bounds["low"], bounds["high"]):
        ax.axvline(100 * bound, color=INK, lw=0.8, ls=(0, (4, 2)))
        ax.axhline(100 * bound, color=INK, lw=0.8, ls=(0, (4, 2)))
    low, high = 100 * table[["first", "last"]].min().min(), 100 * table[["first", "last"]].max()
    ax.plot([low, 150], [low, 150], color=RULE, lw=1.2, zorder=0)
    ax.set(xscale="log", yscale="log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(list(TICKS), labels=[str(t) for t in TICKS])
    ax.minorticks_off()
    ax.set_xlim(low * 0.9, max(high["first"] * 1.15, 110))
    ax.set_ylim(low * 0.9, max(high["last"] * 1.25, 110))
    _label(ax, pd.concat([passed, asked]), table, bounds, figure.dpi)
    ax.set_xlabel(f"{first}, % of the United States")
    ax.set_ylabel(f"{last}, % of the United States")
    return figure


def _label(
    ax: Axes, named: pd.DataFrame, table: pd.DataFrame, bounds: pd.Series, dpi: float
) -> None:
    """Name each mark on the side where the name meets least: names and marks, dots, bounds."""
    places = 100 * named[["first", "last"]].to_numpy(dtype=float)
    inches = ax.transData.transform(places) / dpi
    marks = [_box(x, y, MARK, MARK) for x, y in inches]
    dots = 100 * table.drop(named.index)[["first", "last"]].to_numpy(dtype=float)
    lines = 100 * bounds[["low", "high"]].to_numpy(dtype=float)
    light = [_box(x, y, DOT, DOT) for x, y in ax.transData.transform(dots) / dpi]
    for x, y in ax.transData.transform(np.column_stack([lines, lines])) / dpi:
        light += [_box(x, y, LINE, 99), _box(x, y, 99, LINE)]
    names: list[Box] = []
    for k, (country, place) in enumerate(zip(named["country"], places, strict=True)):
        x, y = inches[k]
        heavy = [*marks[:k], *marks[k + 1 :], *names]
        boxes = {(dx, dy): _box(x + dx, y + dy, *NAME) for dx, dy in SIDES}
        met = {
            side: sum(_meet(box, one) for one in light) + 9 * sum(_meet(box, one) for one in heavy)
            for side, box in boxes.items()
        }
        side = min(SIDES, key=lambda one: met[one])
        names.append(boxes[side])
        ax.annotate(
            country, (place[0], place[1]), xytext=(72 * side[0], 72 * side[1]),
            textcoords="offset points", ha="center", va="center", size=8,
            bbox={"fc": "white", "ec": "none", "pad": 0.4},
        )  # fmt: skip


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
