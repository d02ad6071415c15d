"""Growth of output per worker taken apart: by source, by broad sector, within and between."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    INK,
    blank_figure,
    draw_bar_key,
    in_house_style,
    refuse_empty,
    stack_bars,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SOURCES = {"capital": "Capital per worker", "human_capital": "Human capital", "tfp": "TFP"}
SECTORS = {
    "agriculture": "Agriculture",
    "industry": "Industry",
    "remainder": "Services and taxes on products",
}
SAID = {"agriculture": "agriculture", "industry": "industry", "remainder": "services"}
SHIFTS = {
    "within": "Within sectors",
    "static": "Between, static",
    "dynamic": "Between, dynamic",
}
METHODS = {
    "TRAD": "TRAD, constant prices",
    "GEAD": "GEAD, a rise of a price counts as size",
}
WHOLE = "Output per worker"
HEIGHT, FOOT, HEAD = 3.7, 0.75, 0.9  # inches
MOST, ROWS = 4, 18  # panels; bars laid down
TITLED, FOLD, LONGEST = 88, 19, 24  # characters: title, line of a name, name in a title
ROW = 0.3  # inches


@in_house_style
def draw_growth_accounting(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw each economy's growth of output per worker, stacked by source, a bar a span.

    Parameters
    ----------
    tables : mapping
        ``growth_accounting``.
    source : str
        The data package.

    Returns
    -------
    matplotlib.figure.Figure
        A panel an economy, four at most; parts differ by colour and hatch, those below zero take
        away; the diamond is growth of output per worker, their sum.
    """
    table = tables["growth_accounting"]
    refuse_empty(table, "growth_accounting", "no span has all years of capital and schooling")
    sums = table[list(SOURCES)].mul(table["last"] - table["first"], axis=0)
    most = sums.groupby(table["name"], sort=False).sum().idxmax(axis=1)
    return _spans(
        {name: table[table["name"] == name] for name in most.index},
        SOURCES,
        "output_per_worker",
        _source_title(most),
        "Growth of output per worker and its sources, % a year (log changes). The diamond is the "
        "sum of the parts.",
        f"Source: Penn World Table 9.1; {source}; own calculations.",
    )


def _source_title(most: pd.Series) -> str:
    first = most.value_counts().index[0]
    part = SOURCES[first] if first == "tfp" else SOURCES[first].lower()
    if len(most) > 1:
        part = part[0].upper() + part[1:]
        return (
            f"{part} was the largest source of growth in {int((most == first).sum())} of "
            f"{len(most)} economies"
        )
    long = f"{most.index[0]}: {part} was the largest source of growth of output per worker"
    return long if len(long) <= TITLED else long.removesuffix(" of output per worker")


