"""Passages by income relative to the United States, and growth of those who passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from forecast.structure.relative_groups import (
    MEASURES,
    counts_by_definition,
    group_counts,
    growth_by_group,
    relative_groups,
    relative_to_frontier,
)
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept

# The World Bank's (2013) chart: above 5.2 and below 42.75 % of the United States, on Maddison's
# GDP, as The Economist reads it (The middle-income spread, 11 October 2017).
CHART = {"low": 0.052, "high": 0.4275}
WORLD_BANK = ((1960, 2008), {"middle": 101, "became_high": 13})
WORLD_BANK_LIST = (
    "GNQ", "GRC", "HKG", "IRL", "ISR", "JPN", "MUS", "PRT", "PRI", "KOR", "SGP", "ESP", "TWN",
)  # fmt: skip
LEE = ((1960, 2014), {"middle": 75, "became_high": 14, "gaining": 9, "others": 52})
YILMAZ = {"passed": 4.3, "did not pass": 1.93}  # % a year, 1950-2005
LOWS, HIGHS = (0.05, 0.10), (0.40, 0.45, 0.50, 0.55)


def _relative(tables: Tables, asked: Asked) -> Tables:
    pwt, numbers = tables["pwt91"], asked.parameters
    measure = _measure(numbers)
    relative = relative_to_frontier(pwt, measure)
    low, high = numbers["low"], numbers["high"]
    first, last = int(numbers["first"]), int(numbers["last"])
    found = relative_groups(relative, first, last, low, high)
    passed = found[(found["group_first"] == "middle") & (found["group_last"] == "high")]
    if asked.countries:
        shown = kept(found, asked.countries)
    else:
        shown = passed.sort_values("last", ascending=False)
    compared = []
    for source, (years, printed) in (("World Bank (2013)", WORLD_BANK), ("Lee (2020)", LEE)):
        groups = relative_groups(relative, *years, low, high)
        ours = group_counts(groups, numbers["progress"])
        compared += [
            {"source": source, "years": f"{years[0]}-{years[1]}", "count": name,
             "printed": number, "here": ours[name], "difference": ours[name] - number}
            for name, number in printed.items()
        ]  # fmt: skip
    named = relative_groups(relative, *WORLD_BANK[0], low, high).set_index("country")
    by_list = pd.DataFrame({"country": WORLD_BANK_LIST}).assign(
        first=lambda t: named["first"].reindex(t["country"]).to_numpy(),
        last=lambda t: named["last"].reindex(t["country"]).to_numpy(),
        here=lambda t: [_as_here(named, country) for country in t["country"]],
    )
    grid = counts_by_definition(
        pwt,
        (WORLD_BANK[0], LEE[0]),
        [(CHART["low"], CHART["high"]), *product(LOWS, HIGHS)],
        numbers["progress"],
    )
    return {
        "relative_passages": shown.reset_index(drop=True),
        "beside the published counts": pd.DataFrame(compared),
        "the World Bank's thirteen": by_list,
        "counts by definition": grid,
        "bounds": pd.DataFrame([{"first": first, "last": last, "low": low, "high": high}]),
        "all economies": found,
    }


def _measure(numbers: Mapping[str, float]) -> str:
    return MEASURES[int(bool(numbers["national"]))]


def _as_here(named: pd.DataFrame, country: str) -> str:
    if country not in named.index:
        return "no data in both years"
    row = named.loc[country]
    return f"{row['group_first']} to {row['group_last']}"


def _growth(tables: Tables, asked: Asked) -> Tables:
    pwt, numbers = tables["pwt91"], asked.parameters
    relative = relative_to_frontier(pwt, _measure(numbers))
    last = int(numbers["last"])
    groups = {
        first: relative_groups(relative, first, last, numbers["low"], numbers["high"])
        for first in dict.fromkeys((int(numbers["first"]), 1960))
    }
    parts = []
    for first, one in groups.items():
        summary, _ = growth_by_group(pwt, one, first, last)
        parts.append(summary.assign(first=first, last=last))
    summary = pd.concat(parts, ignore_index=True)
    printed = summary["group"].map(YILMAZ)
    summary = summary.assign(printed=printed, difference=summary["mean"] - printed)
    _, each = growth_by_group(pwt, next(iter(groups.values())), int(numbers["first"]), last)
    grid = []
    for first, (low, high) in product(groups, product(LOWS, HIGHS)):
        bounds = relative_groups(relative, first, last, low, high)
        found, _ = growth_by_group(pwt, bounds, first, last)
        row = {"first": first, "last": last, "low": low, "high": high}
        for group, name in (("passed", "passed"), ("did not pass", "others")):
            own = found[found["group"] == group]
            row[f"{name}_economies"] = int(own["economies"].sum())
            row[f"{name}_mean"] = float(own["mean"].sum()) if len(own) else np.nan
        grid.append(row)
    return {
        "growth_by_group": summary,
        "economies": _only(each, asked.countries),
        "means by definition": pd.DataFrame(grid),
    }


def _only(each: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Return the rows of these; one that was not middle income has none, and is no mistake."""
    return each[each["country"].isin(list(countries))] if countries else each


EXHIBITS = {
    "relative_passages": PaperExhibit(
        said="who rose above a share of the United States' income; beside published counts",
        tables=("pwt91",),
        make=_relative,
        parameters={**CHART, "first": 1960, "last": 2008, "progress": 1, "national": 0},
        figure="papers.relative_passages:draw_relative_passages",
        note="GDP per head at PPPs, Penn World Table 9.1: rgdpo, with --set national=1 rgdpna; low "
        "and high are those of the World Bank's chart, whose GDP is Maddison's; gaining: progress "
        "points a year faster than the United States, our rule, for Lee's is not at hand",
    ),
    "growth_by_group": PaperExhibit(
        said="labour productivity growth of those who passed and those who did not",
        tables=("pwt91",),
        make=_growth,
        parameters={**CHART, "first": 1950, "last": 2005, "national": 0},
        note="% a year, rgdpna over emp, Penn World Table 9.1; middle income in the first year, "
        "passed: above high in the last; printed: Yilmaz (2016), whose economies and data are "
        "others",
    ),
}
