"""What the starter package says about its tables, sources, licences and faults."""

from __future__ import annotations

from collections.abc import Mapping

from forecast.sources.package.datapackage import Note

LICENSES: Mapping[str, Mapping[str, str]] = {
    "cc-by-4.0": {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0 International",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    "cc-by-3.0-igo": {
        "name": "CC-BY-3.0-IGO",
        "title": "Creative Commons Attribution 3.0 IGO",
        "path": "https://creativecommons.org/licenses/by/3.0/igo/",
    },
}

SOURCES: Mapping[str, Mapping[str, str]] = {
    "wdi": {
        "title": "World Bank, World Development Indicators, 2026-07-01",
        "path": "https://datacatalog.worldbank.org/search/dataset/0037712",
        "attribution": "The World Bank: World Development Indicators",
        "license": "CC-BY-4.0",
    },
    "wdi-2025": {
        "title": "World Bank, World Development Indicators, June 2025 (manufacturing share)",
        "path": "https://datacatalog.worldbank.org/search/dataset/0037712",
        "attribution": "The World Bank: World Development Indicators",
        "license": "CC-BY-4.0",
    },
    "classification": {
        "title": "World Bank, income classification and thresholds, 2026-07-01",
        "path": "https://datahelpdesk.worldbank.org/knowledgebase/articles/906519",
        "attribution": "The World Bank: Country and Lending Groups",
        "license": "CC-BY-4.0",
    },
    "pwt-10.01": {
        "title": "Penn World Table 10.01",
        "path": "https://www.rug.nl/ggdc/productivity/pwt/",
        "attribution": "Feenstra, Inklaar and Timmer (2015), The Next Generation of the Penn "
        "World Table, American Economic Review 105(10), 3150-3182",
        "license": "CC-BY-4.0",
    },
    "pwt-9.1": {
        "title": "Penn World Table 9.1, from Debian's package r-cran-pwt9",
        "path": "https://www.rug.nl/ggdc/productivity/pwt/pwt-releases/pwt9.1",
        "attribution": "Feenstra, Inklaar and Timmer (2015), The Next Generation of the Penn "
        "World Table, American Economic Review 105(10), 3150-3182",
        "license": "CC-BY-4.0",
    },
    "pwt-11.0": {
        "title": "Penn World Table 11.0, level columns",
        "path": "https://www.rug.nl/ggdc/productivity/pwt/",
        "attribution": "Feenstra, Inklaar and Timmer (2015), The Next Generation of the Penn "
        "World Table, American Economic Review 105(10), 3150-3182",
        "license": "CC-BY-4.0",
    },
    "wpp-2024": {
        "title": "United Nations, World Population Prospects 2024",
        "path": "https://population.un.org/wpp/",
        "attribution": "United Nations, Department of Economic and Social Affairs, Population "
        "Division (2024)",
        "license": "CC-BY-3.0-IGO",
    },
    "wpp-2024-ages": {
        "title": "United Nations, World Population Prospects 2024, population by age",
        "path": "https://population.un.org/wpp/",
        "attribution": "United Nations, Department of Economic and Social Affairs, Population "
        "Division (2024)",
        "license": "CC-BY-3.0-IGO",
    },
    "paper": {
        "title": "China's Industrial Modernization: Development Rationale, Current Status, and "
        "Policy Directions (China Economist, 2024)",
        "path": "https://doi.org/10.19602/j.chinaeconomist.2024.09.01",
        "attribution": "Institute of Industrial Economics, Chinese Academy of Social Sciences",
        "license": "figures cited",
    },
}

# Dates of publication of sources whose files do not carry one in their names.
VINTAGES: Mapping[str, str] = {
    "pwt-9.1": "2019-04",
    "pwt-10.01": "2023-01-23",
    "pwt-11.0": "2025-10",
    "wpp-2024": "2024-07",
    "wpp-2024-ages": "2024-07",
    "paper": "2024-09",
}

FAULTS: tuple[str, ...] = (
    "The manufacturing shares (June 2025) and the other indicators (July 2026) are of different "
    "vintages.",
    "Atlas GNI per capita is published rounded to 10 US$.",
    "R&D intensity of China was revised down in 2026 with GDP (2021: 2.43 to 2.38); a comparison "
    "with an earlier publication must name the vintage.",
)

MHT_IMPUTED = (
    "mht_share is imputed by the publisher for many economies and years (China: 41.45 from 2011 "
    "to 2022); a run of equal values carries no information about time."
)
PWT_ROUNDED = (
    "Penn World Table 10.01 reached us rounded to 3 decimals (tfp, tfp_level, human_capital to "
    "+-0.0005): up to 0.02 percentage points of five-year growth at an index of 1."
)

