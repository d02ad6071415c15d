"""The papers' Tables 1 and 2 and Figure 1, as printed and as a package has them now."""

from __future__ import annotations

import pandas as pd

from forecast.errors import DataError
from forecast.statistics.imputed import IMPUTED
from forecast.structure.printed import Indicators, at_passage, beside_printed
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables
from forecast.study.exhibits.tables import own_annual, wide_annual

NEEDED = ("paper_tables", "annual", "growth_panel", "class_changes")
MAJOR = (
    "CHN", "USA", "JPN", "DEU", "GBR", "KOR", "FRA", "ITA", "CAN", "BRA", "ARG", "ESP", "IND",
    "RUS",
)  # fmt: skip


def _table(tables: Tables, asked: Asked, name: str, columns: tuple[str, ...]) -> Tables:
    paper = tables["paper_tables"]
    printed = paper[paper["table"] == name][["economy", "column", "year", "value"]]
    own = _indicators(tables, columns)
    wanted = list(asked.countries) or [*dict.fromkeys(printed["economy"]), "CHN"]
    if asked.at_passage:
        passed = at_passage(tables["class_changes"], dict.fromkeys(wanted, ""))
        if not passed:
            raise DataError(f"exhibit {name}: none of these became high income since 1988")
        cells = _cells(list(passed), columns, passed)
    elif asked.year is not None:
        cells = _cells(wanted, columns, dict.fromkeys(wanted, asked.year))
    else:
        extra = [one for one in wanted if one not in set(printed["economy"])]
        shown = printed[printed["economy"].isin(wanted)]
        cells = pd.concat([shown, _cells(extra, columns, _latest(own, extra))], ignore_index=True)
    return {name: beside_printed(cells, own)}


def _cells(wanted: list[str], columns: tuple[str, ...], years: dict[str, int]) -> pd.DataFrame:
    rows = [(one, column, years[one], float("nan")) for one in wanted for column in columns]
    return pd.DataFrame(rows, columns=["economy", "column", "year", "value"])


def _latest(own: Indicators, wanted: list[str]) -> dict[str, int]:
    """Return the last year in which each economy has R&D or the first column, annual or mean."""
    found = {}
    for one in wanted:
        years = [
            int(frame.xs(one, level="country").dropna(how="all").index.max())
            for frame in (own.annual, own.means)
            if one in frame.index.get_level_values("country")
        ]
        found[one] = max(years) if years else 2024
    return found


def _indicators(tables: Tables, columns: tuple[str, ...]) -> Indicators:
    annual = tables["annual"]
    marked = annual[annual["flag"] == IMPUTED] if "flag" in annual else annual.iloc[:0]
    means = tables["growth_panel"].set_index(["country", "year"])
    at_hand = [c for c in columns if (annual["variable"] == c).any()]
    found = wide_annual(annual, at_hand)
    if "own" in tables:
        brought = tables["own"].set_index(["country", "year"])
        found = found.combine_first(brought[[c for c in columns if c in brought]])
    return Indicators(
        annual=found,
        means=means[[c for c in columns if c in means]],
        imputed=frozenset(
            zip(marked["country"], marked["year"].astype(int), marked["variable"], strict=True)
        ),
    )


TABLE_1 = ("mht_share", "chemicals_machinery_share", "intermediate_capital_exports")
TABLE_2 = ("rd_gdp", "basic_research_gdp", "business_rd_gdp")


def _table_1(tables: Tables, asked: Asked) -> Tables:
    return _table(tables, asked, "table_1", TABLE_1)


def _table_2(tables: Tables, asked: Asked) -> Tables:
    return _table(tables, asked, "table_2", TABLE_2)


def _figure_1(tables: Tables, asked: Asked) -> Tables:
    paper = tables["paper_tables"]
    printed = paper[paper["table"] == "figure_1"][["economy", "column", "year", "value"]]
    own = _indicators(tables, ("rd_gdp",))
    year = asked.year or int(printed["year"].iloc[0])
    wanted = list(asked.countries or MAJOR)
    cells = _cells(wanted, ("rd_gdp",), dict.fromkeys(wanted, year))
    told = dict(zip(printed["economy"], printed["value"], strict=True))
    if year == int(printed["year"].iloc[0]):
        cells["value"] = cells["economy"].map(told)
    found = beside_printed(cells, own)
    return {"figure_1": found.sort_values("value", ascending=False, ignore_index=True)}


EXHIBITS = {
    "paper_table_1": PaperExhibit(
        said="Table 1: manufacturing and exports at the passage, as printed and now",
        tables=NEEDED,
        own="country, year, and columns of the table",
        read_own=own_annual,
        make=_table_1,
        takes=("year", "at_passage"),
        note="printed figures: WDI and WITS of early 2024; means of five years where the package "
        "has no single years of an economy",
    ),
    "paper_table_2": PaperExhibit(
        said="Table 2: R&D, basic research and business R&D, as printed and now",
        tables=NEEDED,
        own="country, year, and columns of the table",
        read_own=own_annual,
        make=_table_2,
        takes=("year", "at_passage"),
        note="printed figures: OECD and WDI of early 2024; R&D begins in 1996",
    ),
    "paper_figure_1": PaperExhibit(
        said="Figure 1: R&D of major economies, China as printed and now",
        tables=NEEDED,
        make=_figure_1,
        takes=("year",),
        figure="papers.research:draw_research",
        note="the paper prints China's 2.43 alone; groups of economies are in no package",
    ),
}
