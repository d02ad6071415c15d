"""Deindustrialisation: growth around its beginning, and how far shares have shifted down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    MARKERS,
    QUIET,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEIGHT = 4.3
BEFORE, CHANGE = "5 years before", "5 after less 5 before"
COLOURS = (INK, "#1f5a9e", "#c4431c")
RULES = {
    "as cited": "Shares as cited",
    "falling shares": "Falling shares",
    "value added alone": "Value added alone",
}
HOLLOW = "not yet flagged"
STEP = 0.13
DECADE = "decade_"


@in_house_style
def draw_deindustrialisation(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw growth before and after the first flag, and its change, against matched economies.

    Parameters
    ----------
    tables : mapping
        ``growth that followed``.
    source : str
        The data package.

    Returns
    -------
    matplotlib.figure.Figure
        Left: before, 5 and 10 years after. Right, apart: growth after less growth before, in
        which a penalty would be below zero. Markers are rules; hollow ones are against economies
        not yet flagged, filled ones against those never flagged.

    Raises
    ------
    DataError
        If no beginning has a match.
    """
    rows = tables["growth that followed"].dropna(subset="difference")
    refuse_empty(rows, "deindustrialisation", "no beginning has an economy to match")
    figure = blank_figure(
        _title(rows),
        "Growth of output per worker less that of economies as productive in the same year, points "
        "a year; intervals of 95 %. Filled: against those never flagged, hollow: not yet flagged.",
        f"Source: World Bank, Penn World Table; {source}; own calculations.",
        height=HEIGHT,
    )
    levels = [said for said in dict.fromkeys(rows["growth"]) if said != CHANGE]
    bottom, tall = 0.75 / HEIGHT, 1 - 1.75 / HEIGHT
    left = figure.add_axes((0.055, bottom, 0.6, tall))
    right = figure.add_axes((0.72, bottom, 0.26, tall))
    _draw_panel(left, rows, levels)
    _draw_panel(right, rows, [CHANGE])
    left.set_title("Growth against others, before and after")
    right.set_title("The change")
    right.text(
        0.5,
        0.04,
        "a penalty would lie below zero",
        ha="center",
        size=8,
        style="italic",
        color=QUIET,
        transform=right.transAxes,
        bbox={"fc": "white", "ec": "none", "pad": 1},
    )
    lows, highs = zip(left.get_ylim(), right.get_ylim(), strict=True)
    for ax in (left, right):
        ax.set_ylim(min(lows), max(highs))
    handles, labels = left.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0.03, 0.22 / HEIGHT), ncols=3,
        columnspacing=1.6, labelspacing=0.35, borderaxespad=0.2,
    )  # fmt: skip
    return figure


def _title(rows: pd.DataFrame) -> str:
    change = rows[(rows["growth"] == CHANGE)].dropna(subset="high")
    fell = int((change["high"] < 0).sum())
    if change.empty:
        return "Growth around the first year of early deindustrialisation"
    if fell:
        return (
            f"Growth falls after early deindustrialisation in {fell} of {len(change)} comparisons"
        )
    before = rows.loc[rows["growth"] == BEFORE, "difference"]
    if len(before) and (before < 0).all():
        return "Early deindustrialisers grow slowly, but did before: no growth penalty is shown"
    return f"Early deindustrialisation: no growth penalty is shown in {len(change)} comparisons"


def _draw_panel(ax: Axes, rows: pd.DataFrame, said: list[str]) -> None:
    kinds = list(dict.fromkeys(zip(rows["rule"], rows["against"], strict=True)))
    rules = list(dict.fromkeys(rows["rule"]))
    for turn, (rule, against) in enumerate(kinds):
        own = rows[(rows["rule"] == rule) & (rows["against"] == against)]
        own = own.set_index("growth").reindex(said)
        colour = COLOURS[rules.index(rule) % len(COLOURS)]
        hollow = against == HOLLOW
        place = np.arange(len(said)) + STEP * (turn - (len(kinds) - 1) / 2)
        ax.vlines(place, own["low"], own["high"], color=colour, lw=1.4)
        ax.plot(
            place, own["difference"], MARKERS[rules.index(rule)], ms=5.5, color=colour,
            mfc="white" if hollow else colour, label=None if hollow else RULES.get(rule, rule),
        )  # fmt: skip
    ax.axhline(0, color=INK, lw=0.9)
    ax.set_xticks(range(len(said)), labels=said)
    ax.set_xlim(-0.5, len(said) - 0.5)
    ax.tick_params(axis="x", length=0)


@in_house_style
def draw_rodrik(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the decades' shifts of manufacturing's share at an income and population.

    Parameters
    ----------
    tables : mapping
        ``rodrik``, ``sample``.
    source : str
        The data package.

    Raises
    ------
    DataError
        If the sample lies within one decade.
    """
    table = tables["rodrik"]
    rows = table[table["term"].str.startswith(DECADE)]
    refuse_empty(rows, "rodrik", "the sample lies within one decade")
    sample = tables["sample"].iloc[0]
    begun = 10 * (int(sample["first"]) // 10)
    decades = rows["term"].str.removeprefix(DECADE).astype(int).tolist()
    figure = blank_figure(
        _shift_told(rows, decades, begun),
        f"Manufacturing's share at the same income and population against the {begun}s, points of "
        "GDP; within economies, intervals of 95 % clustered by economy.",
        f"{sample['economies']} economies, {sample['first']}-{sample['last']}. Source: World Bank, "
        f"Penn World Table 9.1; {source}; own calculations.",
        height=3.5,
    )
    ax = figure.add_axes((0.06, 0.15, 0.92, 0.57))
    places = range(1, len(rows) + 1)
    apart = (rows["conf_low"] > 0) | (rows["conf_high"] < 0)
    ax.vlines(places, rows["conf_low"], rows["conf_high"], color=INK, lw=1.8)
    for place, (_, row), sure in zip(places, rows.iterrows(), apart, strict=True):
        ax.plot(place, row["estimate"], "o", ms=8, color=INK, mfc=INK if sure else "white", mew=1.4)
        told = f"{row['estimate']:+.1f}".replace("-", "\N{MINUS SIGN}")
        ax.annotate(
            told, (place, row["estimate"]), xytext=(8, 8), textcoords="offset points", va="center"
        )
    ax.plot(0, 0, "s", ms=7, color=QUIET)
    ax.axhline(0, color=INK, lw=0.9)
    ax.set_xticks(range(len(rows) + 1), labels=[f"{decade}s" for decade in (begun, *decades)])
    ax.set_xlim(-0.5, len(rows) + 0.6)
    ax.tick_params(axis="x", length=0)
    figure.text(0.06, 0.745, "Filled: apart from zero. Square: the decade compared with.", size=8)
    return figure


def _shift_told(rows: pd.DataFrame, decades: list[int], begun: int) -> str:
    last = rows.iloc[-1]
    if last["conf_low"] <= 0 <= last["conf_high"]:
        return (
            f"Manufacturing's share at an income: the {decades[-1]}s do not stand apart from the "
            f"{begun}s"
        )
    way = "lower" if last["estimate"] < 0 else "higher"
    return (
        f"Manufacturing's share at an income: {abs(last['estimate']):.1f} points {way} in the "
        f"{decades[-1]}s than in the {begun}s"
    )
