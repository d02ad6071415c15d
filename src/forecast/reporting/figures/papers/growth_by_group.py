"""Growth of the economies that passed and of those that did not, beside the printed means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
    refuse_empty,
    spread,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PASSED = "passed"
PRINTED = "#c4431c"
ROW = 0.62  # inches
COLUMNS = {"economies": (1.10, "economies"), "mean": (1.22, "mean"), "printed": (1.36, "Yilmaz")}
NAMED = 8  # economies of a group that have room for their names
GAP = 0.3  # inches between names
LEFT, WIDE = 0.185, 0.53  # of the figure's width


@in_house_style
def draw_growth_by_group(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw each group's range, economies and mean, and the mean that Yilmaz (2016) prints.

    Parameters
    ----------
    tables : mapping
        ``growth_by_group``, ``economies``.
    source : str
        The data package.

    Raises
    ------
    DataError
        If no group has an economy.
    """
    rows = tables["growth_by_group"]
    rows = rows[rows["economies"] > 0].reset_index(drop=True)
    refuse_empty(rows, "growth_by_group", "no economy has growth between the two years")
    each = tables["economies"]
    first = rows["first"].iloc[0]
    some = len(each) < rows.loc[rows["first"] == first, "economies"].sum()
    span = f"{first}-{rows['last'].iloc[0]}"
    dots = f"Dots: economies{' asked for' if some else ''}, {span}."
    if each.empty:
        dots = f"None of the economies asked for is in a group of {span}."
    height = 1.75 + ROW * len(rows)
    figure = blank_figure(
        _title(rows),
        "Growth of output per worker, % a year. Bar: lowest to highest of the group; diamond: "
        f"mean; cross: mean as printed, of other economies and data. {dots}",
        f"Source: Penn World Table 9.1; Yilmaz (2016); {source}; own calculations.",
        height=height,
    )
    ax = figure.add_axes((LEFT, 0.6 / height, WIDE, 1 - 1.62 / height))
    _draw_groups(ax, rows)
    inches = WIDE * figure.get_figwidth()
    for place, row in rows[rows["first"] == first].iterrows():
        _draw_economies(ax, each[each["group"] == row["group"]], int(str(place)), inches, some)
    return figure


def _title(rows: pd.DataFrame) -> str:
    """Return how much faster those grew that passed, here and as printed."""
    first = rows[rows["first"] == rows["first"].iloc[0]].set_index("group")[["mean", "printed"]]
    if len(first) < 2:
        return "Growth of output per worker of one group alone: the other has no economy"
    here, printed = first.loc[PASSED] - first.drop(index=PASSED).iloc[0]
    than = f" points a year {'faster' if here > 0 else 'slower'}; Yilmaz has {printed:.1f}"
    return f"Economies that passed grew {abs(here):.1f}{than}"


def _draw_groups(ax: Axes, rows: pd.DataFrame) -> None:
    places = list(range(len(rows)))
    axes = ax.get_yaxis_transform()
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        ax.barh(
            place, row["highest"] - row["lowest"], left=row["lowest"], height=0.3, color=RULE,
            zorder=1,
        )  # fmt: skip
        for name, (x, _) in COLUMNS.items():
            told = f"{row[name]:.0f}" if name == "economies" else f"{row[name]:.2f}"
            ax.text(x, place, told, ha="right", va="center", transform=axes, size=8.5)
    for x, word in COLUMNS.values():
        ax.text(x, -0.62, word, ha="right", va="center", transform=axes, size=8, color=QUIET)
    ax.plot(rows["mean"], places, "D", ms=7.5, color=INK, mec="white", zorder=5)
    ax.plot(rows["printed"], places, "x", ms=8, mew=2.2, color=PRINTED, zorder=6)
    said = rows["group"].str.capitalize()
    spans = zip(said, rows["first"], rows["last"], strict=True)
    ax.set_yticks(places, labels=[f"{group},\n{a}-{b}" for group, a, b in spans])
    ax.axvline(0, color=QUIET, lw=0.8)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rows) - 0.4, -0.8)
    low, high = rows["lowest"].min(), rows[["highest", "printed"]].max().max()
    ax.set_xlim(min(low, 0) - 0.4, high + 0.4)
    ax.set_xlabel("% a year")
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def _draw_economies(ax: Axes, own: pd.DataFrame, place: int, inches: float, named: bool) -> None:
    ax.plot(
        own["growth"], [place + 0.25] * len(own), "o", ms=4, mfc="white", mec=INK, mew=0.9, zorder=4
    )
    if not named or len(own) > NAMED:
        return
    low, high = ax.get_xlim()
    growth = own["growth"].tolist()
    at = spread(growth, GAP * (high - low) / inches, low, high)
    for country, x in zip(own["country"], at, strict=True):
        ax.text(x, place + 0.43, country, ha="center", va="center", size=7.8)
