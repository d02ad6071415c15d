"""The paper's tables as printed beside the package: a panel a column, a row an economy."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    QUIET,
    RULE,
    blank_figure,
    in_house_style,
    refuse_empty,
)
from forecast.structure.printed.compare_printed import ROUNDING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELS = {
    "mht_share": "Medium and high tech, % of manufacturing",
    "chemicals_machinery_share": "Chemicals and machinery, % of manufacturing",
    "intermediate_capital_exports": "Intermediate and capital goods, % of exports",
    "rd_gdp": "R&D, % of GDP",
    "basic_research_gdp": "Basic research, % of GDP",
    "business_rd_gdp": "R&D of business, % of GDP",
}
ROW, HEAD, FOOT = 0.3, 1.15, 0.85  # inches
PRINTED = "#c4431c"
MARKS: dict[str, dict[str, Any]] = {
    "As printed": {"marker": "D", "ms": 7.5, "mfc": "white", "mec": PRINTED, "mew": 1.6},
    "Package, same year": {"marker": "o", "ms": 4.2, "color": INK},
    "Package, another year": {"marker": "o", "ms": 5, "mfc": "white", "mec": INK},
    "Package, latest": {"marker": "|", "ms": 10, "mew": 2, "color": INK},
}


@in_house_style
def draw_printed_table(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw each printed cell, and the package's of the same year, of another, and the latest.

    Parameters
    ----------
    tables : mapping
        ``paper_table_1`` or ``paper_table_2``.
    source : str
        The data package.

    Raises
    ------
    DataError
        If there is neither a printed figure nor one of the package.
    """
    name = next(name for name in tables if name.startswith("paper_table"))
    table = tables[name]
    known = table[["printed", "value", "latest"]].notna().any(axis=1)
    refuse_empty(table[known], name, "these economies have no figure, printed or in the package")
    countries = list(dict.fromkeys(table["country"]))
    height = HEAD + FOOT + ROW * len(countries)
    figure = blank_figure(
        _title(table, name.removeprefix("paper_table_")),
        "As printed, beside the package. Figures at the right: as printed and of which year.",
        f"Source: World Bank; Institute of Industrial Economics, CASS (2024); {source}; own "
        "calculations.",
        height=height,
    )
    columns = list(dict.fromkeys(table["indicator"]))
    wide = 0.94 / len(columns)
    for place, indicator in enumerate(columns):
        own = table[table["indicator"] == indicator].set_index("country").reindex(countries)
        size = (0.055 + place * wide, FOOT / height, 0.64 * wide, 1 - (HEAD + FOOT) / height)
        ax = figure.add_axes(size)
        _draw_column(ax, own)
        ax.set_title(textwrap.fill(LABELS.get(indicator, indicator), 26), loc="left")
        ax.set_yticks(range(len(own)), labels=countries if place == 0 else [])
    _draw_key(figure, height)
    return figure


def _title(table: pd.DataFrame, number: str) -> str:
    """Return how near the package is to the figures that it can check."""
    printed, checked = int(table["printed"].notna().sum()), table["difference"].dropna().abs()
    if not printed:
        return f"Table {number}: nothing is printed of these economies; the package's figures"
    if checked.empty:
        return f"Table {number}: the package has no figure of the printed years"
    can = f"Table {number}: the package can check {len(checked)} of {printed} printed figures, and "
    if checked.max() <= ROUNDING:
        return f"{can}agrees with them"
    furthest = f"{checked.max():.1f}" if checked.max() >= 1 else f"{checked.max():.2f}"
    return f"{can}stands within {furthest} of them"


def _draw_column(ax: Axes, own: pd.DataFrame) -> None:
    places = pd.Series(range(len(own)), index=own.index)
    same = own["difference"].notna()
    sides = own[["printed", "value", "latest"]]
    ax.hlines(places, sides.min(axis=1), sides.max(axis=1), color=RULE, lw=3, zorder=1)
    shown = (own["printed"], own["value"].where(same), own["value"].where(~same), own["latest"])
    for order, (look, values) in enumerate(zip(MARKS.values(), shown, strict=True)):
        ax.plot(values, places, ls="", zorder=3 + (order + 2) % 4, **look)
    axes = ax.get_yaxis_transform()
    for place, (_, row) in zip(places, own.iterrows(), strict=True):
        if pd.notna(row["printed"]):
            told = f"{row['printed']:.2f} ({row['printed_year']})"
            ax.text(1.05, place, told, va="center", size=7.5, transform=axes)
    high = sides.max().max()
    ax.set_xlim(0, 1.08 * high if high > 0 else 1)
    ax.set_ylim(len(own) - 0.4, -0.6)
    ax.locator_params(axis="x", nbins=4)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    if own[["value", "latest"]].isna().all(axis=None):
        if not high > 0:
            ax.set_xticks([])
        ax.set_xlabel("not in the package", color=QUIET, style="italic", size=8)


def _draw_key(figure: Figure, height: float) -> None:
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    handles = [ax.plot([], [], ls="", label=label, **look)[0] for label, look in MARKS.items()]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.005, 0.22 / height), ncols=4,
        columnspacing=1.8, handletextpad=0.4, borderaxespad=0.2,
    )  # fmt: skip
