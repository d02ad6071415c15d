"""What one parameter at a time does to the answer: a tornado, the largest on top."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    BAR_LOOKS,
    INK,
    QUIET,
    Lettering,
    blank_figure,
    in_house_style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.255  # inches
LOOKS: dict[str, dict[str, Any]] = {
    "low": BAR_LOOKS[0],
    "high": BAR_LOOKS[1],
    "alone": {"color": "#bdbdbd", "hatch": ""},
}
NAMES = {"low": "Lower value", "high": "Higher value", "alone": "One way in place of the other"}


@in_house_style
def draw_sensitivity(sensitivity: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw the change of P(passed) and of median income for each parameter.

    Parameters
    ----------
    sensitivity : pandas.DataFrame
        ``sensitivity.csv``; the baseline's rows are drawn.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Left: the probability by the first year; right: median income in the last. Parameters
        that move neither are left out. Values beside a bar are the parameter's.
    """
    rows = sensitivity[sensitivity["variable"].isin(["p_crossed", "income_median"])]
    first, last = int(rows["year"].min()), int(rows["year"].max())
    left = rows[(rows["variable"] == "p_crossed") & (rows["year"] == first)]
    right = rows[(rows["variable"] == "income_median") & (rows["year"] == last)]
    order = _order(left, right)
    head, foot = 0.98, 0.78
    height = head + foot + ROW * len(order)
    base_p, base_income = 100 * left["base"].iloc[0], right["base"].iloc[0]
    figure = blank_figure(
        "How far the answer depends on single parameters",
        "Change of the baseline when one parameter takes another value, random numbers kept. "
        "The row of other random numbers shows the Monte Carlo error of a level.",
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        1, 2, left=0.365, right=0.975, top=1 - head / height, bottom=foot / height, wspace=0.1
    )
    panels = (
        (left, 100.0, f"Passed by {first} ({base_p:.0f} %), points"),
        (right, 1.0, f"Median in {last} ({base_income:,.0f}), US$"),
    )
    for position, (part, scale, title) in enumerate(panels):
        ax = figure.add_subplot(grid[position])
        _draw_panel(ax, part, order, scale)
        ax.set_title(title)
        labels = dict(zip(part["parameter"], part["label"], strict=True))
        ax.set_yticks(range(len(order)))
        words = [textwrap.shorten(labels[name], 46, placeholder=" ...") for name in order]
        ax.set_yticklabels(words if position == 0 else [])
    _draw_key(figure, 0.24 / height)
    return figure


def _order(left: pd.DataFrame, right: pd.DataFrame) -> list[str]:
    """Return parameters that move something, the largest change of the probability first."""
    size = left["change"].abs().groupby(left["parameter"], sort=False).max()
    other = right["change"].abs().groupby(right["parameter"], sort=False).max()
    kept = size[(size > 0) | (other > 0)]
    return list(kept.sort_values(ascending=False, kind="stable").index)


def _draw_panel(ax: Axes, rows: pd.DataFrame, order: list[str], scale: float) -> None:
    widest = scale * float(rows["change"].abs().max())
    for place, name in enumerate(order):
        own = rows[rows["parameter"] == name]
        # The longer bar first, so that it does not cover the shorter one on the same side.
        for i in own["change"].abs().sort_values(ascending=False, kind="stable").index:
            change, look = scale * own.loc[i, "change"], LOOKS[own.loc[i, "side"]]
            ax.barh(place, change, height=0.66, edgecolor=INK, lw=0.5, **look)
        _write_values(ax, place, own[own["setting"].notna()], scale)
    ax.axvline(0, color=INK, lw=0.9)
    ax.set_xlim(-1.22 * widest, 1.22 * widest)
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.locator_params(axis="x", nbins=6)


def _write_values(ax: Axes, place: int, own: pd.DataFrame, scale: float) -> None:
    """Write the parameter's values at the ends of their bars, those of one side together."""
    for outward in (True, False):
        here = own[(own["change"] > 0) if outward else (own["change"] < 0)]
        if here.empty:
            continue
        end = scale * float(here["change"].max() if outward else here["change"].min())
        ax.annotate(
            ", ".join(f"{value:g}" for value in here["setting"]),
            xy=(end, place),
            xytext=(3 if outward else -3, 0),
            textcoords="offset points",
            ha="left" if outward else "right",
            va="center",
            size=6.8,
            color=QUIET,
        )


def _draw_key(figure: Figure, bottom: float) -> None:
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    handles = [
        ax.barh([np.nan], [np.nan], edgecolor=INK, lw=0.5, label=NAMES[side], **look)
        for side, look in LOOKS.items()
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.005, bottom), ncols=len(handles),
        columnspacing=2.0, borderaxespad=0.2,
    )  # fmt: skip
