"""The paper's Tables 1 and 2 and Figure 1 as printed, beside the same indicators of a package."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.errors import SpecError
from forecast.statistics.imputed import IMPUTED
from forecast.structure.printed.compare_printed import RECORD, compare_printed
from forecast.structure.printed.passage_years import passage_years
from forecast.structure.printed.period_label import period_label
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables
from forecast.study.exhibits.tables import own_annual

SUBJECT = "CHN"
ROWS = ("JPN", "ESP", "KOR", "BRA", "ARG", SUBJECT)  # as printed, and China
LENGTH = 5  # years of a period of growth_panel
STAGES = ["exports_intermediate_goods", "exports_capital_goods"]
EXPORTS = "intermediate_capital_exports"
BRING = "not in the package; bring"
TABLE_1 = {
    "mht_share": "not in the package",
    "chemicals_machinery_share": f"{BRING} WDI's NV.MNF.CHEM.ZS.UN and "
    "NV.MNF.MTRN.ZS.UN, summed: forecast data add FILE --as table",
    EXPORTS: f"{BRING} WITS trade summaries: forecast data add FILE --as wits",
}
MSTI = f"{BRING} the OECD's MSTI: forecast data add FILE --as oecd"
TABLE_2 = {"rd_gdp": "not in the package", "basic_research_gdp": MSTI, "business_rd_gdp": MSTI}
SOURCES = {"1": "WDI and WITS", "2": "OECD and WDI"}
NEEDED = ("paper_tables", "annual", "growth_panel", "class_changes", "relative_income")
BESIDE = ("imputed", "added", "classes")
FIGURE_1 = {  # as the text beside the figure places them: 1 above China, -1 below
    "KOR": 1, "USA": 1, "JPN": 1, "DEU": 1, "GBR": 1, "high income": 1, "OECD": 1,
    "EU": -1, "upper middle income": -1, "FRA": -1, "CAN": -1, "ITA": -1,
}  # fmt: skip
GROUPS = {"high income": "H", "upper middle income": "UM", "OECD": "", "EU": ""}
PLACES = {1: "above China", -1: "below China", 0: ""}
FIGURE_YEAR = 2021
OWN = "country, year, and columns of the table"
TEXT = [
    "country", "indicator", "said", "year", "text", "table", "text_less_table", "value",
    "value_year",
]  # fmt: skip


def _record(tables: Tables, names: list[str]) -> pd.DataFrame:
    """Return the package's values of years and means of periods, in the form of `RECORD`."""
    if EXPORTS in names:
        names = [*names, *STAGES]
    parts = [tables[name] for name in ("annual", "added") if name in tables]
    if "own" in tables:
        held = [name for name in names if name in tables["own"]]
        own = tables["own"].melt(["country", "year"], held, "variable", "value")
        parts.append(own.dropna(subset="value"))
    long = pd.concat(parts, ignore_index=True)
    # what the package has goes before a file of one's own
    long = long[long["variable"].isin(names)].drop_duplicates(["country", "year", "variable"])
    marked = long["flag"].eq(IMPUTED).astype(float)
    single = long.assign(first=long["year"], last=long["year"], imputed=marked)
    panel = tables["growth_panel"]
    held = [name for name in names if name in panel]
    means = panel.melt(["country", "year"], held, "variable", "value").dropna(subset="value")
    means = means.assign(first=means["year"] - LENGTH + 1, last=means["year"], imputed=0.0)
    if "imputed" in tables:
        keys = ["country", "year", "variable"]
        means = means.drop(columns="imputed").merge(tables["imputed"], "left", keys)
        means = means.rename(columns={"share": "imputed"}).fillna({"imputed": 0.0})
    found = pd.concat([single, means], ignore_index=True).rename(columns={"variable": "indicator"})
    return pd.concat([found, _summed(found)], ignore_index=True)[RECORD]


def _summed(found: pd.DataFrame) -> pd.DataFrame:
    """Return intermediate and capital goods as one share where both are known."""
    parts = found[found["indicator"].isin(STAGES)]
    by = parts.groupby(["country", "first", "last"])
    both = by.agg(value=("value", "sum"), imputed=("imputed", "max"), parts=("value", "size"))
    both = both[both["parts"] == len(STAGES)].reset_index()
    return both.assign(indicator=EXPORTS)


