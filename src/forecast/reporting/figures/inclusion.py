"""Which determinants an average over models asks for, one panel a model."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    Lettering,
    blank_figure,
    in_house_style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_HEIGHT = 0.215
PLACES = (1.2, 1.42, 1.62)  # right ends of the three columns of numbers, as shares of the width
EVEN = 0.5
CLEAR = 0.95
UP, DOWN, EITHER = "^", "v", "o"


@in_house_style
def draw_inclusion(inclusion: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw posterior inclusion probabilities, the highest on top.

    Parameters
    ----------
    inclusion : pandas.DataFrame
        ``inclusion.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        One panel an average. The mark shows the sign of the effect where it is in: up or down
        where 95 % of the probability agree, a hollow circle otherwise. Beside it, mean and
        standard deviation of the posterior.
    """
    models = list(dict.fromkeys(inclusion["model"]))
    panels = [inclusion[inclusion["model"] == name] for name in models]
    sizes = [ROW_HEIGHT * (len(panel) + 0.6) for panel in panels]
    head, foot, between = 1.1, 0.9, 0.62
    height = head + foot + sum(sizes) + between * (len(panels) - 1)
    figure = blank_figure(
        "Which determinants the data ask for",
        "Posterior probability that a regressor belongs in the growth regression, averaged over "
        "all subsets of regressors. Triangle: the sign on which 95 % of that probability agrees; "
        "circle: sign open.",
        "Mean, SD: of the coefficient, zero where the regressor is out. A regressor that the model "
        f"always keeps has 100 %. Source: {lettering.source}.",
        height=height,
    )
    top = height - head
    for name, panel, size in zip(models, panels, sizes, strict=True):
        ax = figure.add_axes((0.4, (top - size) / height, 0.36, size / height))
        _draw_panel(ax, panel.sort_values("pip", ascending=False, kind="stable"), lettering)
        ax.set_title(lettering.models.get(name, name), x=-1.08, pad=8)
        top -= size + between
    ax.set_xlabel("Probability of being in the regression, %")
    return figure


def _draw_panel(ax: Axes, rows: pd.DataFrame, lettering: Lettering) -> None:
    ax.axvline(100 * EVEN, color=QUIET, lw=0.8, ls=(0, (2, 2)), zorder=1)
    for height, (_, row) in enumerate(rows.iterrows()):
        share = 100 * row["pip"]
        ax.plot([0, share], [height, height], color=QUIET, lw=1.4, zorder=2, clip_on=False)
        mark = _mark(row["p_positive_if_in"])
        face = "white" if mark == EITHER else INK
        ax.plot(
            share, height, mark, ms=6, color=INK, markerfacecolor=face, zorder=3, clip_on=False
        )  # fmt: skip
        _write_right(ax, height, (f"{share:.0f} %", f"{row['mean']:.3f}", f"{row['sd']:.3f}"))
    _write_right(ax, -0.95, ("In", "Mean", "SD"), QUIET)
    names = [lettering.terms.get(t, lettering.variables.label(t)) for t in rows["term"]]
    short = [textwrap.shorten(name, 48, placeholder=" ...") for name in names]
    ax.set_yticks(range(len(rows)), labels=short)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, 100)
    ax.set_xticks(np.arange(0, 101, 25))
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color=RULE)
    ax.spines["left"].set_visible(False)


def _write_right(ax: Axes, height: float, texts: tuple[str, str, str], colour: str = INK) -> None:
    for place, text in zip(PLACES, texts, strict=True):
        ax.text(
            place, height, text.replace("-", "\N{MINUS SIGN}"), size=7.8, color=colour,
            transform=ax.get_yaxis_transform(), ha="right", va="center",
        )  # fmt: skip


def _mark(positive: float) -> str:
    if positive >= CLEAR:
        return UP
    return DOWN if positive <= 1 - CLEAR else EITHER
