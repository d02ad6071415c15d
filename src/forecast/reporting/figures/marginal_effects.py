"""The effect of a driver along the other factor of its interaction, one panel an interaction."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    KIND_COLOUR,
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

COLUMNS = 2
PANEL_HEIGHT = 2.2
OWN = KIND_COLOUR["risk"]


@in_house_style
def draw_marginal_effects(effects: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw the effect of the first factor over the second, and where the subject stands.

    Parameters
    ----------
    effects : pandas.DataFrame
        ``marginal_effects.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        One panel an interaction: line, 95 % band, a zero line, and the subject's own position with
        its interval.
    """
    parts = effects.groupby(["model", "term", "by"], sort=False)
    panels: list[tuple[Any, pd.DataFrame]] = list(parts)
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    head, foot, between = 1.22 if lettering.country else 1.0, 0.86, 1.15
    height = head + foot + rows * PANEL_HEIGHT + (rows - 1) * between
    figure = blank_figure(
        # without a subject, rows may be firms or people as well
        "Does the effect depend on where an economy stands?"
        if lettering.country
        else "Does the effect of one column depend on another?",
        _said(lettering.country),
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        rows, columns, left=0.07, right=0.975, top=1 - head / height, bottom=foot / height,
        hspace=between / PANEL_HEIGHT, wspace=0.2,
    )  # fmt: skip
    for position, (key, found) in enumerate(panels):
        model, term, by = map(str, key)
        ax = figure.add_subplot(grid[position // columns, position % columns])
        _draw_panel(ax, found, lettering.country)
        label = lettering.terms.get(term, lettering.variables.label(term))
        title, unit = heading(term, label, lettering.variables)
        ax.set_title(textwrap.shorten(f"Effect of {title}", 56, placeholder=" ..."), pad=16)
        said = f"one unit: 1 {unit}; " if unit else ""
        said += f"model: {lettering.models.get(model, model)}"
        said = textwrap.shorten(said, 64, placeholder=" ...")
        ax.text(0, 1.03, said, transform=ax.transAxes, size=7.5, color=QUIET, va="bottom")
        other = lettering.terms.get(by, lettering.variables.label(by))
        unit = heading(by, other, lettering.variables)[1]
        ax.set_xlabel(textwrap.fill(other if unit in other else f"{other} ({unit})", 56))
    return figure


def _said(country: str) -> str:
    """Return what the figure shows; a subject is that of a run, whose outcome is growth."""
    outcome = "growth, percentage points a year," if country else "the outcome"
    text = (
        f"Effect of one unit more on {outcome} with its 95 % band, from the 1st to the 99th "
        f"percentile of the sample."
    )
    return text + (f" The dot and its interval: {country} in its last period." if country else "")


def _draw_panel(ax: Axes, found: pd.DataFrame, country: str) -> None:
    own = found["country"].fillna("") != ""
    line, here = found[~own], found[own]
    ax.axhline(0, color=INK, lw=0.9, zorder=2)
    ax.fill_between(line["at"], line["conf_low"], line["conf_high"], color=RULE, lw=0, zorder=1)
    ax.plot(line["at"], line["effect"], color=INK, lw=1.8, zorder=3)
    for _, row in here.iterrows():
        ax.plot([row["at"]] * 2, [row["conf_low"], row["conf_high"]], color=OWN, lw=1.5, zorder=4)
        ax.plot(row["at"], row["effect"], "o", ms=5.5, color=OWN, zorder=5)
        right = row["at"] > (line["at"].min() + line["at"].max()) / 2
        ax.annotate(
            country, (row["at"], row["conf_high"]), xytext=(-4 if right else 4, 4),
            textcoords="offset points", color=OWN, size=8, ha="right" if right else "left",
        )  # fmt: skip
    ax.margins(x=0.02, y=0.1)
    ax.locator_params(axis="y", nbins=6)