def _printed(tables: Tables, name: str) -> pd.DataFrame:
    rows = tables["paper_tables"]
    rows = rows[rows["table"] == name]
    return rows.rename(columns={"economy": "country", "column": "indicator"})


def _table(number: str, missing: dict[str, str], tables: Tables, asked: Asked) -> Tables:
    if asked.year is not None and asked.at_passage:
        raise SpecError("--year and --at passage are two answers to one question; give one")
    name, record = f"table_{number}", _record(tables, list(missing))
    countries = list(asked.countries or ROWS)
    years = {} if asked.year is None else dict.fromkeys(countries, asked.year)
    passed = passage_years(tables["class_changes"], tables["relative_income"], countries)
    told = dict(zip(passed["country"], passed["told"], strict=True))
    if asked.at_passage:
        known = passed.dropna(subset="year")
        years = dict(zip(known["country"], known["year"].astype(int), strict=True))
    found = compare_printed(
        _printed(tables, name), record, countries, missing=missing, years=years,
        edition=f"another edition or source; printed from {SOURCES[number]}",
    )  # fmt: skip
    if asked.at_passage:
        never = ~found["country"].isin(list(years))
        found.loc[never, ["value", "difference"]] = np.nan
        found.loc[never, "value_year"] = ""
        said = found["country"].map(told)
        found["reason"] = said.where(never, said + "; " + found["reason"]).str.rstrip("; ")
    text = _text(tables, name, record, missing, countries)
    made: Tables = {f"paper_{name}": found, "running text": text}
    return made | ({"passages": passed} if asked.at_passage else {})


def _text(
    tables: Tables,
    name: str,
    record: pd.DataFrame,
    missing: dict[str, str],
    countries: list[str],
) -> pd.DataFrame:
    """Return what the running text says beside the table, with the table's own figure."""
    rows = _printed(tables, f"{name}_text")
    rows = rows[rows["country"].isin(countries)].reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame(columns=TEXT)
    plain = rows.assign(indicator=rows["indicator"].str.removesuffix("_passed"))
    table = _printed(tables, name).set_index(["country", "indicator", "year"])["value"]
    keys = pd.MultiIndex.from_frame(plain[["country", "indicator", "year"]])
    cells = zip(range(len(plain)), plain["country"], plain["indicator"], strict=True)
    beside = [
        compare_printed(plain.iloc[[i]], record, [country], missing={indicator: missing[indicator]})
        for i, country, indicator in cells
    ]
    found = pd.concat(beside, ignore_index=True)
    return pd.DataFrame(
        {
            "country": plain["country"],
            "indicator": plain["indicator"],
            "said": np.where(rows["indicator"] == plain["indicator"], "level", "passed"),
            "year": plain["year"],
            "text": plain["value"],
            "table": table.reindex(keys).to_numpy(),
            "text_less_table": plain["value"] - table.reindex(keys).to_numpy(),
            "value": found["value"],
            "value_year": found["value_year"],
        }
    )


