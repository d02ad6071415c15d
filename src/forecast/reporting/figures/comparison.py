"""What scenarios do to income: a dot and a bar each, the largest on top, and a table below."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.reporting.figures.comparison_table import NOTE_HEIGHT, draw_table, table_rows
from forecast.reporting.figures.style import FAINT, INK, Lettering, blank_figure, in_house_style
from forecast.reporting.wording import dollars, listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SORTED_BY = 2035
ROW, TEXT_LINE = 0.4, 0.17  # inches
TOP, AXIS = 0.95, 0.55  # inches above the panels, and for their axes
LONGEST, LINE = 30, 50  # letters of a name: beside the panels, in the title
LEFT, RIGHT, GAP = 0.27, 0.985, 0.035  # shares of the width


@in_house_style
def draw_comparison(comparison: pd.DataFrame, moves: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw differences of income, % of that of the scenario compared with, a panel a year.

    Parameters
    ----------
    comparison : pandas.DataFrame
        ``ScenarioComparison.to_frame()``.
    moves : pandas.DataFrame
        ``ScenarioComparison.moves``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Dots are medians over paths, bars 80 % of them; hollow and grey where the year's difference
        is not beyond Monte Carlo error. Sorted by 2035, or the last year projected. The table below
        has growth, passage, precedent, and each driver with its part and whether its own effect is
        told from zero.

    Raises
    ------
    DataError
        If none of the years is projected.
    """
    asked = [int(str(name)[7:]) for name in comparison if re.fullmatch(r"income_\d{4}", str(name))]
    years = [year for year in sorted(asked) if comparison[f"income_{year}"].notna().any()]
    if not years:
        raise DataError(f"comparison: none of {', '.join(map(str, sorted(asked)))} is projected")
    by = SORTED_BY if SORTED_BY in years else years[-1]
    against = str(comparison["against"].iloc[0])
    first = comparison[comparison["scenario"] == against]
    others = comparison[comparison["scenario"] != against]
    others = others.sort_values(f"income_change_{by}", ascending=False, kind="stable")
    rows = others if len(others) else comparison
    told = table_rows(pd.concat([first, others]), moves, lettering, years[-1])
    below = sum(row.height for row in told) + AXIS + NOTE_HEIGHT + 0.25
    names = [textwrap.fill(lettering.scenarios.get(n, n), LONGEST) for n in rows["scenario"]]
    room = max(ROW, TEXT_LINE * max(name.count("\n") + 1 for name in names)) * len(rows)
    height = TOP + room + below
    base = textwrap.shorten(lettering.scenarios.get(against, against), LINE, placeholder=" ...")
    figure = blank_figure(
        f"{lettering.country}: income against '{base}' in {listed([str(y) for y in years])}",
        "Dots: median difference of GNI per capita (current US$, Atlas method), path by path on "
        "shared draws; bars: 80 % of paths. Grey, hollow: not beyond Monte Carlo error. Scales "
        f"differ; heads: median of '{textwrap.shorten(base, LONGEST, placeholder=' ...')}'.",
        f"Source: {lettering.source}.",
        height=height,
    )
    width = (RIGHT - LEFT - GAP * (len(years) - 1)) / len(years)
    for place, year in enumerate(years):
        at = LEFT + place * (width + GAP)
        ax = figure.add_axes((at, below / height, width, room / height))
        _draw_rows(ax, rows, year)
        ax.set_title(f"{year}: {dollars(first[f'income_{year}'].iloc[0])} US$", size=9, loc="left")
        ax.set_xlabel("Difference, %")
        _name_rows(ax, names if place == 0 else [""] * len(names))
    draw_table(figure, told, below - AXIS, height)
    return figure


def _draw_rows(ax: Axes, rows: pd.DataFrame, year: int) -> None:
    name = f"income_change_{year}"
    ax.axvline(0, color=INK, lw=1.0)
    for place, row in enumerate(rows.to_dict("records")):
        differs = bool(row[f"differs_{year}"])
        look = INK if differs else FAINT
        value = float(row[name])
        ax.hlines(place, float(row[f"{name}_low"]), float(row[f"{name}_high"]), color=look, lw=2.4)
        ax.plot(value, place, "o", ms=7, color=look, mfc=INK if differs else "white", mew=1.6)
        ax.annotate(
            f"{round(value, 1) + 0.0:+.1f} %", xy=(1.0, place - 0.28),
            xycoords=("axes fraction", "data"), va="center", ha="right", size=8, color=look,
        )  # fmt: skip


def _name_rows(ax: Axes, labels: Sequence[str]) -> None:
    ax.set_yticks(np.arange(len(labels)), labels)
    ax.tick_params(axis="y", length=0, labelsize=8.5)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
