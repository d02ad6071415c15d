"""Probability that income has passed the line by each year, all scenarios."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    FAINT,
    INK,
    Lettering,
    blank_figure,
    in_house_style,
    label_ends,
    line_styles,
)
from forecast.statistics.significance.told import is_told

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAST_YEAR_SHOWN, MOST = 2040, 0.9
SMALL = 30  # %; where nothing is higher, the scale ends with the line
LEAST = 1.0  # points either way where nothing differs, lest noise fill the panel
LABEL_HEIGHT = 0.33  # inches: room for a label of two lines
KINDS = {
    "policy": "blue: policy",
    "risk": "orange, dashed: risk",
    "opportunity": "green: opportunity",
    "benchmark": "grey, dotted: benchmark",
    "mixture": "purple, dash-dotted: mixture",
}


@in_house_style
def draw_crossing(probability: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw P(crossed by year) and, beside it, each scenario's difference from the baseline.

    Parameters
    ----------
    probability : pandas.DataFrame
        ``crossing_probability.csv``.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Scenarios whose difference in some year shown is beyond Monte Carlo error have their own
        line and their name (`is_told` among all years and scenarios); the others are grey and
        unnamed.
        Colour and dash show the kind of scenario, the marker which one. The baseline alone has one
        panel. Years end in 2040, or at the horizon where 90 % of the baseline's paths have not
        passed by then.
    """
    shown = probability[probability["year"] <= _last_year(probability, lettering)]
    names = [name for name in lettering.scenarios if name in set(shown["scenario"])]
    tables = {
        column: 100 * shown.pivot(index="year", columns="scenario", values=column)[names]
        for column in ("p_crossed", "p_change", "change_mc_se")
    }
    passed, apart = tables["p_crossed"], tables["p_change"]
    among = int((probability["scenario"] != lettering.baseline).sum())
    named = [name for name in names if _differs(apart[name], tables["change_mc_se"][name], among)]
    alone = len(names) == 1
    height = max(4.4, 1.3 + LABEL_HEIGHT * (1 + len(named)))
    figure = blank_figure(
        f"Probability that {lettering.country} has passed the {lettering.line}",
        _key(named, len(names) - 1, lettering),
        f"Source: {lettering.source}.",
        height=height,
    )
    grid = figure.add_gridspec(
        1,
        1 if alone else 2,
        left=0.07,
        right=0.97 if alone or not named else 0.755,
        top=1 - 0.9 / height,
        bottom=0.55 / height,
        wspace=0.24,
    )
    left = figure.add_subplot(grid[0])
    _draw_lines(left, passed, named, lettering)
    left.set_ylim(0, 100 if passed.to_numpy().max() > SMALL else None)
    left.set_title("Passed by the end of the year, %")
    if alone:
        return figure
    right = figure.add_subplot(grid[1])
    _draw_lines(right, apart, named, lettering)
    right.set_title("Difference from baseline, points")
    if named:
        _name_lines(right, apart[[lettering.baseline, *named]], lettering)
    else:
        most = max(LEAST, 1.1 * float(apart.abs().max().max()))
        right.set_ylim(-most, most)
    return figure


def _differs(changes: pd.Series, errors: pd.Series, among: int) -> bool:
    return any(is_told(c, e, among) for c, e in zip(changes, errors, strict=True))


def _last_year(probability: pd.DataFrame, lettering: Lettering) -> int:
    far = probability[probability["scenario"] == lettering.baseline].set_index("year")["p_crossed"]
    done = far[far >= MOST].index.min()
    return LAST_YEAR_SHOWN if done <= LAST_YEAR_SHOWN else int(far.index[-1])


def _key(named: list[str], others: int, lettering: Lettering) -> str:
    """Return what lines mean, in two lines at most; one sentence where nothing differs."""
    said = "Share of paths above the line so far. "
    if not others:
        return said
    if not named:
        return f"{said}No scenario differs from the baseline beyond Monte Carlo error in any year."
    found = {lettering.kinds.get(name, "policy") for name in named}
    kinds = "; ".join(text for kind, text in KINDS.items() if kind in found)
    if others == len(named):
        return f"{said}Black: baseline; {kinds}."
    grey = f"thin grey: {others - len(named)} within Monte Carlo error"
    return f"{said}Black: baseline; {kinds}; {grey}."


def _draw_lines(ax: Axes, wide: pd.DataFrame, named: list[str], lettering: Lettering) -> None:
    looks = line_styles(lettering)
    for name in wide.columns:
        if name == lettering.baseline:
            ax.plot(wide.index, wide[name], **looks[name])
            continue
        look = looks[name] if name in named else {"color": FAINT, "lw": 0.7, "zorder": 2}
        ax.plot(wide.index, wide[name], **look)
    first, last = int(wide.index[0]), int(wide.index[-1])
    ax.set_xlim(first - 0.3, last + 0.3)
    ax.set_xticks([year for year in range(first, last + 1) if year % 5 == 0])


def _name_lines(ax: Axes, apart: pd.DataFrame, lettering: Lettering) -> None:
    looks = line_styles(lettering)
    last = apart.index[-1]
    ends = {
        textwrap.fill(lettering.scenarios[name], 27): (
            float(last),
            float(apart[name].loc[last]),
            str(looks[name].get("color", INK)),
        )
        for name in apart.columns
    }
    low, high = ax.get_ylim()
    ax.set_ylim(low, high)
    label_ends(ax, ends, gap=0.98 / max(len(ends) - 1, 10))
