"""R&D as % of GDP of economies and groups, in the paper's year and today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
    refuse_empty,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKED = "CHN"
ROW = 0.27  # inches
NO_BAR = " Groups without a bar are not in the package: the paper's text places them."


@in_house_style
def draw_printed_rd(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw bars of the paper's year and dots of today, China dark, as printed marked.

    A group that the package does not have stands in its printed place, above or below China,
    without a bar.

    Parameters
    ----------
    tables : mapping
        ``paper_figure_1``.
    source : str
        The data package.
    """
    table = tables["paper_figure_1"]
    valued = table[table["value"].notna()].sort_values("value")
    refuse_empty(valued, "paper_figure_1", "no economy has a figure")
    bare = table[table["value"].isna() & (table["printed_place"] != "")]
    china = int(valued["country"].eq(MARKED).to_numpy().argmax())
    above = bare["printed_place"] == "above China"
    rows = pd.concat([valued[:china], bare[~above], valued[china:][:1], bare[above],
                      valued[china + 1 :]], ignore_index=True)  # fmt: skip
    height = 1.75 + ROW * len(rows)
    figure = blank_figure(
        _title(table),
        f"R&D, % of GDP. Bar and figure at the right: {_when(valued['value_year'])}. Dot: latest. "
        "Cross: China as printed." + (NO_BAR if len(bare) else ""),
        f"Source: World Bank; Institute of Industrial Economics, CASS (2024); {source}; own "
        "calculations.",
        height=height,
    )
    ax = figure.add_axes((0.2, 0.55 / height, 0.74, 1 - 1.35 / height))
    _draw_rows(ax, rows)
    return figure


def _title(table: pd.DataFrame) -> str:
    """Return how many of the places that the paper gives hold in the package."""
    told = table["agrees"].isin(["yes", "no"])
    kept = int((table["agrees"] == "yes").sum())
    if not told.any():
        return "China's spending on research beside others"
    held = f"all {kept}" if kept == told.sum() else f"{kept} of {told.sum()}"
    return f"Research spending: {held} comparisons of the paper with China hold"


def _when(years: pd.Series) -> str:
    return " or ".join(dict.fromkeys(sorted(years)))


def _draw_rows(ax: Axes, rows: pd.DataFrame) -> None:
    marked = rows["country"] == MARKED
    places = range(len(rows))
    ax.barh(
        places, rows["value"].fillna(0), height=0.62, edgecolor=INK, lw=0.5,
        color=[INK if one else RULE for one in marked],
    )  # fmt: skip
    ax.plot(rows["latest"], places, "o", color="white", mec=INK, ms=5.5, zorder=4)
    ax.plot(rows["printed"], places, "x", color="#c4431c", ms=7, mew=2, zorder=5)
    for place, value in enumerate(rows["value"].to_numpy(dtype=float)):
        if np.isnan(value):
            told = f"{rows['printed_place'].iloc[place]}, no figure printed"
            ax.text(0.04, place, told, va="center", size=8, color=QUIET, style="italic")
        else:
            axes = ax.get_yaxis_transform()
            ax.text(1.06, place, f"{value:.2f}", ha="right", va="center", size=8, transform=axes)
    ax.set_yticks(list(places), labels=rows["name"].tolist())
    for label, one in zip(ax.get_yticklabels(), marked, strict=True):
        label.set_fontweight("bold" if one else "normal")
    ax.grid(visible=False)
    ax.set_xlim(0)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.tick_params(axis="y", length=0)
