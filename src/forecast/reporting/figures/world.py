"""The economies whose passage of a line is most open, and what is said of each."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.crosscountry.world import WorldTable
from forecast.errors import DataError
from forecast.reporting.figures.style import INK, QUIET, RULE, blank_figure, in_house_style
from forecast.specs.line import PUBLISHED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 20
LONGEST = 24  # characters of a name
ROW = 0.21  # inches
OTHERS = "World Bank, IMF, Penn World Table"


@in_house_style
def draw_world(table: WorldTable, source: str) -> Figure:
    """Draw the chances of the economies whose passage is most open: the greatest p (1 - p).

    Parameters
    ----------
    table : WorldTable
        ``economies`` with ``name``.
    source : str
        The data package, for the line at the foot.

    Returns
    -------
    matplotlib.figure.Figure
        One row an economy, at most 20, the likeliest first: a hollow dot for the year in the middle
        of those asked for, a filled one for the last, a grey bar between them.

    Raises
    ------
    DataError
        If no economy is below the line.
    """
    passed = table.chances.dropna(subset="passed")
    if passed.empty:
        raise DataError("figure: no economy is below the line")
    wide = passed.pivot(index="country", columns="year", values="passed")
    first, last = years = _two_years(sorted(set(passed["year"])), table.origin)
    openness = (wide[[first, last]] * (1 - wide[[first, last]])).sum(axis=1)
    most = openness.sort_values(ascending=False, kind="stable").index[:MOST]
    chosen = wide.loc[most].iloc[np.lexsort((wide.loc[most, first], wide.loc[most, last]))[::-1]]
    likely = int((wide[last] > 0.5).sum())
    height = 1.35 + ROW * len(chosen)
    figure = blank_figure(
        f"Economies more likely than not to pass the {PUBLISHED[table.line]} by {last}: {likely}",
        f"Probability, %, of having passed by {last} (filled) and by {first} (hollow), of the "
        f"{len(chosen)} economies for which it is most open. In brackets: income over the line in "
        f"{table.origin}, %.",
        f"Source: {OTHERS}; {source}; own calculations.",
        height=height,
    )
    ax = figure.add_axes((0.3, 0.5 / height, 0.66, 1 - 1.25 / height))
    _draw_rows(ax, chosen, years, _labels(table.economies.set_index("country").loc[chosen.index]))
    return figure


def _labels(economies: pd.DataFrame) -> list[str]:
    shares = (100 * economies["income_over_line"]).round().astype(int)
    return [
        f"{textwrap.shorten(name, LONGEST, placeholder=' ...')} ({share})"
        for name, share in zip(economies["name"], shares, strict=True)
    ]


def _two_years(years: list[int], origin: int) -> tuple[int, int]:
    """Return the asked year nearest to half of the last one's distance, and the last one."""
    last = years[-1]
    half = origin + (last - origin) / 2
    return min(years[:-1] or years, key=lambda year: abs(year - half)), last


def _draw_rows(ax: Axes, chosen: pd.DataFrame, years: tuple[int, int], labels: list[str]) -> None:
    first, last = (100 * chosen[year].to_numpy() for year in years)
    rows = np.arange(len(chosen))
    ax.hlines(rows, first, last, color=RULE, lw=3.2, zorder=2)
    ax.axvline(50, color=QUIET, lw=0.9, ls=(0, (4, 2)), zorder=1)
    ax.plot(first, rows, "o", ms=6, color=INK, mfc="white", mew=1.2, zorder=3)
    ax.plot(last, rows, "o", ms=6, color=INK, zorder=3)
    ax.set_ylim(len(chosen) - 0.4, -0.6)
    ax.set_xlim(0, 100)
    ax.set_yticks(rows, labels=labels)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
