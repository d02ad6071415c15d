"""Passages by relative income, growth of those that passed, what goes with passing upward."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError
from forecast.structure.transitions.hazard import discrete_hazard, spell_years
from forecast.structure.transitions.relative import (
    counts_by_definition,
    growth_by_group,
    relative_income_pwt,
    relative_passages,
)
from forecast.structure.transitions.spells import class_spells
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept

MEASURES = {"rgdpo": "output side, chained PPPs", "rgdpna": "national prices"}
LINES = ((0.05, 0.40), (0.05, 0.45), (0.05, 0.50), (0.05, 0.55), (0.10, 0.40), (0.10, 0.50))
AT_ENTRY = ("rd_gdp", "manuf_share", "openness")


def _relative(tables: Tables, asked: Asked) -> Tables:
    numbers = asked.parameters
    first, last = int(numbers["first"]), int(numbers["last"])
    incomes = {name: relative_income_pwt(tables["pwt91"], name) for name in MEASURES}
    found = relative_passages(incomes["rgdpo"], first, last, numbers["low"], numbers["high"])
    lines = dict.fromkeys([(numbers["low"], numbers["high"]), *LINES])
    paper = tables["paper_tables"]
    printed = paper[paper["table"] == "passages"][["column", "year", "value", "note"]]
    return {
        "relative_passages": kept(found, asked.countries).reset_index(drop=True),
        "counts by definition": counts_by_definition(
            list(incomes.items()), first, last, list(lines)
        ),
        "as printed": printed.reset_index(drop=True),
    }


def _growth(tables: Tables, asked: Asked) -> Tables:
    numbers = asked.parameters
    first, last = int(numbers["first"]), int(numbers["last"])
    relative = relative_income_pwt(tables["pwt91"], "rgdpo")
    begun, ended = int(numbers["grouped_from"]), int(numbers["grouped_to"])
    groups = relative_passages(relative, begun, ended, numbers["low"], numbers["high"])
    middle = groups[groups["group_first"] == "middle"].set_index("country")["group_last"]
    named = middle.map({"high": "passed", "middle": "did not pass", "low": "did not pass"})
    paper = tables["paper_tables"]
    printed = paper[paper["table"] == "productivity_growth"][["column", "value", "note"]]
    return {
        "growth_by_group": growth_by_group(tables["pwt91"], named, first, last),
        "as printed": printed.reset_index(drop=True),
    }


def _hazard(tables: Tables, asked: Asked) -> Tables:
    spells = class_spells(kept(tables["classes"], asked.countries))
    entered = spells[(spells["income_class"] == "UM") & spells["from_class"].notna()]
    rows = pd.DataFrame(
        {
            "country": entered["country"],
            "begin": entered["first"],
            "years": entered["years"],
            "up": entered["move"] == 1,
        }
    )
    panel = tables["growth_panel"].set_index(["country", "year"])
    panel = panel.assign(openness=panel["exports_gdp"] + panel["imports_gdp"])
    found = []
    for names in (("manuf_share", "openness"), AT_ENTRY):
        try:
            years = spell_years(rows, panel[list(names)])
            found.append(discrete_hazard(years, list(names)).assign(model=" + ".join(names)))
        except DataError as error:
            found.append(pd.DataFrame({"model": [" + ".join(names)], "term": [str(error)]}))
    return {"upward_hazard": pd.concat(found, ignore_index=True)}


EXHIBITS = {
    "relative_passages": PaperExhibit(
        said="who was middle income in one year and what became of it, relative to the US",
        tables=("pwt91", "paper_tables"),
        make=_relative,
        parameters={"first": 1960, "last": 2008, "low": 0.05, "high": 0.45},
        note="GDP per head of Penn World Table 9.1 over the United States'; the World Bank (2013) "
        "counted 101 and 13 with other data and its own thresholds, which were not read",
    ),
    "growth_by_group": PaperExhibit(
        said="labour productivity growth of middle-income economies that passed and did not",
        tables=("pwt91", "paper_tables"),
        make=_growth,
        parameters={
            "first": 1950, "last": 2005, "grouped_from": 1960, "grouped_to": 2008,
            "low": 0.05, "high": 0.45,
        },
        note="% a year; groups by relative income; Yilmaz (2016), as cited: 4.3 and 1.93 with "
        "groups of its own",
    ),
    "upward_hazard": PaperExhibit(
        said="what goes with leaving the upper-middle class upward, by state at entry",
        tables=("classes", "growth_panel"),
        make=_hazard,
        note="complementary log-log on years of spells, errors by economy; hazard ratios are for "
        "one standard deviation; falls and spells still on count as not leaving upward",
    ),
}  # fmt: skip
