"""The table of all economies as a person reads it: within eighty columns for up to five years."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from forecast.crosscountry.world import LEVELS, WorldTable
from forecast.specs.line import PUBLISHED

WIDTH = 80
_NAME = 17
_ALL, _NONE = 0.995, 0.005


def world_lines(table: WorldTable, people: str) -> list[str]:
    """Return the table as lines of text: economies below the line, above it, and totals.

    Parameters
    ----------
    table : WorldTable
        ``economies`` with ``name`` and ``group``; people in millions.
    people : str
        Where the number of people is from; empty if it is not known.
    """
    line, last = PUBLISHED[table.line], int(table.chances["year"].max())
    low, _, high = (f"{100 * level:g}" for level in LEVELS)
    said = (
        f"Below the {line} in {table.origin}: income over the line; chance, %, of having passed "
        f"it by each year; first years by which that is 50 %, and {low} and {high} %, none by "
        f"{table.until} being -; back: chance of having passed and been below again by {last}."
    )
    lines = [*textwrap.wrap(said, WIDTH), "", *_below(table)]
    if table.economies["above"].any():
        said = f"Above it in {table.origin}: chance, %, of being below in each year."
        lines += ["", *textwrap.wrap(said, WIDTH), "", *_above(table)]
    return [*lines, "", *_totals(table, people)]


def chance_text(probability: float) -> str:
    """Return a probability as whole percent: "58", never 0 or 100 of what is open; "-" missing."""
    if np.isnan(probability):
        return "-"
    if probability < _NONE:
        return "<1"
    return ">99" if probability > _ALL else f"{100 * probability:.0f}"


def span_text(first: float, last: float) -> str:
    """Return two years as "2026-2033": "2026-" where the second is not reached, "-" for neither."""
    if np.isnan(first):
        return "-"
    return f"{first:.0f}-" + ("" if np.isnan(last) else f"{last:.0f}")


def _below(table: WorldTable) -> list[str]:
    rows = table.economies[~table.economies["above"]]
    if rows.empty:
        return ["none"]
    passed = table.chances.pivot(index="country", columns="year", values="passed")
    back = table.chances.pivot(index="country", columns="year", values="back").iloc[:, -1]
    span = f"{100 * LEVELS[0]:g}-{100 * LEVELS[2]:g} %"
    lines = [f"{_head(passed.columns)}{'median':>8}{span:>10}{'back':>5}"]
    for one in ordered(rows, passed).to_dict("records"):
        median = "-" if np.isnan(one["median_year"]) else f"{one['median_year']:.0f}"
        span = span_text(one["year_p10"], one["year_p90"])
        again = chance_text(back[one["country"]])
        lines.append(_row(one, passed) + f"{median:>8}{span:>10}{again:>5}")
    return lines


def _above(table: WorldTable) -> list[str]:
    rows = table.economies[table.economies["above"]]
    below = table.chances.pivot(index="country", columns="year", values="below")
    found = ordered(rows, below).to_dict("records")
    return [_head(below.columns), *(_row(one, below) for one in found)]


def ordered(rows: pd.DataFrame, chances: pd.DataFrame) -> pd.DataFrame:
    """Return economies by chance in the last year, the greatest first, then by income."""
    last = chances.iloc[:, -1].reindex(rows["country"]).to_numpy()
    return rows.assign(last=last).sort_values(
        ["last", "income_over_line"], ascending=False, kind="stable"
    )


def _head(years: Iterable[Any]) -> str:
    cells = "".join(f"{year:>5}" for year in years)
    return f"{'economy':<{_NAME + 4}}{'class':>6}{'over':>5}{cells}"


def _row(one: Mapping[Any, Any], chances: pd.DataFrame) -> str:
    whole = str(one["name"])
    name = whole if len(whole) <= _NAME else f"{whole[: _NAME - 1]}."
    cells = "".join(f"{chance_text(p):>5}" for p in chances.loc[one["country"]])
    start = f"{one['country']} {name:<{_NAME}}{one['group']:>6}"
    return f"{start}{one['income_over_line']:>5.2f}{cells}"


def _totals(table: WorldTable, people: str) -> list[str]:
    with_people = bool(table.totals["people"].notna().any())
    said = "Economies below the line that pass it by each year: expected number and 80 % interval"
    if with_people:
        said += f"; million people in them ({people}"
        said += f"; {table.uncounted} not counted)" if table.uncounted else ")"
    else:
        said += "; the package does not hold the number of people in them"
    lines = [*textwrap.wrap(f"{said}.", WIDTH), ""]
    head = f"{'by':<6}{'number':>8}{'interval':>12}"
    lines.append(head + f"{'people':>10}{'interval':>16}" * with_people)
    for one in table.totals.to_dict("records"):
        span = f"{one['passages_low']:.0f}-{one['passages_high']:.0f}"
        row = f"{one['year']:<6.0f}{one['passages']:>8.1f}{span:>12}"
        if with_people:
            span = f"{one['people_low']:,.0f}-{one['people_high']:,.0f}"
            row += f"{one['people']:>10,.0f}{span:>16}"
        lines.append(row)
    return lines
