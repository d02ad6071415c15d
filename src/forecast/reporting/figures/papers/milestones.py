"""An economy's milestones beside the middle half of the economies that passed."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.reporting.figures.style import INK, QUIET, blank_figure, in_house_style, refuse_empty

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, HEAD, FOOT = 0.27, 1.1, 1.05  # inches
EDGE = 4.0  # interquartile ranges shown either way
LONGEST = 16  # characters of a name in the title
LINE = 0.16  # inches of a line of the list of gaps
BAR = "#c9c9c9"
COLUMNS = (1.25, 1.52)  # right ends of the numbers, as shares of the axes' width


@in_house_style
def draw_milestones(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw the scorecard of the first economy in the tables.

    Parameters
    ----------
    tables : mapping of name to DataFrame
        Of the exhibit ``milestones``.
    source : str
        The data, for the line at the foot.

    Returns
    -------
    matplotlib.figure.Figure
        A row an indicator, by group, in interquartile ranges from the median of those that
        passed: the grey bar is their middle half at the same relative income, the tick their
        median of today (dotted where it lies outside), the dot the economy (hollow: imputed; an
        arrow where it lies outside).

    Raises
    ------
    DataError
        If no indicator has quartiles.
    """
    card = tables["milestones"]
    refuse_empty(card, "milestones", "no indicator is known")
    subject = card["country"].iloc[0]
    own = card[card["country"] == subject]
    rows = own.dropna(subset="distance").reset_index(drop=True)
    if rows.empty:
        raise DataError(
            f"figure milestones: {subject}: no indicator is known of enough economies that passed"
        )
    beside = tables["economies that passed"]
    beside = beside[beside["country"] == subject]
    told = _list_of_gaps(tables["gaps"], subject)
    places = _places(rows["group"])
    height = HEAD + FOOT + ROW * (places[-1] + 1) + LINE * told.count("\n")
    figure = blank_figure(
        _title(rows),
        f"Grey: middle half of {len(beside)} economies that passed the high-income line, when "
        f"each stood at {beside['ratio'].iloc[0]:.2f} of it, as {subject} in "
        f"{beside['ratio_of'].iloc[0]}. Line: their median today. Dot: {subject} today (hollow: "
        "imputed).",
        f"Source: World Bank, Penn World Table; {source}; own calculations.",
        height=height,
    )
    figure.text(0.012, 0.27 / height, told, size=8.5, color=INK, va="bottom", linespacing=1.3)
    bottom = (FOOT - 0.12 + LINE * told.count("\n")) / height
    ax = figure.add_axes((0.28, bottom, 0.31, 1 - bottom - (HEAD - 0.35) / height))
    _draw_rows(ax, rows, places)
    _label_rows(ax, rows, places, subject)
    return figure


def _title(rows: pd.DataFrame) -> str:
    name = rows["economy"].iloc[0]
    name = name if len(name) <= LONGEST else rows["country"].iloc[0]
    above = int((rows["value"] > rows["q3"]).sum())
    below = int((rows["value"] < rows["q1"]).sum())
    return (
        f"{name}: above the middle half of those that passed in {above} of {len(rows)} "
        f"indicators, below in {below}"
    )


def _list_of_gaps(gaps: pd.DataFrame, subject: str) -> str:
    names = gaps.loc[gaps["country"] == subject, "what"].str.partition(",")[0]
    if names.empty:
        return ""
    listed = ", ".join(
        name if name[1:2].isupper() else name[0].lower() + name[1:] for name in names
    )
    return textwrap.fill(f"Not at hand: {listed}.", 112)


def _places(group: pd.Series) -> list[int]:
    """Return each row's place, one left free above every group for its heading."""
    return list(np.arange(len(group)) + (group != group.shift()).cumsum().to_numpy())


def _draw_rows(ax: Axes, rows: pd.DataFrame, places: list[int]) -> None:
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        width = row["q3"] - row["q1"] if row["q3"] > row["q1"] else np.nan
        low, high, now = (
            (row[name] - row["median"]) / width for name in ("q1", "q3", "passers_today")
        )
        ax.barh(place, high - low, left=low, height=0.62, color=BAR, zorder=2)
        dash = ":" if abs(now) > EDGE else "-"
        ax.vlines(
            np.clip(now, -EDGE, EDGE), place - 0.4, place + 0.4, color=INK, lw=1.6, ls=dash,
            zorder=3,
        )  # fmt: skip
        dot = np.clip(row["distance"], -EDGE, EDGE)
        outside = abs(row["distance"]) > EDGE
        mark = (">" if dot > 0 else "<") if outside else "o"
        face = "white" if row["imputed"] else INK
        ax.plot(dot, place, mark, ms=6.5, color=INK, mfc=face, mew=1.3, zorder=4, clip_on=False)
    ax.axvline(0, color=QUIET, lw=0.8, zorder=1)
    ax.set_xlim(-EDGE, EDGE)
    ax.set_ylim(places[-1] + 0.7, -0.3)
    ax.set_xlabel("Interquartile ranges from the median of those that passed", size=9)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)


def _label_rows(ax: Axes, rows: pd.DataFrame, places: list[int], subject: str) -> None:
    labels = [textwrap.shorten(label, 30, placeholder=" ...") for label in rows["label"]]
    ax.set_yticks(places, labels=labels, size=9.5)
    ax.tick_params(axis="y", length=0)
    axes = ax.get_yaxis_transform()
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        for x, number in zip(COLUMNS, (row["value"], row["median"]), strict=True):
            ax.text(x, place, _short(number), size=9.5, ha="right", va="center", transform=axes)
        unit = textwrap.shorten(row["unit"], 27, placeholder=" ...")
        ax.text(COLUMNS[-1] + 0.04, place, unit, size=8, va="center", transform=axes)
    for x, word in zip(COLUMNS, (subject, "median"), strict=True):
        ax.text(x, 0, word, size=9, color=QUIET, ha="right", va="center", transform=axes)
    for group, own in pd.Series(places).groupby(rows["group"].to_numpy()):
        ax.text(
            -0.87, own.min() - 1, str(group).capitalize(), size=9.5, weight="bold", va="center",
            transform=axes,
        )  # fmt: skip


def _short(number: float) -> str:
    digits = max(0, 2 - int(np.floor(np.log10(max(abs(number), 0.01))))) if number else 0
    return f"{number:,.{min(digits, 2)}f}".replace("-", "\N{MINUS SIGN}")
