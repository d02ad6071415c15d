"""Turn the list of published figures into facts.csv: python read_facts.py FACTS.md.

The list is a Markdown text with one series a line: a name, the years as FIRST-LAST, a colon and
the values in order, "." where none is published. The sections say whose series they are.
"""

import csv
import re
import sys
from pathlib import Path

LINE = re.compile(r"^(?:- )?(?P<what>.+), (?P<first>\d{4})-(?P<last>\d{4}): (?P<values>[-\d. ]+)$")
NAMES = {
    "high_above": "high_above",
    "upper bound of lower middle": "lower_middle_at_most",
    "upper bound of low": "low_at_most",
    "GNI per capita": "gni_pc_atlas",
    "GDP growth": "gdp_growth",
    "GDP deflator inflation": "gdp_deflator_inflation",
    "exchange rate": "exchange_rate",
    "local currency per US$": "exchange_rate",
    "GDP per capita": "gdp_pc_current",
    "population": "population",
    "ages 15-64, % of population": "share_15_64",
    "employment to population": "employment_rate",
    "GDP per person employed": "output_per_worker",
    "R&D expenditure": "rd_gdp",
    "manufacturing value added": "manuf_share",
    "industry value added": "industry_share",
    "agriculture value added": "agriculture_share",
    "medium and high-tech share": "mht_share",
    "exports": "exports_gdp",
    "imports": "imports_gdp",
    "gross capital formation": "investment_gdp",
    "gross savings": "savings_gdp",
    "high-technology exports": "high_tech_exports",
    "tertiary enrolment": "tertiary_enrolment",
    "researchers": "researchers",
    "urban population": "urban_share",
    "FDI net inflows": "fdi_inflow_gdp",
    "total, millions, WPP 2024 median": "population_median",
    "total, millions, WPP 2024 80% lower": "population_low80",
    "total, millions, WPP 2024 80% upper": "population_high80",
    "total, millions, WPP 2024 95% lower": "population_low95",
    "total, millions, WPP 2024 95% upper": "population_high95",
    "ages 15-64, % of total, WPP 2024": "share_15_64",
    "real GDP per capita growth": "growth_per_head",
    "real GDP growth": "gdp_growth",
    "GDP deflator": "gdp_deflator_inflation",
    "yuan per US$ that its GDP figures imply": "exchange_rate",
}
TABLES = {
    "High-income threshold": "thresholds",
    "China": "annual",
    "The SDR deflator's parts": "sdr_parts",
    "China's population to come": "population_projection",
    "The IMF's view, October 2025 (World Economic Outlook)": "imf_view",
}
# Listed for comparison only; the packages carry the later edition.
SUPERSEDED = ("- ages 15-64, % of total, WPP 2017",)


def read(path):
    """Yield table, country, variable, year and the figure as it is written."""
    table = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            table = TABLES.get(line[3:].strip(), "")
        if not table or any(line.startswith(start) for start in SUPERSEDED):
            continue
        found = LINE.match(line)
        if not found:
            if re.match(r"^(- )?.*\d{4}-\d{4}: ", line):
                raise SystemExit(f"not understood: {line[:80]}")
            continue
        what, country = found["what"], "CHN"
        if table == "sdr_parts":
            country, what = what[:3], what[4:]
        if table == "thresholds":
            country = ""
        starts = [key for key in NAMES if what.startswith(key)]
        variable = NAMES[max(starts, key=len)]
        values = found["values"].split()
        years = range(int(found["first"]), int(found["last"]) + 1)
        if len(values) != len(years):
            raise SystemExit(f"{what}: {len(values)} values for {len(years)} years")
        for year, value in zip(years, values, strict=True):
            if value != ".":
                yield table, country, variable, year, value


if __name__ == "__main__":
    rows = list(read(Path(sys.argv[1])))
    with Path(__file__).with_name("facts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "country", "variable", "year", "figure"])
        writer.writerows(rows)
