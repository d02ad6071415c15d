"""Income against the high-income line, with bands of uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from forecast.reporting.figures.style import (
    QUIET,
    Lettering,
    blank_figure,
    in_house_style,
    label_ends,
)
from forecast.specs.line import HIGH, PUBLISHED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAST_YEAR_SHOWN = 2040  # beyond it the bands are so wide that the years of crossing are unreadable
FIRST_YEAR_SHOWN = 2010
BANDS = ((0.05, 0.95, "#dfe9f4"), (0.10, 0.90, "#aec8e4"), (0.25, 0.75, "#75a0ce"))
LINE_BAND = (0.05, 0.95)
BLUE, RED = "#123f73", "#b23a12"


@in_house_style
def draw_income_fan(fan: pd.DataFrame, history: pd.DataFrame, lettering: Lettering) -> Figure:
    """Draw the baseline's income and the line (above), and their ratio (below).

    Parameters
    ----------
    fan : pandas.DataFrame
        ``income_fan.csv``.
    history : pandas.DataFrame
        ``history.csv``: published ``gni_pc_atlas`` and ``threshold``; may be empty.
    lettering : Lettering

    Returns
    -------
    matplotlib.figure.Figure
        Bands hold 50, 80 and 90 % of the draws of the first scenario; dots are published figures.
    """
    chosen = fan[(fan["scenario"] == lettering.baseline) & (fan["year"] <= LAST_YEAR_SHOWN)]
    past = history[history["year"] >= FIRST_YEAR_SHOWN]
    figure = blank_figure(
        f"Income of {lettering.country} and the {_owned(lettering.line)}",
        f"{_scenario(lettering)}. {'Dots: published figures; thick' if len(past) else 'Thick'} "
        "lines: medians of the simulated paths; shades: where 50, 80 and 90 % of the paths lie; "
        "dotted: 90 % band of the line.",
        f"Source: {lettering.source}.",
        height=5.9,
    )
    grid = figure.add_gridspec(
        2, 1, height_ratios=(1.7, 1), left=0.082, right=0.853, top=0.855, bottom=0.095, hspace=0.2
    )
    upper = figure.add_subplot(grid[0])
    lower = figure.add_subplot(grid[1], sharex=upper)
    _draw_levels(upper, chosen, past, lettering.line)
    _draw_ratio(lower, chosen, past)
    for ax in (upper, lower):
        ax.axvline(lettering.first_projected - 0.5, color=QUIET, lw=0.7, ls=(0, (2, 2)), zorder=1)
    upper.tick_params(labelbottom=False)
    upper.annotate(
        "projected",
        (lettering.first_projected - 0.2, 0.985),
        xycoords=("data", "axes fraction"),
        size=7.5,
        color=QUIET,
        va="top",
    )
    return figure


def _owned(line: str) -> str:
    return f"World Bank's {line}" if line in PUBLISHED.values() else line


def _scenario(lettering: Lettering) -> str:
    name = lettering.baseline
    if lettering.kinds.get(name, "baseline") == "baseline":
        return "Baseline scenario"
    return f"Scenario: {lettering.scenarios[name]}"


def _draw_levels(ax: Axes, fan: pd.DataFrame, past: pd.DataFrame, name: str) -> None:
    income, line = _quantiles(fan, "gni_pc_atlas"), _quantiles(fan, "threshold")
    for low, high, colour in BANDS:
        share = f"{round(100 * (high - low))} %"
        ax.fill_between(
            income.index, income[low], income[high], color=colour, lw=0, zorder=1.5, label=share
        )
    for edge in LINE_BAND:
        ax.plot(line.index, line[edge], color=RED, lw=0.9, ls=(0, (1.2, 1.6)), zorder=2)
    _draw_past_and_median(ax, past, "gni_pc_atlas", income, BLUE, "-")
    _draw_past_and_median(ax, past, "threshold", line, RED, (0, (5, 2)))
    end = int(income.index[-1])
    start = min([FIRST_YEAR_SHOWN, *past["year"]]) if len(past) else int(income.index[0])
    ax.set_xlim(start - 0.7, end + 0.3)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ax.set_title("GNI per capita, Atlas method, current US$", loc="left")
    ends = {
        "GNI per capita": (end, float(income[0.5].iloc[-1]), BLUE),
        ("High-income line" if name == HIGH.label else "The line"): (
            end,
            float(line[0.5].iloc[-1]),
            RED,
        ),
    }
    label_ends(ax, ends, gap=0.07, aside=1.025)
    ax.legend(loc="upper left", title="Share of paths", alignment="left", reverse=True)


def _draw_ratio(ax: Axes, fan: pd.DataFrame, past: pd.DataFrame) -> None:
    ratio = _quantiles(fan, "ratio")
    for low, high, colour in BANDS:
        ax.fill_between(ratio.index, ratio[low], ratio[high], color=colour, lw=0, zorder=1.5)
    wide = past.pivot(index="year", columns="variable", values="value")
    if {"gni_pc_atlas", "threshold"} <= set(wide.columns):
        known = (wide["gni_pc_atlas"] / wide["threshold"]).dropna().rename("ratio").reset_index()
        known = known.rename(columns={"ratio": "value"}).assign(variable="ratio")
    else:
        known = past.iloc[:0]
    _draw_past_and_median(ax, known, "ratio", ratio, BLUE, "-")
    ax.axhline(1.0, color=RED, lw=1.2, ls=(0, (5, 2)), zorder=2.5)
    end = int(ratio.index[-1])
    ends = {
        "GNI per capita": (end, float(ratio[0.5].iloc[-1]), BLUE),
        "At the line": (end, 1.0, RED),
    }
    label_ends(ax, ends, gap=0.12, aside=1.025)
    ax.set_title("Income as a multiple of the line", loc="left")


def _draw_past_and_median(
    ax: Axes, past: pd.DataFrame, name: str, ahead: pd.DataFrame, colour: str, dash: object
) -> None:
    known = past[past["variable"] == name].set_index("year")["value"].sort_index()
    path = pd.concat([known.tail(1), ahead[0.5]])
    ax.plot(known.index, known, color=colour, lw=1.1, ls=dash, zorder=3)
    ax.plot(known.index, known, ls="", marker="o", ms=2.6, color=colour, zorder=3.5)
    ax.plot(path.index, path, color=colour, lw=1.9, ls=dash, zorder=3)


def _quantiles(fan: pd.DataFrame, variable: str) -> pd.DataFrame:
    """Return years by level, the levels rounded so that they can be asked for as written."""
    rows = fan[fan["variable"] == variable]
    wide = rows.pivot(index="year", columns="level", values="value")
    return wide.rename(columns=lambda level: round(level, 6))
