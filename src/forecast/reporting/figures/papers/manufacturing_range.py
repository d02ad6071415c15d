"""Manufacturing's share against income: the usual range, and paths of some economies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    MARKERS,
    RULE,
    blank_figure,
    in_house_style,
    label_ends,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 4.9
TICKS = (500, 1000, 2000, 5000, 10000, 20000, 50000, 100000)
COLOURS = ("#c4431c", "#1f5a9e", "#4d7c2a", "#7a3e8e", "#9a6a00", "#147d7d")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
SMOOTH = 5  # years
BANDS = ((0.1, 0.9, "#ececec"), (0.25, 0.75, RULE))


@in_house_style
def draw_manufacturing_range(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw quantile curves of the share, and the paths on them, the last year marked.

    Parameters
    ----------
    tables : mapping
        ``manufacturing_range``, ``standing``, ``paths``, ``sample``.
    source : str
        The data package.
    """
    curves, paths, standing = (
        tables[name] for name in ("manufacturing_range", "paths", "standing")
    )
    refuse_empty(curves, "manufacturing_range", "no economy has income and a share")
    sample = tables["sample"].iloc[0]
    unit, _, publication = str(sample["income_in"]).partition(", ")
    figure = blank_figure(
        _title(standing),
        f"Manufacturing, % of GDP, against income per head ({unit}, log scale). Grey: the middle "
        "half and four fifths at that income; thick line: median. Paths: five-year means; "
        "marker: last year.",
        f"{sample['economies']} economies, {sample['first']}-{sample['last']}. Source: World "
        f"Bank, {publication}; {source}; own calculations.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.065, 0.15, 0.745, 0.70))
    by = {level: rows for level, rows in curves.groupby("quantile")}
    incomes = by[0.5]["income"].to_numpy()
    for low, high, shade in BANDS:
        ax.fill_between(incomes, by[low]["share"], by[high]["share"], color=shade, lw=0, zorder=1)
    ax.plot(incomes, by[0.5]["share"], color=INK, lw=2.2, zorder=2)
    ends = _draw_paths(ax, paths, list(standing["country"]))
    ax.set_xscale("log")
    ax.set_ylim(bottom=0)
    low, high = ax.get_xlim()
    inside = [tick for tick in TICKS if low <= tick <= high]
    ax.set_xticks(inside, labels=[f"{tick:,}" for tick in inside])
    ax.xaxis.minorticks_off()
    ax.set_xlabel(f"Income per head, {unit}, log scale")
    label_ends(ax, ends, gap=0.052, aside=1.03)
    return figure


def _title(standing: pd.DataFrame) -> str:
    if standing.empty:
        return "The usual share of manufacturing at an income"
    first = standing.iloc[0]
    return (
        f"{first['country']}: {first['share']:.0f} % of GDP in manufacturing in {first['year']}, "
        f"where {first['usual']:.0f} % is usual at its income"
    )


def _draw_paths(
    ax: Axes, paths: pd.DataFrame, order: list[str]
) -> dict[str, tuple[float, float, str]]:
    ends = {}
    for place, country in enumerate(order):
        rows = paths[paths["country"] == country].sort_values("year")
        colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
        dash = DASHES[place % len(DASHES)]
        line = _smooth(rows)
        ax.plot(line["income"], line["share"], color=colour, ls=dash, lw=1.7, zorder=3)
        first, last = rows.iloc[0], rows.iloc[-1]
        ax.plot(
            last["income"], last["share"], marker, ms=7, color=colour, mec="white", zorder=4
        )  # fmt: skip
        label = f"{country} {int(first['year'])}-{int(last['year'])}"
        ends[label] = (float(last["income"]), float(last["share"]), colour)
    return ends


def _smooth(rows: pd.DataFrame) -> pd.DataFrame:
    """Return means of five years, counted back from the last, and that year itself as the end."""
    last = rows["year"].max()
    means = rows.groupby(-((last - rows["year"]) // SMOOTH))[["income", "share"]].mean()
    return pd.concat([means, rows.tail(1)[["income", "share"]]])
