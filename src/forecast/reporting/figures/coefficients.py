"""Coefficients of all models side by side, one panel a regressor."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import INK, QUIET, Lettering, blank_figure, in_house_style
from forecast.reporting.regression.labels import heading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
ROW_HEIGHT = 0.2
AXIS_LABEL = "Percentage points of annual growth for one unit more of the regressor"


@in_house_style
def draw_coefficients(estimates: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw estimates with their 95 % intervals.

    Parameters
    ----------
    estimates : pandas.DataFrame
        ``estimates.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        One panel a regressor on a scale of its own, models in the same rows throughout; a filled
        dot differs from zero at 5 %, a hollow one does not. The constant and the levels of
        factors are left out, and so are regressors of one model alone unless there are no others.
    """
    chosen = estimates[(estimates["term"] != "const") & ~estimates["term"].str.endswith("]")]
    present = set(chosen["model"])
    models = [name for name in lettering.models if name in present]
    terms, left_out = _shared(chosen)
    rows = -(-len(terms) // COLUMNS)
    panel = ROW_HEIGHT * (len(models) + 1)
    head, foot, between = 1.18, 0.82, 0.74
    height = head + foot + rows * panel + (rows - 1) * between
    figure = blank_figure(
        "What the regressions find",
        "Estimates with 95 % intervals. Filled: differs from zero at 5 %; hollow: does not; "
        f"no dot: not in that model. Each panel has a scale of its own.{left_out}",
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        rows, COLUMNS, left=0.235, right=0.975, top=1 - head / height, bottom=foot / height,
        hspace=between / panel, wspace=0.16,
    )  # fmt: skip
    figure.text(
        0.605, 0.34 / height, AXIS_LABEL, size=8, ha="center", va="bottom",
    )  # fmt: skip
    for position, term in enumerate(terms):
        row, column = divmod(position, COLUMNS)
        ax = figure.add_subplot(grid[row, column])
        found = chosen[chosen["term"] == term].set_index("model")
        _draw_panel(ax, found, models)
        _name_rows(ax, models if column == 0 else [], lettering)
        label = lettering.terms.get(term, lettering.variables.label(term))
        title, unit = heading(term, label, lettering.variables)
        ax.set_title(textwrap.fill(title, 27), size=8, pad=14, linespacing=1.1)
        if unit:
            unit = f"unit: {textwrap.shorten(unit, 32, placeholder=' ...')}"
            ax.text(0, 1.02, unit, transform=ax.transAxes, size=7, color=QUIET)
    return figure


def _shared(chosen: pd.DataFrame) -> tuple[list[str], str]:
    """Return the regressors shown, and the sentence that says which are not."""
    terms = list(dict.fromkeys(chosen["term"]))
    times = chosen["term"].value_counts()
    shared = [term for term in terms if times[term] > 1]
    if not shared or len(shared) == len(terms):
        return terms, ""
    return shared, " Regressors that only one model has are left out."


def _draw_panel(ax: Axes, found: pd.DataFrame, models: list[str]) -> None:
    ax.axvline(0, color=INK, lw=0.9, zorder=2)
    for height, name in enumerate(models):
        if name not in found.index:
            continue
        one = found.loc[name]
        ax.plot([one["conf_low"], one["conf_high"]], [height, height], color=INK, lw=1.1, zorder=3)
        face = INK if one["conf_low"] > 0 or one["conf_high"] < 0 else "white"
        ax.plot(one["estimate"], height, "o", ms=4.6, color=INK, markerfacecolor=face, zorder=4)
    ax.set_ylim(len(models) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.spines["left"].set_visible(False)
    ax.margins(x=0.08)
    ax.locator_params(axis="x", nbins=4)


def _name_rows(ax: Axes, models: list[str], lettering: Lettering) -> None:
    if not models:
        ax.tick_params(axis="y", length=0, labelleft=False)
        return
    labels = [textwrap.shorten(lettering.models[name], 34, placeholder=" ...") for name in models]
    ax.set_yticks(range(len(models)), labels=labels, size=7.5)
    ax.tick_params(axis="y", length=0)
