"""The probability of passing the line in time against the effort made for it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.projection.require.record import GROWTH
from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    Lettering,
    blank_figure,
    in_house_style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIXED = {"by", "asked", "effort", "probability", "mc_error", "gain", "gain_error"}
BAND = 1.96
COLOUR = "#1f5a9e"
TICKS = 8
LONGEST = 36
ROW = 0.17  # inches: one line of tick labels


@in_house_style
def draw_frontier(frontier: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw P(passed by the year asked) against effort, with the drivers' values below the axis.

    Parameters
    ----------
    frontier : pandas.DataFrame
        ``Requirement.frontier``.
    lettering : Lettering
        ``source``, ``country`` and ``variables`` are used.

    Returns
    -------
    matplotlib.figure.Figure
        Band: twice 1.96 Monte Carlo errors. Open circle: no departure; dot: the least effort, where
        one reaches the probability asked.
    """
    drivers = [name for name in frontier.columns if name not in FIXED]
    by, asked = int(frontier["by"].iloc[0]), float(frontier["asked"].iloc[0])
    foot = 0.42 + ROW * (len(drivers) + 1)
    height = 3.5 + foot
    figure = blank_figure(
        f"What it takes to pass the high-income line by {by}",
        f"{lettering.country}: share of simulated paths that have passed it, by effort; below the "
        f"axis the drivers' values in {by}. Band: 95 % by Monte Carlo error. Circle: no departure; "
        "dot: the least effort that reaches the probability asked.",
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        1, 1, left=0.3, right=0.965, top=1 - 0.95 / height, bottom=foot / height
    )
    ax = figure.add_subplot(grid[0])
    _draw_curve(ax, frontier, asked)
    _write_values(ax, frontier, drivers, lettering)
    ax.set_title("Passed in time, %")
    return figure


def _draw_curve(ax: Axes, frontier: pd.DataFrame, asked: float) -> None:
    effort = frontier["effort"].to_numpy()
    share, error = (100 * frontier[name].to_numpy() for name in ("probability", "mc_error"))
    ax.fill_between(effort, share - BAND * error, share + BAND * error, color=RULE, lw=0, zorder=1)
    ax.plot(effort, share, color=COLOUR, lw=1.8, zorder=3)
    ax.axhline(100 * asked, color=INK, lw=0.9, ls=(0, (4, 2)), zorder=2)
    ax.annotate(
        f"asked: {100 * asked:.3g} %",
        xy=(1, 100 * asked),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 3),
        textcoords="offset points",
        ha="right",
        size=7.8,
    )
    mark: dict[str, Any] = {
        "color": COLOUR,
        "ms": 6,
        "zorder": 4,
        "ls": "none",
        "marker": "o",
        "clip_on": False,
    }
    zero = int(np.argmin(np.abs(effort)))
    ax.plot(effort[zero], share[zero], markerfacecolor="white", **mark)
    reached = np.flatnonzero(frontier["probability"].to_numpy() >= asked)
    if len(reached) and zero not in reached:
        found = reached[np.argmin(np.abs(effort[reached]))]
        ax.plot(effort[found], share[found], **mark)
    low = min((share - BAND * error).min(), 100 * asked)
    high = max((share + BAND * error).max(), 100 * asked)
    room = max(0.15 * (high - low), 1.0)
    ax.set_ylim(max(low - room, 0.0), min(high + room, 100.0))


def _write_values(
    ax: Axes, frontier: pd.DataFrame, drivers: list[str], lettering: Lettering
) -> None:
    """Write effort and each driver's value under every tick, their names left of the axis."""
    effort = frontier["effort"].to_numpy()
    low, high = (float(effort[0]), float(effort[-1])) if len(effort) > 1 else (-1.0, 1.0)
    ax.set_xlim(low, high)
    ax.locator_params(axis="x", nbins=TICKS)
    ticks = np.array([tick for tick in ax.get_xticks() if low <= tick <= high])
    rows = [np.char.mod("%.3g", np.round(ticks, 12))]
    rows += [np.char.mod("%.3g", np.interp(ticks, effort, frontier[name])) for name in drivers]
    ax.set_xticks(ticks, ["\n".join(column) for column in zip(*rows, strict=True)])
    names = [_name(name, lettering) for name in drivers]
    ax.annotate(
        "\n".join(["Effort", *names]),
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(-22, -6.5),
        textcoords="offset points",
        ha="right",
        va="top",
        size=8,
        color=QUIET,
    )


def _name(driver: str, lettering: Lettering) -> str:
    if driver == GROWTH:
        return "Productivity growth, % a year"
    return textwrap.shorten(lettering.variables.label(driver), LONGEST, placeholder=" ...")