FLAG = (
    "imputed: one of 4 or more equal values in successive years; spliced: extended beyond the "
    "publisher's last year; else empty"
)

NOTES: Mapping[str, Note] = {
    "growth_panel": Note(
        title="Five-year growth panel, all economies",
        made="Computed from annual series: average log growth over the five years ending in "
        "'year', gaps to the United States five years before, means of the determinants over the "
        "five years where at least two have a value. Economies are those ever classified by "
        "income; aggregates are left out.",
        sources=("wdi", "wdi-2025", "pwt-10.01"),
        step=5,
        faults=(MHT_IMPUTED, PWT_ROUNDED),
    ),
    "imputed": Note(
        title="Which means of growth_panel rest on imputed years",
        made="Computed: share of the period's years with a value that are part of a run of 4 or "
        "more equal values in successive years. Rows with a share above zero only; exchange "
        "rates and other variables that may repeat themselves are left out.",
        sources=("wdi", "wdi-2025", "pwt-10.01"),
        keys=("country", "variable", "year"),
        step=5,
        columns={"share": "0 to 1"},
    ),
    "annual": Note(
        title="China, annual series",
        made="Published series rounded to the decimals shown. pop_growth is the log change of "
        "this table's population; fdi_inflow_gdp is the net inflow over GDP, both in current "
        "US$; human_capital is Penn World Table 9.1's (to 2017).",
        sources=("wdi", "wdi-2025", "pwt-9.1"),
        keys=("country", "variable", "year"),
        columns={"flag": FLAG},
        faults=(
            MHT_IMPUTED,
            "output_per_worker has no value for 2025.",
            "human_capital (Penn World Table 9.1) is 0.10 to 0.12 below that of growth_panel "
            "(10.01): compare changes, not levels, between the two tables.",
        ),
    ),
    "sdr_parts": Note(
        title="GDP deflators and exchange rates of the SDR currencies' economies",
        made="Published series, 1985 on, rounded to 2 and 4 decimals. The US dollar's rate is 1 "
        "by definition.",
        sources=("wdi",),
        keys=("country", "variable", "year"),
        faults=(
            "The euro's rate begins in 1999; Germany's and France's rates are the euro's from "
            "then on and have no value for 2025.",
        ),
    ),
    "thresholds": Note(
        title="Limits of the income classes by data year",
        made="As published: GNI per capita, Atlas method, current US$.",
        sources=("classification",),
        keys=("year",),
    ),
    "population_projection": Note(
        title="China, population to come",
        made="Totals of WPP 2024 with 80 and 95% bounds, to 0.1 million persons; share of ages "
        "15-64 of WPP 2024, medium variant, in % of all ages.",
        sources=("wpp-2024", "wpp-2024-ages"),
        keys=("country", "variable", "year"),
    ),
    "class_changes": Note(
        title="Changes of income class since 1987",
        made="Computed from the classification history: 'year' is the data year of the new "
        "class; an economy not classified for some years is compared with its last class. LM*, "
        "printed for Yemen in 1987 and 1988, is taken as LM.",
        sources=("classification",),
        columns={
            "from_class": "L, LM, UM or H, before",
            "to_class": "L, LM, UM or H, from 'year' on",
        },
    ),
    "relative_income": Note(
        title="Income relative to the high-income line and to the United States",
        made="Computed: means over the five years ending in 'year' of the yearly ratios, where "
        "at least two years have one.",
        sources=("wdi", "classification"),
        step=5,
        faults=(
            "The line exists from 1987 and PPP income from 1990, so the first means rest on "
            "fewer years.",
        ),
    ),
    "pwt91": Note(
        title="Penn World Table 9.1, 182 economies, 1950-2017",
        made="Its columns under their own names, 8 significant digits; rows without any value "
        "left out.",
        sources=("pwt-9.1",),
        digits=8,
        faults=(
            "Shares (csh_*) of small economies can be impossible, as Bermuda's in 1999; csh_m is "
            "negative by PWT's convention.",
        ),
    ),
    "paper_tables": Note(
        title="Figures printed in the paper",
        made="Transcribed. Economy WLD: a statement about all economies. Year 0: none printed.",
        sources=("paper",),
        keys=("table", "economy", "column", "year"),
        columns={
            "table": "table, figure or section of the paper",
            "economy": "ISO 3166 alpha-3 code, or WLD",
            "column": "what is measured: % unless the name says otherwise",
            "year": "year of the figure; 0 where none is printed",
            "value": "as printed",
            "note": "the paper's source, or where it states the figure",
        },
    ),
}
