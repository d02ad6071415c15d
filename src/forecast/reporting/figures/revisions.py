"""How one variable was revised between two editions: the subject's series, and everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import KIND_COLOUR, QUIET, blank_figure, in_house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 4.2
BANDS = ((0.05, 0.95), (0.25, 0.75))


@in_house_style
def draw_revisions(
    cells: pd.DataFrame, variable: str, country: str, names: tuple[str, str], label: str
) -> Figure:
    """Draw one country's two series, and the revisions of all countries by year.

    Parameters
    ----------
    cells : pandas.DataFrame
        country, year, variable, before, after, net_percent, change.
    variable, country : str
        Whose rows are drawn.
    names : pair of str
        What the two editions are called.
    label : str
        Of the variable, with its unit.
    """
    rows = cells[cells["variable"] == variable]
    relative = bool(rows["net_percent"].notna().any())
    size = "net_percent" if relative else "change"
    figure = blank_figure(
        f"Revisions of {label}",
        f"Left: {country} in both editions. Right: revisions by year, median and bands of 50 and "
        f"90 % of {rows['country'].nunique()} economies; "
        + ("a change of base, constant over years, is taken out." if relative else "in the unit."),
        f"Before: {names[0]}; after: {names[1]}.",
        height=HEIGHT,
    )
    grid = figure.add_gridspec(
        1, 2, left=0.08, right=0.97, top=1 - 0.9 / HEIGHT, bottom=0.6 / HEIGHT, wspace=0.22
    )
    left, right = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    own = rows[rows["country"] == country].sort_values("year")
    _draw_series(left, own)
    _draw_bands(right, rows, own, size, country)
    right.set_title("Revision, %" if relative else "Revision")
    return figure


def _draw_series(ax: Axes, own: pd.DataFrame) -> None:
    ax.plot(own["year"], own["before"], color=QUIET, linestyle=(0, (5, 2)), label="before")
    ax.plot(own["year"], own["after"], color=KIND_COLOUR["policy"], label="after")
    ax.set_title("The series")
    if len(own):
        ax.legend(loc="upper left")
    else:
        ax.text(0.5, 0.5, "no value in both", transform=ax.transAxes, ha="center", color=QUIET)


def _draw_bands(ax: Axes, rows: pd.DataFrame, own: pd.DataFrame, size: str, country: str) -> None:
    known = rows.dropna(subset=size)
    by_year = known.groupby("year")[size]
    years = np.unique(known["year"].to_numpy())
    for low, high in BANDS:
        ax.fill_between(
            years,
            by_year.quantile(low).to_numpy(),
            by_year.quantile(high).to_numpy(),
            color=QUIET,
            alpha=0.22,
            linewidth=0,
        )
    ax.plot(years, by_year.median().to_numpy(), color=QUIET, label="median")
    ax.plot(own["year"], own[size], color=KIND_COLOUR["policy"], label=country)
    ax.axhline(0, color=QUIET, linewidth=0.7)
    ax.legend(loc="best")
