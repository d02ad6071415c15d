"""Passages by income relative to the United States, and growth of those who passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pandas as pd

from forecast.structure.relative_groups import (
    MEASURES,
    counts_by_definition,
    group_counts,
    grouped_growth,
    output_spans,
    relative_groups,
    relative_to_frontier,
)
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept

# The World Bank's (2013) chart: above 5.2 and below 42.75 % of the United States, on Maddison's
# GDP, as The Economist reads it (The middle-income spread, 11 October 2017).
CHART = {"low": 0.052, "high": 0.4275}
WORLD_BANK, LEE = (1960, 2008), (1960, 2014)
# The count here, and the printed one's columns in paper_tables, which it is the sum of.
PRINTED: Mapping[str, tuple[tuple[int, int], Mapping[str, tuple[str, ...]]]] = {
    "World Bank (2013)": (WORLD_BANK, {
        "middle": ("middle_income_economies",), "became_high": ("high_income_since",),
    }),
    "Lee (2020)": (LEE, {
        "middle": ("converged", "sustained_growth", "failed"), "became_high": ("converged",),
        "gaining": ("sustained_growth",), "others": ("failed",),
    }),
}  # fmt: skip
WORLD_BANK_LIST = (
    "GNQ", "GRC", "HKG", "IRL", "ISR", "JPN", "MUS", "PRT", "PRI", "KOR", "SGP", "ESP", "TWN",
)  # fmt: skip
LOWS, HIGHS = (0.05, 0.10), (0.40, 0.45, 0.50, 0.55)
GROUPED = 1960  # besides the first year asked for: more economies have data
YILMAZ = {"passed": "escaped", "did not pass": "trapped"}


def _relative(tables: Tables, asked: Asked) -> Tables:
    pwt, numbers = tables["pwt91"], asked.parameters
    relative = relative_to_frontier(pwt, _measure(numbers))
    low, high = numbers["low"], numbers["high"]
    first, last = int(numbers["first"]), int(numbers["last"])
    found = relative_groups(relative, first, last, low, high)
    passed = found[(found["group_first"] == "middle") & (found["group_last"] == "high")]
    shown = kept(found, asked.countries) if asked.countries else passed
    named = relative_groups(relative, *WORLD_BANK, low, high).set_index("country")
    listed = list(WORLD_BANK_LIST)
    by_list = pd.DataFrame({
        "country": listed,
        "first": named["first"].reindex(listed).to_numpy(),
        "last": named["last"].reindex(listed).to_numpy(),
        "here": [_as_here(named, country) for country in listed],
    })  # fmt: skip
    bounds = dict.fromkeys([(low, high), (CHART["low"], CHART["high"]), *product(LOWS, HIGHS)])
    years = dict.fromkeys([(first, last), WORLD_BANK, LEE])
    return {
        "relative_passages": shown.sort_values("last", ascending=False, ignore_index=True),
        "beside the published counts": _beside(tables["paper_tables"], relative, numbers),
        "the World Bank's thirteen": by_list,
        "counts by definition": counts_by_definition(pwt, years, bounds, numbers["progress"]),
        "bounds": pd.DataFrame([{"first": first, "last": last, "low": low, "high": high}]),
        "all economies": found,
    }


def _beside(
    paper: pd.DataFrame, relative: pd.DataFrame, numbers: Mapping[str, float]
) -> pd.DataFrame:
    """Return the counts that the paper cites beside those of the same years here."""
    cited = paper[paper["table"] == "passages"].set_index("column")["value"]
    rows = []
    for source, (years, counts) in PRINTED.items():
        groups = relative_groups(relative, *years, numbers["low"], numbers["high"])
        here = group_counts(groups, numbers["progress"])
        for name, columns in counts.items():
            printed = int(cited[list(columns)].sum())
            rows.append({
                "source": source, "years": f"{years[0]}-{years[1]}", "count": name,
                "printed": printed, "here": here[name], "difference": here[name] - printed,
            })  # fmt: skip
    return pd.DataFrame(rows)


def _measure(numbers: Mapping[str, float]) -> str:
    return MEASURES[int(bool(numbers["national"]))]


def _as_here(named: pd.DataFrame, country: str) -> str:
    if country not in named.index:
        return "no data in both years"
    row = named.loc[country]
    return f"{row['group_first']} to {row['group_last']}"


def _growth(tables: Tables, asked: Asked) -> Tables:
    pwt, numbers, paper = tables["pwt91"], asked.parameters, tables["paper_tables"]
    relative = relative_to_frontier(pwt, _measure(numbers))
    first, last = int(numbers["first"]), int(numbers["last"])
    own = (numbers["low"], numbers["high"])
    parts, grid = [], []
    spans = {begin: output_spans(pwt, begin, last) for begin in {first, GROUPED}}
    for start, bounds in product(dict.fromkeys((first, GROUPED)), (own, *product(LOWS, HIGHS))):
        groups = relative_groups(relative, start, last, *bounds)
        rules = {"both years": (start, True), "from the first year on record": (first, False)}
        for rule, (begin, whole) in rules.items():
            found, each = grouped_growth(spans[begin], groups, begin, last, whole=whole)
            said = {"grouped": start, "low": bounds[0], "high": bounds[1], "growth": rule}
            grid.append(found.assign(**said))
            if bounds == own and whole:
                parts.append((found.assign(first=start, last=last), each))
    cited = paper[paper["table"] == "productivity_growth"].set_index("column")["value"]
    summary = pd.concat([found for found, _ in parts], ignore_index=True)
    printed = cited.reindex(summary["group"].map(YILMAZ)).to_numpy()
    by_rule = pd.concat(grid, ignore_index=True).drop_duplicates()
    columns = ["grouped", "low", "high", "growth", "group", "economies", "mean", "median"]
    return {
        "growth_by_group": summary.assign(printed=printed, difference=summary["mean"] - printed),
        "economies": _only(parts[0][1], asked.countries),
        "growth by definition": by_rule[columns],
    }


def _only(each: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Return the rows of these; one that was not middle income has none, and is no mistake."""
    return each[each["country"].isin(list(countries))] if countries else each


EXHIBITS = {
    "relative_passages": PaperExhibit(
        said="who rose above a share of the United States' income; beside published counts",
        tables=("pwt91", "paper_tables"),
        make=_relative,
        parameters={**CHART, "first": 1960, "last": 2008, "progress": 1, "national": 0},
        figure="papers.relative_passages:draw_relative_passages",
        note="GDP per head at PPPs, Penn World Table 9.1: rgdpo, with --set national=1 rgdpna; low "
        "and high are those of the World Bank's chart, whose GDP is Maddison's; gaining: progress "
        "points a year faster than the United States, our rule, for Lee's is not at hand",
    ),
    "growth_by_group": PaperExhibit(
        said="labour productivity growth of those who passed and those who did not",
        tables=("pwt91", "paper_tables"),
        make=_growth,
        parameters={**CHART, "first": 1950, "last": 2005, "national": 0},
        figure="papers.growth_by_group:draw_growth_by_group",
        note="% a year, rgdpna over emp, Penn World Table 9.1; middle income in the first year, "
        "passed: above high in the last; printed: Yilmaz (2016), whose economies and data are "
        "others",
    ),
}
