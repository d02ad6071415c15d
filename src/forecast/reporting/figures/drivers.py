"""The driver paths behind the scenarios, one panel a driver."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    WIDTH,
    Lettering,
    blank_figure,
    in_house_style,
    line_styles,
)
from forecast.reporting.regression.labels import heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
FIRST_YEAR_SHOWN = 2000
LAST_YEAR_SHOWN = 2040
PANEL_HEIGHT = 1.62
KEYS = ((3, 52), (2, 52), (2, 40))  # columns of the key, and letters of a label
LETTER, MARK = 0.069, 0.66  # inches: an average letter of the key; a line sample and its gaps


@in_house_style
def draw_drivers(drivers: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw history (black, to the dashed line) and the paths that leave the baseline.

    Parameters
    ----------
    drivers : pandas.DataFrame
        ``drivers.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Drivers that no scenario moves are left out, unless none is moved at all; a panel shows
        only the scenarios that differ from the baseline in it.
    """
    shown = drivers[drivers["year"].between(FIRST_YEAR_SHOWN, LAST_YEAR_SHOWN)]
    names = list(dict.fromkeys(shown["variable"]))
    paths = {
        name: shown[shown["variable"] == name].pivot(
            index="year", columns="scenario", values="value"
        )
        for name in names
    }
    moved = [name for name in names if _moving(paths[name], lettering)] or names
    rows = -(-len(moved) // COLUMNS)
    columns, longest = _key_columns(list(lettering.scenarios.values()))
    legend_rows = -(-len(lettering.scenarios) // columns)
    head, foot = 0.95, 0.5 + 0.2 * legend_rows
    height = head + foot + PANEL_HEIGHT * rows
    figure = blank_figure(
        "What the scenarios assume",
        "History and baseline in black; scenarios where they leave it. The vertical line marks "
        "the first projected year.",
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        rows, COLUMNS, left=0.06, right=0.972, top=1 - head / height,
        bottom=(foot + 0.1) / height, hspace=0.62, wspace=0.24,
    )  # fmt: skip
    for position, name in enumerate(moved):
        ax = figure.add_subplot(grid[position // COLUMNS, position % COLUMNS])
        _draw_panel(ax, name, paths[name], lettering)
    _draw_key(figure, lettering, columns, longest, 0.27 / height)
    return figure


def _moving(wide: pd.DataFrame, lettering: Lettering) -> list[str]:
    """Return the scenarios whose path differs from the baseline's."""
    if lettering.baseline not in wide.columns:
        return [name for name in lettering.scenarios if name in wide.columns]
    base = wide[lettering.baseline].to_numpy(dtype=float)
    return [
        name
        for name in lettering.scenarios
        if name in wide.columns
        and not np.allclose(wide[name].to_numpy(dtype=float), base, rtol=1e-9, equal_nan=True)
    ]


def _draw_panel(ax: Axes, name: str, wide: pd.DataFrame, lettering: Lettering) -> None:
    looks = line_styles(lettering)
    start = lettering.first_projected - 1
    if lettering.baseline in wide.columns:
        base = wide[lettering.baseline].dropna()
        ax.plot(base.index, base, color=INK, lw=1.8, zorder=4)
    for position, scenario in enumerate(_moving(wide, lettering)):
        path = wide.loc[wide.index >= start, scenario].dropna()
        ax.plot(path.index, path, markevery=(2 + position, 5), **looks[scenario])
    ax.axvline(start + 0.5, color=QUIET, lw=0.7, ls=(0, (2, 2)), zorder=1)
    low, high = ax.get_ylim()
    room = 0.06 * (high - low)
    ax.set_ylim(low - room, high + room)
    ax.set_xlim(FIRST_YEAR_SHOWN - 0.5, max(int(wide.index[-1]), start + 1) + 0.5)
    ax.set_xticks([y for y in range(FIRST_YEAR_SHOWN, int(wide.index[-1]) + 1) if y % 10 == 0])
    ax.locator_params(axis="y", nbins=4)
    title, unit = heading(name, lettering.variables.label(name), lettering.variables)
    ax.set_title(textwrap.shorten(title, 36, placeholder=" ..."), pad=14)
    unit = textwrap.shorten(unit, 44, placeholder=" ...")
    ax.text(0, 1.03, unit, transform=ax.transAxes, size=7.5, color=QUIET, va="bottom")


def _key_columns(labels: list[str]) -> tuple[int, int]:
    """Return the columns of the key, and the letters of a label, that fit side by side."""
    for columns, most in KEYS:
        rows = -(-len(labels) // columns)
        longest = [max(map(len, labels[i : i + rows])) for i in range(0, len(labels), rows)]
        if sum(LETTER * min(length, most) + MARK for length in longest) <= WIDTH:
            return columns, most
    return 1, KEYS[0][1]


def _draw_key(
    figure: Figure, lettering: Lettering, columns: int, longest: int, bottom: float
) -> None:
    looks = line_styles(lettering)
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    handles = [
        ax.plot([], [], label=textwrap.shorten(label, longest, placeholder=" ..."), **looks[name])[
            0
        ]
        for name, label in lettering.scenarios.items()
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.005, bottom), ncols=columns,
        handlelength=3.0, columnspacing=1.6, labelspacing=0.45, borderaxespad=0.3,
    )  # fmt: skip
