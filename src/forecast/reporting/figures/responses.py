"""What one point more of a driver does to the level of output per worker, one panel a driver."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.projection.explain.responses import POOL
from forecast.reporting.figures.style import (
    INK,
    MARKERS,
    QUIET,
    RULE,
    Lettering,
    blank_figure,
    in_house_style,
)
from forecast.reporting.regression.labels import heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
PANEL_HEIGHT = 1.6
LONGEST = 36
MIDDLE = 0.5
COLOURS = ("#1f5a9e", "#c4431c", "#4d7c2a", "#7a3e8e", "#9a6a00", "#147d7d")


@in_house_style
def draw_responses(responses: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw the median response of each model, and the band of all their draws.

    Parameters
    ----------
    responses : pandas.DataFrame
        ``responses.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        One panel a driver on a scale of its own; models by colour and marker, the pool's median
        thick and black, its band shaded.
    """
    terms = list(dict.fromkeys(responses["term"]))
    present = set(responses["model"])
    models = [name for name in lettering.models if name in present]
    rows = -(-len(terms) // COLUMNS)
    key_rows = -(-(len(models) + 2) // COLUMNS)
    head, foot, between = 1.16, 0.78 + 0.19 * key_rows, 0.72
    height = head + foot + rows * PANEL_HEIGHT + (rows - 1) * between
    figure = blank_figure(
        "What one point more of a driver, for good, does to output per worker",
        "Change of the level, % of the level without the rise, by years since. Initial values act "
        "after some four years, a stock of R&D at once; as the gap to the frontier closes, growth "
        "slows again. Medians of draws; each panel has a scale of its own.",
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        rows, COLUMNS, left=0.06, right=0.975, top=1 - head / height, bottom=foot / height,
        hspace=between / PANEL_HEIGHT, wspace=0.24,
    )  # fmt: skip
    looks = _looks(models)
    for position, term in enumerate(terms):
        ax = figure.add_subplot(grid[position // COLUMNS, position % COLUMNS])
        _draw_panel(ax, responses[responses["term"] == term], looks)
        label = lettering.terms.get(term, lettering.variables.label(term))
        title, unit = heading(term, label, lettering.variables)
        ax.set_title(textwrap.shorten(title, 40, placeholder=" ..."), pad=14)
        said = textwrap.shorten(f"per 1 {unit}" if unit else "", 40, placeholder=" ...")
        ax.text(0, 1.03, said, transform=ax.transAxes, size=7.2, color=QUIET, va="bottom")
    figure.text(0.5, (foot - 0.42) / height, "Years since the rise", size=8, ha="center")
    _draw_key(figure, looks, lettering, 0.24 / height)
    return figure


def _looks(models: list[str]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "color": COLOURS[i % len(COLOURS)],
            "lw": 1.1,
            "marker": MARKERS[i % len(MARKERS)],
            "ms": 4,
            "markerfacecolor": "white",
            "zorder": 3,
        }
        for i, name in enumerate(models)
    }


def _draw_panel(ax: Axes, rows: pd.DataFrame, looks: dict[str, dict[str, Any]]) -> None:
    ax.axhline(0, color=INK, lw=0.9, zorder=2)
    pool = rows[rows["model"] == POOL].pivot(index="year", columns="level", values="value")
    if not pool.empty:
        ax.fill_between(pool.index, pool.iloc[:, 0], pool.iloc[:, -1], color=RULE, lw=0, zorder=1)
        ax.plot(pool.index, pool[MIDDLE], color=INK, lw=2.2, zorder=4)
    for position, (name, look) in enumerate(looks.items()):
        one = rows[(rows["model"] == name) & (rows["level"] == MIDDLE)]
        ax.plot(one["year"], one["value"], markevery=(3 + position % 5, 5), **look)
    last = int(rows["year"].max())
    ax.set_xlim(0, last)
    ax.set_xticks(range(0, last + 1, 5))
    ax.locator_params(axis="y", nbins=5)


def _draw_key(
    figure: Figure, looks: dict[str, dict[str, Any]], lettering: Lettering, bottom: float
) -> None:
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    handles: list[Any] = [
        ax.plot([], [], color=INK, lw=2.2, label="All models")[0],
        ax.fill_between([], [], [], color=RULE, lw=0, label="80 % of the draws of all models"),
    ]
    for name, look in looks.items():
        label = textwrap.shorten(lettering.models[name], LONGEST, placeholder=" ...")
        handles.append(ax.plot([], [], label=label, **look)[0])
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.04, bottom), ncols=COLUMNS,
        handlelength=2.6, columnspacing=2.0, labelspacing=0.45, borderaxespad=0.2,
    )  # fmt: skip
