"""What scenarios do to income: a dot and a bar each, the largest on top."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.reporting.figures.style import INK, Lettering, blank_figure, in_house_style
from forecast.reporting.wording import listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SORTED_BY = 2035
ROW, TEXT_LINE = 0.38, 0.17  # inches
LONGEST = 22
LEFT, RIGHT, GAP = 0.27, 0.985, 0.035  # shares of the width


@in_house_style
def draw_comparison(comparison: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw differences of income, % of that of the scenario compared with, a panel a year.

    Parameters
    ----------
    comparison : pandas.DataFrame
        ``ScenarioComparison.to_frame()``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Dots are medians over paths, bars 80 % of them; hollow where a scenario does not differ
        from that scenario beyond Monte Carlo error. Sorted by 2035, or the last year projected.

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
    others = comparison[comparison["scenario"] != against]
    rows = others if len(others) else comparison
    rows = rows.sort_values(f"income_change_{by}", ascending=False, kind="stable")
    names = [textwrap.fill(lettering.scenarios.get(n, n), LONGEST) for n in rows["scenario"]]
    lines = max(name.count("\n") + 1 for name in names)
    height = 1.75 + max(ROW, TEXT_LINE * lines) * len(rows)
    base = lettering.scenarios.get(against, against)
    figure = blank_figure(
        f"{lettering.country}: income against '{base}' in {listed([str(y) for y in years])}",
        "Dots: median difference of GNI per capita (current US$, Atlas method), path by path on "
        f"shared draws; bars: 80 % of paths. Hollow: no different from '{base}' beyond Monte "
        "Carlo error. Scales differ.",
        f"Source: {lettering.source}.",
        height=height,
    )
    width = (RIGHT - LEFT - GAP * (len(years) - 1)) / len(years)
    for place, year in enumerate(years):
        at = LEFT + place * (width + GAP)
        ax = figure.add_axes((at, 0.72 / height, width, 1 - 1.65 / height))
        _draw_rows(ax, rows, year)
        ax.set_title(str(year), size=10, loc="left")
        ax.set_xlabel("Difference, %")
        _name_rows(ax, names if place == 0 else [""] * len(names))
    return figure


def _draw_rows(ax: Axes, rows: pd.DataFrame, year: int) -> None:
    name = f"income_change_{year}"
    places = np.arange(len(rows))
    low, middle, high = (
        rows[c].to_numpy(dtype=float) for c in (f"{name}_low", name, f"{name}_high")
    )
    ax.axvline(0, color=INK, lw=1.0)
    ax.hlines(places, low, high, color=INK, lw=2.4)
    for place, value, like in zip(places, middle, rows["like"] == rows["against"], strict=True):
        ax.plot(value, place, "o", ms=7, color=INK, mfc="white" if like else INK, mew=1.6)
        ax.annotate(
            f"{round(value, 1) + 0.0:+.1f} %", xy=(1.0, place - 0.28),
            xycoords=("axes fraction", "data"), va="center", ha="right", size=8,
        )  # fmt: skip


def _name_rows(ax: Axes, labels: Sequence[str]) -> None:
    ax.set_yticks(np.arange(len(labels)), labels)
    ax.tick_params(axis="y", length=0, labelsize=10)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
