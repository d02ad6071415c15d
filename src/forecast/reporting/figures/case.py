"""One economy's past forecasts and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import INK, KIND_COLOUR, QUIET, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 3.5
WIDE = 8.0  # ratio of the axis: three doublings
MARKS = ("o", "s", "^", "D", "v")


@in_house_style
def draw_case(case: pd.DataFrame, name: str, source: str) -> Figure:
    """Draw the recorded path of output per capita and the fans said at past origins.

    Parameters
    ----------
    case : pandas.DataFrame
        From `case_file`: ``country, origin, year, variable, value``.
    name, source : str
        Of the economy; package and table.

    Returns
    -------
    matplotlib.figure.Figure
        Log scale: equal distances are equal rates of growth.
    """
    figure = blank_figure(
        f"{name}: what the method said, and what came",
        "Output per capita at constant prices, first recorded year = 100, log scale. Black: "
        "recorded; band: 80 % interval said in the year of the mark, with its median.",
        f"Source: {source}.",
        height=HEIGHT,
    )
    ax = figure.add_axes((0.07, 0.13, 0.9, 0.67))
    recorded = case[case["variable"] == "recorded"].set_index("year")["value"]
    origins = sorted(int(year) for year in case["origin"].unique() if year)
    for position, origin in enumerate(origins):
        _draw_fan(ax, case[case["origin"] == origin], origin, position)
    ax.plot(recorded.index, recorded.to_numpy(), color=INK, linewidth=1.9, zorder=5)
    ax.set_yscale("log")
    _plain_ticks(ax)
    ax.set_xlim(recorded.index.min(), max(case["year"].max(), recorded.index.max()) + 1)
    return figure


def _draw_fan(ax: Axes, said: pd.DataFrame, origin: int, position: int) -> None:
    wide = said.pivot(index="year", columns="variable", values="value")
    years = wide.index.to_numpy()
    ax.fill_between(
        years,
        wide["low_80"],
        wide["high_80"],
        facecolor=KIND_COLOUR["policy"],
        alpha=0.22,
        linewidth=0,
        zorder=2,
    )
    ax.plot(years, wide["median"], color=KIND_COLOUR["policy"], linewidth=1.1, zorder=3)
    ax.plot(
        [origin],
        [wide["median"].iloc[0]],
        marker=MARKS[position % len(MARKS)],
        markersize=5,
        markerfacecolor="white",
        markeredgecolor=INK,
        zorder=6,
    )
    ax.annotate(
        str(origin),
        (origin, wide["median"].iloc[0]),
        xytext=(0, 9),
        textcoords="offset points",
        ha="center",
        size=7.5,
        color=QUIET,
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
    )


def _plain_ticks(ax: Axes) -> None:
    """Write 100, 200, 400, ... in place of powers of ten, and their halves where those are few."""
    low, high = ax.get_ylim()
    ticks = [100 * 2.0**k for k in range(-4, 9)]
    if high / low < WIDE:
        ticks += [1.5 * tick for tick in ticks]
    ticks = sorted(tick for tick in ticks if low <= tick <= high)
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
