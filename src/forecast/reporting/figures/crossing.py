"""Probability that income has passed the line by each year, all scenarios."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    Lettering,
    blank_figure,
    in_house_style,
    label_ends,
    line_styles,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAST_YEAR_SHOWN, MOST = 2040, 0.9
SMALL = 30  # %; where nothing is higher, the scale ends with the line
MARK_EVERY = 3
LABEL_HEIGHT = 0.33  # inches: room for a label of two lines


@in_house_style
def draw_crossing(probability: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw P(crossed by year) and, beside it, each scenario's difference from the baseline.

    Parameters
    ----------
    probability : pandas.DataFrame
        ``crossing_probability.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        The lines of the left panel lie close together; the right one sets them apart and names
        them at their ends. Colour and dash show the kind of scenario, the marker which one. The
        baseline alone has one panel. Years end in 2040, or at the horizon where 90 % of the
        baseline's paths have not passed by then.
    """
    far = probability[probability["scenario"] == lettering.baseline].set_index("year")["p_crossed"]
    done = far[far >= MOST].index.min()
    last_year = LAST_YEAR_SHOWN if done <= LAST_YEAR_SHOWN else int(far.index[-1])
    shown = probability[probability["year"] <= last_year]
    wide = 100 * shown.pivot(index="year", columns="scenario", values="p_crossed")
    wide = wide[[name for name in lettering.scenarios if name in wide.columns]]
    apart = wide.sub(wide[lettering.baseline], axis=0)
    height = max(4.4, 1.3 + LABEL_HEIGHT * wide.shape[1])
    alone = wide.shape[1] == 1
    mixed = "mixture" in (lettering.kinds.get(name) for name in wide.columns)
    last = "grey, dotted: benchmark" + ("; purple, dash-dotted: mixture. " if mixed else ". ")
    figure = blank_figure(
        f"Probability that {lettering.country} has passed the {lettering.line}",
        "Share of simulated paths above the line in that year or an earlier one. "
        + (
            ""
            if alone
            else f"Black: baseline; blue: policy; orange, dashed: risk; {last}"
            "Same marks in both panels."
        ),
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        1,
        1 if alone else 2,
        left=0.07,
        right=0.97 if alone else 0.755,
        top=1 - 0.9 / height,
        bottom=0.55 / height,
        wspace=0.24,
    )
    left = figure.add_subplot(grid[0])
    _draw_lines(left, wide, lettering)
    left.set_ylim(0, 100 if wide.to_numpy().max() > SMALL else None)
    left.set_title("Passed by the end of the year, %")
    if alone:
        return figure
    right = figure.add_subplot(grid[1])
    _draw_lines(right, apart, lettering)
    right.set_title("Difference from baseline, points")
    _name_lines(right, apart, lettering)
    return figure


def _draw_lines(ax: Axes, wide: pd.DataFrame, lettering: Lettering) -> None:
    looks = line_styles(lettering)
    for position, name in enumerate(wide.columns):
        start = position % MARK_EVERY  # staggered, so that marks of close lines do not cover
        ax.plot(wide.index, wide[name], markevery=(start, MARK_EVERY), **looks[name])
    first, last = int(wide.index[0]), int(wide.index[-1])
    ax.set_xlim(first - 0.3, last + 0.3)
    ax.set_xticks([year for year in range(first, last + 1) if year % 5 == 0])


def _name_lines(ax: Axes, apart: pd.DataFrame, lettering: Lettering) -> None:
    looks = line_styles(lettering)
    last = int(apart.index[-1])
    ends = {
        textwrap.fill(lettering.scenarios[name], 27): (
            float(last),
            float(apart[name].iloc[-1]),
            str(looks[name].get("color", INK)),
        )
        for name in apart.columns
    }
    low, high = ax.get_ylim()
    ax.set_ylim(low, high)
    label_ends(ax, ends, gap=0.98 / max(len(ends) - 1, 10))
