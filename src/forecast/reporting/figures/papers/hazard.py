"""What goes with leaving upper middle upward: ratios of hazards and their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    MARKERS,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TERMS = {
    "from high": "Having been high income",
    "log duration": "Years so far, log",
    "R&D": "R&D, 1 % of GDP more",
    "manufacturing, 10 points": "Manufacturing, 10 points more",
    "openness, 10 points": "Openness, 10 points more",
}
MODELS = {"duration": "Duration", "structure": "Structure", "with R&D": "With R&D"}
COLOURS = {"duration": INK, "structure": "#1f5a9e", "with R&D": "#c4431c"}
HOLLOW = "five years"  # means of annual figures; filled: the period that ended by entry
STEP, TERM = 0.15, 0.22  # inches: between marks, and between terms besides
EDGE = 1000.0  # ratios shown either way
FINE, COARSE = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100), (0.001, 0.01, 0.1, 1, 10, 100, 1000)


@in_house_style
def draw_hazard(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw each term's ratio in each model with its interval of 95 %.

    Parameters
    ----------
    tables : mapping
        ``hazard``.
    source : str
        The data package.

    Raises
    ------
    DataError
        If no term has an interval.
    """
    table = tables["hazard"]
    rows = table.replace(np.inf, np.nan).dropna(subset=["ratio", "low", "high"])
    rows = rows[(rows["term"] != "constant") & (rows["low"] > 0)]
    refuse_empty(rows, "hazard", "no term has an interval")
    terms = [
        term for term in dict.fromkeys((*TERMS, *rows["term"])) if (rows["term"] == term).any()
    ]
    height = 1.75 + sum(STEP * int((rows["term"] == t).sum()) + TERM for t in terms)
    said = "odds" if (rows["link"] == "logit").all() else "hazards"
    figure = blank_figure(
        _title(rows, terms),
        f"Ratio of yearly {said} of becoming high income, log scale; 1: no difference. Intervals "
        "of 95 %, clustered by economy. What goes with leaving need not cause it.",
        f"Source: World Bank; {source}; own calculations.",
        height=height,
    )
    ax = figure.add_axes((0.25, 0.62 / height, 0.47, 1 - 1.42 / height))
    _draw_terms(ax, rows, terms)
    ax.set_xlabel(f"Ratio of {said}")
    ax.legend(loc="upper left", bbox_to_anchor=(1.03, 1.0), borderaxespad=0, labelspacing=0.9)
    return figure


def _title(rows: pd.DataFrame, terms: list[str]) -> str:
    """Return which terms tell something in every model that has them."""
    apart = (rows["low"] > 1) | (rows["high"] < 1)
    sure = [t for t in terms if apart[rows["term"] == t].all()]
    if not sure:
        return "Leaving upper middle upward: nothing tells in every model"
    if len(sure) == 1:
        said = TERMS.get(sure[0], sure[0])
        return f"Leaving upper middle upward, one thing tells in every model: {_small(said)}"
    return f"Leaving upper middle upward: {len(sure)} of {len(terms)} tell in every model"


def _small(said: str) -> str:
    return said if said[1:2].isupper() or said[1:2] == "&" else said[0].lower() + said[1:]


def _draw_terms(ax: Axes, rows: pd.DataFrame, terms: list[str]) -> None:
    models = list(dict.fromkeys(zip(rows["model"], rows["means"], strict=True)))
    named: set[tuple[str, str]] = set()
    place, ticks = 0.0, []
    for term in terms:
        begun = place
        for model in models:
            one = rows[
                (rows["term"] == term) & (rows["model"] == model[0]) & (rows["means"] == model[1])
            ]
            if one.empty:
                continue
            _draw_one(ax, one.iloc[0], place, model, models, named)
            place += STEP
        ticks.append((begun + place - STEP) / 2)
        place += TERM
    ax.axvline(1, color=INK, lw=0.9)
    ax.set_xscale("log")
    low, high = max(rows["low"].min(), 1 / EDGE), min(rows["high"].max(), EDGE)
    ax.set_xlim(min(low * 0.8, 0.5), max(high * 1.25, 2))
    all_ticks = FINE if min(low, 1 / high) >= 0.009 else COARSE
    inside = [t for t in all_ticks if ax.get_xlim()[0] <= t <= ax.get_xlim()[1]]
    ax.set_xticks(inside, labels=[f"{t:g}" for t in inside])
    ax.xaxis.minorticks_off()
    ax.set_yticks(ticks, labels=[TERMS.get(t, t) for t in terms])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(place - TERM + STEP, -STEP)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def _draw_one(
    ax: Axes,
    row: pd.Series,
    place: float,
    model: tuple[str, str],
    models: list[tuple[str, str]],
    named: set[tuple[str, str]],
) -> None:
    name, means = model
    colour = COLOURS.get(name, INK)
    order = list(dict.fromkeys(m for m, _ in models))
    alone = not any(m == name and other != means for m, other in models)
    of = "" if alone else ", five-year means" if means == HOLLOW else ", period means"
    label = f"{MODELS.get(name, name)}{of}\n{row['spells']} spells, {row['events']} ends"
    ax.errorbar(
        row["ratio"], place,
        xerr=[[row["ratio"] - row["low"]], [min(row["high"], 1e9) - row["ratio"]]],
        marker=MARKERS[order.index(name)], ms=5.5, color=colour, lw=1.3, mec=colour,
        mfc="white" if means == HOLLOW else colour, label=None if model in named else label,
        ls="",
    )  # fmt: skip
    named.add(model)
