"""What a full package says about its tables, beyond those it shares with the starter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forecast.sources.build.notes import FLAG, MHT_IMPUTED, NOTES, PWT_ROUNDED
from forecast.sources.package.datapackage import Note

PWT_1001: Mapping[str, str] = {
    "rgdpe": "expenditure-side real GDP, chained PPPs, million 2017 US$",
    "rgdpo": "output-side real GDP, chained PPPs, million 2017 US$",
    "pop": "population, millions",
    "emp": "persons engaged, millions",
    "avh": "average annual hours worked by persons engaged",
    "hc": "human capital index, years of schooling and returns to education",
    "cgdpo": "output-side real GDP, current PPPs, million 2017 US$",
    "ctfp": "TFP level, current PPPs, USA = 1",
    "rgdpna": "real GDP, constant national prices, million 2017 US$",
    "rnna": "capital stock, constant national prices, million 2017 US$",
    "rtfpna": "TFP, constant national prices, 2017 = 1",
    "labsh": "share of labour compensation in GDP, current national prices",
    "delta": "average depreciation rate of the capital stock",
    "xr": "exchange rate, national currency per US$",
    "pl_gdpo": "price level of output-side GDP, USA in 2017 = 1",
    "csh_c": "share of household consumption, current PPPs",
    "csh_i": "share of gross capital formation, current PPPs",
    "csh_g": "share of government consumption, current PPPs",
    "csh_x": "share of merchandise exports, current PPPs",
    "csh_m": "share of merchandise imports, current PPPs, negative",
}
PWT_11: Mapping[str, str] = {
    "rgdpe": "expenditure-side real GDP, chained PPPs, million 2021 US$",
    "rgdpo": "output-side real GDP, chained PPPs, million 2021 US$",
    "ccon": "real consumption, current PPPs, million 2021 US$",
    "cda": "real domestic absorption, current PPPs, million 2021 US$",
    "cgdpe": "expenditure-side real GDP, current PPPs, million 2021 US$",
    "cgdpo": "output-side real GDP, current PPPs, million 2021 US$",
    "cn": "capital stock, current PPPs, million 2021 US$",
    "rgdpna": "real GDP, constant national prices, million 2021 US$",
    "rconna": "real consumption, constant national prices, million 2021 US$",
    "rdana": "real domestic absorption, constant national prices, million 2021 US$",
    "rnna": "capital stock, constant national prices, million 2021 US$",
}

FULL: Mapping[str, Note] = {
    "annual": Note(
        title="All economies, annual series",
        made="Published series as delivered. fdi_inflow_gdp and output_per_worker_pwt are "
        "computed; output_pwt and output_per_worker_pwt are extended beyond Penn World Table's "
        "last year by growth rates of the World Bank (flag 'spliced', table 'splices').",
        sources=("wdi", "wdi-2025", "pwt-10.01"),
        keys=("country", "variable", "year"),
        digits=15,
        columns={"flag": FLAG},
        faults=(MHT_IMPUTED, PWT_ROUNDED),
    ),
    "population_projection": Note(
        title="Population to come, all economies",
        made="Persons, WPP 2024 median with 80 and 95% bounds; share of ages 15-64, WPP 2024, "
        "medium variant, in % of all ages.",
        sources=("wpp-2024", "wpp-2024-ages"),
        keys=("country", "variable", "year"),
        digits=12,
    ),
    "classes": Note(
        title="Income classes by data year",
        made="As published. LM* is printed for Yemen in 1987 and 1988.",
        sources=("classification",),
        columns={"income_class": "L, LM, UM, H; LM*"},
    ),
    "pwt1001": Note(
        title="Penn World Table 10.01",
        made="Its columns under their own names; rows without any value left out.",
        sources=("pwt-10.01",),
        columns=PWT_1001,
        faults=(PWT_ROUNDED,),
    ),
    "pwt11": Note(
        title="Penn World Table 11.0, levels",
        made="Its level columns under their own names; rows without any value left out.",
        sources=("pwt-11.0",),
        columns=PWT_11,
        faults=(
            "The file that reached us gives Zimbabwe's 2021 to 2023 twice, 0.1% apart; its first "
            "rows are kept.",
        ),
    ),
    "vintages": Note(
        title="Superseded editions of annual series",
        made="Penn World Table 9.1's columns under the names that annual has for 10.01's.",
        sources=("pwt-9.1",),
        keys=("country", "variable", "vintage", "year"),
        columns={"vintage": "date of publication"},
        faults=("output_pwt is in 2011 US$ here and in 2017 US$ in annual; tfp has 2011 = 1.",),
    ),
    "splices": Note(
        title="Which years of annual are extended, and how",
        made="Declared in the dictionary of variables, key 'splice'.",
        sources=("pwt-10.01", "wdi"),
        keys=("country", "variable"),
        columns={
            "year": "first year added",
            "last_year": "last year added",
            "how": "what extends what",
        },
    ),
    "dropped": Note(
        title="What was left out, and why",
        made="Counted while the deliveries were checked.",
        sources=("wdi", "wdi-2025", "pwt-10.01", "wpp-2024", "wpp-2024-ages"),
        keys=("table", "source", "country", "variable", "reason"),
        columns={
            "table": "table that the rows would have gone to",
            "source": "key of the source",
            "country": "code, number or name as delivered; (all)",
            "variable": "name or publisher's code; (all)",
            "rows": "values, or rows of a wide table",
            "reason": "why",
        },
    ),
}
ORDER = (
    "growth_panel", "imputed", "annual", "vintages", "splices", "sdr_parts", "thresholds",
    "classes", "class_changes", "relative_income", "population_projection", "pwt91", "pwt1001",
    "pwt11", "paper_tables", "dropped",
)  # fmt: skip


def full_notes(variable_sources: Mapping[str, str], sources: tuple[str, ...]) -> dict[str, Note]:
    """Return the notes of a full package's tables, in its order.

    Parameters
    ----------
    variable_sources : mapping of variable to source key
        Of annual.
    sources : tuple of str
        Keys of the sources that the package has; others are not named.
    """
    notes = {**NOTES, **FULL}
    notes["annual"] = replace(notes["annual"], variable_sources=variable_sources)
    return {
        name: replace(
            notes[name], sources=tuple(key for key in notes[name].sources if key in sources)
        )
        for name in ORDER
    }
