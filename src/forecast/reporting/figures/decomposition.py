"""What the uncertainty comes from: one bar an outcome, divided among the random factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    BAR_LOOKS,
    INK,
    Lettering,
    blank_figure,
    draw_bar_key,
    in_house_style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.52  # inches
COLUMNS = 4
LEAST_WRITTEN = 5.0  # % of the bar: room for a number
NAMES = {
    "model": "Choice of model",
    "coefficients": "Coefficients",
    "shocks": "Shocks to growth",
    "drivers": "Drivers",
    "population": "Population",
    "exchange_rate": "Prices, exchange rate",
    "threshold": "Line",
}


@in_house_style
def draw_decomposition(decomposition: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw Shapley effects, % of each outcome's variance.

    Parameters
    ----------
    decomposition : pandas.DataFrame
        ``decomposition.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Factors without a share are left out of the key.
    """
    shown = decomposition[decomposition["measure"] == "shapley"].dropna(subset=["share"])
    outcomes = list(dict.fromkeys(zip(shown["outcome"], shown["year"], strict=True)))
    wide = 100 * shown.pivot(index=["outcome", "year"], columns="factor", values="share")
    factors = [name for name in dict.fromkeys(shown["factor"]) if (wide[name] != 0).any()]
    head, foot = 0.9, 0.52 + 0.2 * -(-len(factors) // COLUMNS)
    height = head + foot + ROW * len(outcomes)
    figure = blank_figure(
        f"Where the uncertainty about {lettering.country}'s passage comes from",
        "Share of the variance across simulated paths, % (Shapley effects; they sum to 100).",
        f"Source: {lettering.source}.",
        height=height,
    )
    ax = figure.add_axes((0.285, foot / height, 0.69, 1 - (head + foot) / height + 0.25 / height))
    for place, outcome in enumerate(outcomes):
        _draw_bar(ax, place, wide.loc[outcome], factors)
    ax.set_yticks(range(len(outcomes)))
    ax.set_yticklabels([_said(name, int(year)) for name, year in outcomes])
    ax.set_ylim(len(outcomes) - 0.4, -0.6)
    # An estimate may be below zero: the others then sum to more than 100.
    below, above = wide.clip(upper=0).sum(axis=1).min(), wide.clip(lower=0).sum(axis=1).max()
    ax.set_xlim(float(below), float(above) + 0.5)
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0)
    draw_bar_key(figure, {name: NAMES.get(name, name) for name in factors}, COLUMNS, 0.22 / height)
    return figure


def _draw_bar(ax: Axes, place: int, shares: pd.Series, factors: list[str]) -> None:
    above = below = 0.0
    for factor, look in zip(factors, BAR_LOOKS, strict=False):
        value = float(shares[factor])
        start = above if value >= 0 else below
        ax.barh(place, value, left=start, height=0.62, edgecolor=INK, lw=0.5, **look)
        if value >= LEAST_WRITTEN:
            ax.text(
                start + value / 2, place, f"{value:.0f}", ha="center", va="center", size=8,
                bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"},
            )  # fmt: skip
        above, below = above + max(value, 0.0), below + min(value, 0.0)


def _said(name: str, year: int) -> str:
    return {
        "crossing_year": f"Year of passage\n({year + 1} if not by {year})",
        "crossed": f"Passed by {year} or not",
        "log_ratio": f"Income over the line in {year},\nlog",
    }.get(name, f"{name} {year}")