def _figure(tables: Tables, asked: Asked) -> Tables:
    """Return R&D as % of GDP in the paper's year and today, China beside economies and groups."""
    year = FIGURE_YEAR if asked.year is None else asked.year
    record = pd.concat([_record(tables, ["rd_gdp"]), _group_means(tables)], ignore_index=True)
    printed = _printed(tables, "figure_1")
    named = list(asked.countries) or [*FIGURE_1, SUBJECT]
    found = compare_printed(
        printed, record, list(dict.fromkeys([*named, SUBJECT])),
        missing={"rd_gdp": "no value"}, edition="another edition; printed from WDI",
        years=dict.fromkeys(named, year),
    )  # fmt: skip
    placed = found["country"].map(FIGURE_1).fillna(0).astype(int)
    own = record[(record["country"] == SUBJECT) & (record["indicator"] == "rd_gdp")]
    labels = map(period_label, own["first"].astype(int), own["last"].astype(int))
    spans = dict(zip(labels, own["value"], strict=True))
    # like is set beside like: a mean beside China's mean of the same years
    apart = found["value"] - found["value_year"].map(spans).astype(float)
    stands = pd.Series(np.sign(apart).where(found["country"] != SUBJECT), index=found.index)
    reasons = found["reason"].where(
        ~found["country"].isin(list(GROUPS)) | found["value"].notna(),
        "a group; the package has none, the text gives its place alone",
    )
    table = found.drop(columns=["indicator", "reason"]).assign(
        printed_place=placed.map(PLACES),
        place=stands.fillna(0).astype(int).map(PLACES),
        agrees=np.where(placed == stands, "yes", "no"),
        reason=reasons,
    )
    table.loc[(placed == 0) | stands.isna(), "agrees"] = ""
    table.insert(1, "name", table["country"].replace(catalog.countries().name))
    return {"paper_figure_1": table}


def _group_means(tables: Tables) -> pd.DataFrame:
    """Return means over income classes, weighted by GDP, where a package has all that they need.

    Classes are those of the year; economies without a figure of the year are left out. A year in
    which fewer than half of a class's GDP is covered has no mean.
    """
    annual = tables["annual"]
    rows = annual[annual["variable"].isin(["rd_gdp", "gdp_current"])]
    wide = rows.pivot(index=["country", "year"], columns="variable", values="value")
    if "classes" not in tables or not {"rd_gdp", "gdp_current"} <= set(wide.columns):
        return pd.DataFrame(columns=RECORD)
    joined = wide.join(
        tables["classes"].set_index(["country", "year"])["income_class"], how="inner"
    )
    return _weighted(joined.dropna(subset=["gdp_current"]).reset_index())


def _weighted(joined: pd.DataFrame) -> pd.DataFrame:
    known = joined["rd_gdp"].notna()
    joined = joined.assign(
        spent=joined["rd_gdp"] * joined["gdp_current"], covered=joined["gdp_current"].where(known)
    )
    sums = joined.groupby(["income_class", "year"])[["spent", "covered", "gdp_current"]].sum()
    sums = sums[sums["covered"] > sums["gdp_current"] / 2].reset_index()
    labels = {code: name for name, code in GROUPS.items() if code}
    sums = sums[sums["income_class"].isin(list(labels))]
    return pd.DataFrame(
        {
            "country": sums["income_class"].map(labels), "indicator": "rd_gdp",
            "first": sums["year"], "last": sums["year"],
            "value": sums["spent"] / sums["covered"], "imputed": 0.0,
        }
    )  # fmt: skip


def _table_1(tables: Tables, asked: Asked) -> Tables:
    return _table("1", TABLE_1, tables, asked)


def _table_2(tables: Tables, asked: Asked) -> Tables:
    return _table("2", TABLE_2, tables, asked)


_NOTE = (
    "difference is value less printed; at passage: the first change to high income on record, "
    "also where the economy fell back later"
)


def _table_beside(said: str, make: Callable[[Tables, Asked], Tables]) -> PaperExhibit:
    return PaperExhibit(
        said=said,
        tables=NEEDED,
        optional=BESIDE,
        own=OWN,
        read_own=own_annual,
        make=make,
        takes=("year", "at_passage"),
        figure="papers.printed_tables:draw_printed_table",
        note=_NOTE,
    )


EXHIBITS = {
    "paper_table_1": _table_beside(
        "the paper's table 1, manufacturing and exports at the passage, beside the package",
        _table_1,
    ),
    "paper_table_2": _table_beside(
        "the paper's table 2, research spending, beside the package",
        _table_2,
    ),
    "paper_figure_1": PaperExhibit(
        said="the paper's figure 1, R&D as % of GDP of economies and groups, China marked",
        tables=NEEDED,
        optional=BESIDE,
        make=_figure,
        takes=("year",),
        figure="papers.printed_rd:draw_printed_rd",
        note="of the others the paper prints bars and places, no figures; income groups are "
        "weighted by GDP, of a full package; EU and OECD are in no package",
    ),
}