@in_house_style
def draw_sector_shares(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw what broad sectors add to each economy's growth of output per worker, a bar a span.

    Parameters
    ----------
    tables : mapping
        ``contributions``.
    source : str
        The data package.

    Returns
    -------
    matplotlib.figure.Figure
        As `draw_growth_accounting`.

    Raises
    ------
    DataError
        If no span has the shares and the output of both its years.
    """
    table = tables["contributions"].dropna(subset="total")
    keys = ["country", "first", "last"]
    wide = table.pivot(index=keys, columns="sector", values="total")
    wide = wide.reindex(columns=[*SECTORS, "all"]).dropna().reset_index()
    refuse_empty(wide, "sector_shares", "no span has shares and output of both its years")
    most = wide[list(SECTORS)].idxmax(axis=1)
    first = most.value_counts().index[0]
    countries = list(dict.fromkeys(wide["country"]))
    whose = f"{countries[0]}: " if len(countries) == 1 else ""
    said = SAID[first] if whose else SAID[first].capitalize()
    return _spans(
        {country: wide[wide["country"] == country] for country in countries},
        SECTORS,
        "all",
        f"{whose}{said} added most to output per worker in {int((most == first).sum())} of "
        f"{len(wide)} spans",
        "Points of growth of output per worker over the span, % of its first year. Shares are at "
        "current prices: prices and volumes together, no growth within a sector.",
        f"Source: World Bank; {source}; own calculations.",
    )


def _spans(
    economies: Mapping[str, pd.DataFrame],
    parts: Mapping[str, str],
    whole: str,
    title: str,
    subtitle: str,
    source: str,
) -> Figure:
    """Return a panel an economy, whose bars are the spans of its rows."""
    shown = dict(list(economies.items())[:MOST])
    if len(shown) < len(economies):
        subtitle += f" The first {len(shown)} of {len(economies)} economies."
    figure = blank_figure(title, subtitle, source, height=HEIGHT)
    wide = 0.94 / len(shown)
    limits: list[tuple[float, float]] = []
    panels: list[Axes] = []
    for place, (name, rows) in enumerate(shown.items()):
        size = (0.055 + place * wide, FOOT / HEIGHT, wide - 0.03, 1 - (HEAD + FOOT) / HEIGHT)
        ax = figure.add_axes(size)
        stack_bars(ax, [rows[part].to_numpy(dtype=float) for part in parts])
        ax.plot(range(len(rows)), rows[whole], "D", ms=5.5, color=INK, mec="white")
        _label_spans(ax, rows, len(shown))
        if len(shown) > 1:
            ax.set_title(name)
        limits.append(ax.get_ylim())
        panels.append(ax)
    for ax in panels:
        ax.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
        ax.set_xlim(-0.7, max(len(rows) for rows in shown.values()) - 0.3)
    for ax in panels[1:]:
        ax.tick_params(axis="y", labelleft=False, length=0)
    draw_bar_key(figure, parts, 4, 0.22 / HEIGHT, WHOLE)
    return figure


def _label_spans(ax: Axes, rows: pd.DataFrame, panels: int) -> None:
    """Write the spans, in two lines where there are many; where still too many, every other."""
    join = "-" if len(rows) * panels <= 8 else "-\n"
    step = 1 + len(rows) * panels // 20
    spans = [f"{a}{join}{b}" for a, b in zip(rows["first"], rows["last"], strict=True)]
    ax.set_xticks(range(0, len(rows), step), labels=spans[::step])
    ax.tick_params(axis="x", length=0)


@in_house_style
def draw_shift_share(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw growth of labour productivity within and between sectors, by each method.

    Parameters
    ----------
    tables : mapping
        ``decomposition``.
    source : str
        The table of one's own.

    Returns
    -------
    matplotlib.figure.Figure
        A panel a method. Of one entity a bar a sector and one for all; of several a bar each.
    """
    table = tables["decomposition"]
    refuse_empty(table, "decomposition", "the table has no window")
    entities = list(dict.fromkeys(table["entity"]))
    whole = table[table["sector"] == "all"]
    plain = whole[whole["method"] == "TRAD"]
    rows, said = table, "sectors"
    if len(entities) > 1:
        largest = plain["total"].abs().sort_values(ascending=False).index[:ROWS]
        kept = plain.loc[largest.sort_values(), "entity"]
        rows, said = whole[whole["entity"].isin(list(kept))], "entities"
    key = "sector" if said == "sectors" else "entity"
    names = list(dict.fromkeys(rows[key]))
    dropped = len(entities) - len(names) if key == "entity" else 0
    height = HEAD + FOOT + 0.35 + ROW * len(names)
    figure = blank_figure(
        _shift_title(plain),
        "Growth of output per worker from the first to the last year, % of the first. Static: "
        "shares of work change at the first year's productivity; dynamic: both change. The diamond "
        "is the sum." + (f" {dropped} smaller changes are left out." if dropped else ""),
        f"Source: {source}; own calculations.",
        height=height,
    )
    methods = [method for method in METHODS if (rows["method"] == method).any()]
    wide = 0.80 / len(methods)
    low, tall = (FOOT + 0.2) / height, 1 - (HEAD + FOOT + 0.2) / height
    panels = [
        figure.add_axes((0.17 + place * wide, low, wide - 0.03, tall))
        for place in range(len(methods))
    ]
    for ax, method in zip(panels, methods, strict=True):
        _draw_method(ax, rows[rows["method"] == method].set_index(key).loc[names[::-1]])
        ax.set_title(METHODS[method])
    lows, highs = zip(*(ax.get_xlim() for ax in panels), strict=True)
    for ax in panels:
        ax.set_xlim(min(lows), max(highs))
        ax.tick_params(axis="y", length=0, labelleft=ax is panels[0])
    draw_bar_key(figure, SHIFTS, 4, 0.22 / height, "Sum")
    return figure


def _draw_method(ax: Axes, own: pd.DataFrame) -> None:
    stack_bars(ax, [100 * own[part].to_numpy(dtype=float) for part in SHIFTS], across=True)
    ax.plot(100 * own["total"], range(len(own)), "D", ms=5.5, color=INK, mec="white")
    ax.set_yticks(range(len(own)), labels=[_folded(name) for name in own.index])
    ax.set_ylim(-0.6, len(own) - 0.4)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.locator_params(axis="x", nbins=5)


def _folded(name: str) -> str:
    """Return a name of the user's in two lines at most."""
    return textwrap.fill(textwrap.shorten(name, 2 * FOLD - 4, placeholder=" ..."), FOLD)


def _shift_title(plain: pd.DataFrame) -> str:
    if len(plain) == 1:
        one = plain.iloc[0]
        total, within = (
            f"{100 * one[part]:+.0f}".replace("-", "\N{MINUS SIGN}") for part in ("total", "within")
        )
        name = textwrap.shorten(one["entity"], LONGEST, placeholder=" ...")
        return (
            f"{name}: productivity {total} % from {one['first']} to {one['last']}, within sectors "
            f"{within} points"
        )
    more = np.abs(plain["within"]) > np.abs(plain["static"] + plain["dynamic"])
    return (
        f"Growth within sectors outweighs shifts between them in {int(more.sum())} of "
        f"{len(plain)} entities"
    )
