"""Slowdowns and accelerations: how many began in each year, or those of single economies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.reporting.figures.style import (
    BAR_LOOKS,
    INK,
    QUIET,
    RULE,
    WIDTH,
    blank_figure,
    in_house_style,
    refuse_empty,
    spread,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RULES = {
    "slowdowns": "Eichengreen, Park and Shin (2012)",
    "accelerations": "Hausmann, Pritchett and Rodrik (2005)",
}
HEIGHT = 3.8
FEW = 12  # economies that have a row each
ROW, TOLD = 0.52, 1.02  # inches: of a row, and of what is told of an episode
BESIDE = 0.29  # rows from an economy's line to the words
WIDE = 0.89  # of the figure's width


@in_house_style
def draw_growth_episodes(tables: Mapping[str, pd.DataFrame], source: str) -> Figure:
    """Draw a bar a year, or with few economies a row each and growth before and after.

    Parameters
    ----------
    tables : mapping
        ``slowdowns`` or ``accelerations``.
    source : str
        The data package.

    Raises
    ------
    DataError
        If there is none.
    """
    name = next(name for name in RULES if name in tables)
    table = tables[name]
    refuse_empty(table, name, f"no {name[:-1]} is found in these economies")
    foot = f"Source: Penn World Table 9.1; {source}; own calculations."
    if table["country"].nunique() <= FEW:
        return _timeline(name, table.sort_values(["country", "year"]), foot)
    return _counts(name, table, foot)


def _counts(name: str, table: pd.DataFrame, foot: str) -> Figure:
    decade = 10 * (table["year"] // 10)
    by_decade = decade.value_counts().sort_index()
    most = int(by_decade.index[int(by_decade.argmax())])
    years = np.arange(table["year"].min(), table["year"].max() + 1)
    count = table["year"].value_counts().reindex(years, fill_value=0)
    figure = blank_figure(
        f"{by_decade.max()} of {len(table)} {name} of growth began in the {most}s",
        f"Economies in which growth per head {'slowed down' if name == 'slowdowns' else 'took off'}"
        f", by year, by the rule of {RULES[name]}; above: by decade. Growth is needed on both "
        "sides, so the first and last years on record have none.",
        foot,
        height=HEIGHT,
    )
    ax = figure.add_axes((0.05, 0.15, 0.92, 0.54))
    ax.bar(years, count, 0.8, edgecolor=INK, lw=0.5, **BAR_LOOKS[0])
    ax.set_xlim(years[0] - 0.8, years[-1] + 0.8)
    ax.set_ylim(0, count.max() * 1.05)
    ax.locator_params(axis="y", integer=True)
    ax.set_xticks(np.arange(5 * -(-years[0] // 5), years[-1] + 1, 5))
    for begin, number in by_decade.items():
        start, end = max(int(str(begin)), years[0]), min(int(str(begin)) + 9, years[-1])
        if int(str(begin)) > years[0]:
            ax.axvline(int(str(begin)) - 0.5, color=QUIET, lw=0.7, ls=(0, (4, 3)), zorder=0)
        ax.text(
            (start + end) / 2, 1.02, f"{begin}s\n{number}", ha="center", va="bottom", size=8.5,
            transform=ax.get_xaxis_transform(), weight="bold" if begin == most else "normal",
        )  # fmt: skip
    return figure


def _timeline(name: str, table: pd.DataFrame, foot: str) -> Figure:
    countries = list(dict.fromkeys(table["country"]))
    height = 1.55 + ROW * len(countries)
    number, whose = len(table), "economies"
    many = f"{number} {name if number > 1 else name[:-1]} of growth"
    figure = blank_figure(
        f"{countries[0]}: {many}" if len(countries) == 1 else f"{many} in {len(countries)} {whose}",
        "Year in which it began and growth per head before and after it, % a year, by the rule of "
        f"{RULES[name]}.",
        foot,
        height=height,
    )
    ax = figure.add_axes((0.07, 0.5 / height, WIDE, 1 - 1.25 / height))
    ax.set_yticks(range(len(countries)), labels=countries)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(countries) - 0.4, -0.6)
    low, high = table["year"].min(), table["year"].max()
    ax.set_xlim(min(low, 1957) - 4, max(high, 2010) + 4)
    ax.locator_params(axis="x", integer=True)
    ax.grid(visible=False, axis="y")
    for place, country in enumerate(countries):
        own = table[table["country"] == country]
        ax.axhline(place, color=RULE, lw=0.8, zorder=0)
        ax.plot(own["year"], [place] * len(own), "D", ms=6, color=BAR_LOOKS[0]["color"], mec=INK)
        for rows, shift in ((own[::2], -BESIDE), (own[1::2], BESIDE)):
            _tell(ax, rows, place + shift)
    return figure


def _tell(ax: Axes, rows: pd.DataFrame, height: float) -> None:
    """Write what each episode was, as near to its year as its neighbours let it."""
    low, high = ax.get_xlim()
    gap = TOLD * (high - low) / (WIDE * WIDTH)
    places = spread(rows["year"].tolist(), gap, low + gap / 2, high - gap / 2)
    for x, (_, row) in zip(places, rows.iterrows(), strict=True):
        before, after = (f"{100 * row[side]:.1f}" for side in ("before", "after"))
        told = f"{row['year']}: {before} to {after}".replace("-", "\N{MINUS SIGN}")
        ax.text(x, height, told, ha="center", va="center", size=7.8)
