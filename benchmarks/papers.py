"""What the two papers measure, row by row: the command, the printed value, the data's, and why.

    python benchmarks/papers.py [--write]

Needs a full package (`forecast data build`). Prints a page; ``--write`` puts it into
docs/papers.md.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from forecast import catalog
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import paper_exhibit

PAGE = Path(__file__).resolve().parents[1] / "docs" / "papers.md"
Row = tuple[str, str, str, str, str]  # claim, command, printed, from the data, why they differ


def printed_tables(package: DataPackage) -> list[Row]:
    """Return a row a cell of Tables 1 and 2 and Figure 1."""
    rows: list[Row] = []
    for name, table in (("paper_table_1", "table_1"), ("paper_table_2", "table_2")):
        for cell in paper_exhibit(name, package)[name].itertuples():
            if pd.isna(cell.printed):
                continue
            found = "-" if pd.isna(cell.value) else f"{cell.value:.2f} ({cell.value_year})"
            place = f"{cell.country} {cell.printed_year}, `{cell.indicator}`"
            claim = f"{table.replace('_', ' ')}: {place}"
            rows.append((claim, f"`exhibit {name}`", f"{cell.printed:g}", found, cell.reason))
    one = paper_exhibit("paper_figure_1", package)["paper_figure_1"].set_index("country").loc["CHN"]
    rows.append(
        ("Figure 1: China 2021, R&D", "`exhibit paper_figure_1`", f"{one['printed']:g}",
         f"{one['value']:.2f}", "R&D revised down with GDP in 2026")
    )  # fmt: skip
    return rows


def measured(package: DataPackage) -> list[Row]:
    """Return the papers' counts and rates beside what the exhibits give."""
    counted = paper_exhibit("relative_passages", package)["beside the published counts"]
    counts = counted.set_index(["source", "count"])["here"]
    groups = paper_exhibit("growth_by_group", package)["growth_by_group"]
    grown = groups[groups["first"] == 1950].set_index("group")["mean"]
    world = paper_exhibit("world_manufacturing", package)["as printed"].set_index("year")
    last = world.index[-1]
    screen = paper_exhibit("deindustrialisation", package)
    china = screen["deindustrialisation"].query("country == 'CHN'")
    followed = screen["growth that followed"].set_index(["rule", "growth", "against"])
    after = followed.loc[("as cited", "5 years after", "never flagged")]
    less = followed.loc[("as cited", "5 after less 5 before", "never flagged")]
    place = paper_exhibit("manufacturing_range", package, parameters={"draws": 0})["standing"]
    rank = place.set_index("country").loc["CHN"]
    annual = package.annual().frame.xs("CHN", level="country")
    definition = "5.2 and 42.75 % of the United States; PWT 9.1, the source has Maddison's GDP"
    lee = "the same shares, 1960 and 2014; gaining: a point a year faster than the United States"
    return [
        ("middle income in 1960", "`exhibit relative_passages`", "101",
         f"{counts['World Bank (2013)', 'middle']}", definition),
        ("of which high income by 2008", "`exhibit relative_passages`", "13",
         f"{counts['World Bank (2013)', 'became_high']}", definition),
        ("Lee (2020): converged, 1960-2014", "`exhibit relative_passages`", "14",
         f"{counts['Lee (2020)', 'became_high']}", lee),
        ("Lee (2020): sustained growth", "`exhibit relative_passages`", "9",
         f"{counts['Lee (2020)', 'gaining']}", lee),
        ("Lee (2020): failed", "`exhibit relative_passages`", "52",
         f"{counts['Lee (2020)', 'others']}", lee),
        ("labour productivity growth 1950-2005, escaped", "`exhibit growth_by_group`", "4.3",
         f"{grown['passed']:.2f}", "groups by relative income; the paper's source has its own"),
        ("the same, trapped", "`exhibit growth_by_group`", "1.93",
         f"{grown['did not pass']:.2f}", "the same; poor economies are among them here"),
        ("premature deindustrialisation: is China flagged?", "`exhibit deindustrialisation`",
         "no", "no" if china.empty else f"{len(china)} spells", "industry employment stands in"),
        ("growth in the five years after the flag, points a year", "`exhibit deindustrialisation`",
         "a slowdown", f"{after['difference']:.1f} ({after['low']:.1f} to {after['high']:.1f}); "
         f"less the five before {less['difference']:.1f} ({less['low']:.1f} to {less['high']:.1f})",
         "against matched economies; growth was as slow before: no penalty shown"),
        ("China's manufacturing share, 2022", "package", "27.7",
         f"{annual['manuf_share'][2022]:.2f}", "edition of June 2025"),
        ("the share within a reasonable range", "`exhibit manufacturing_range`", "yes",
         f"rank {rank['rank']:.0f} of 100 at its income ({rank['share']:.1f} %, usual "
         f"{rank['usual']:.1f} %)", "above the usual, by quantile curves of all economies"),
        ("China's share of world manufacturing, 2023", "`exhibit world_manufacturing`", "35",
         f"{world.loc[2021, 'share']:.1f} (2021), {world.loc[last, 'share_carried']:.1f} ({last})",
         "value added; after 2021 others' last shares of GDP carried; the paper names no source"),
        ("China's GDP per head, 2022, US$", "package", "12,720",
         f"{annual['gdp_pc_current'][2022]:,.0f}", "revised"),
    ]  # fmt: skip


def milestones(package: DataPackage) -> list[Row]:
    """Return the second paper's scorecard, one row an indicator."""
    table = paper_exhibit("milestones", package)["milestones"]
    rows: list[Row] = []
    for one in table.itertuples():
        name = getattr(one, "label", getattr(one, "indicator", ""))
        value = getattr(one, "value", float("nan"))
        middle = getattr(one, "median", float("nan"))
        found = f"{value:.3g}, passers' median {middle:.3g}" if pd.notna(value) else "-"
        rows.append((f"milestone: {name}", "`exhibit milestones`", "-", found, ""))
    return rows


def scenarios() -> list[Row]:
    """Return the orientations, risks, opportunities and benchmarks, with their files."""
    rows: list[Row] = []
    for name in catalog.scenarios():
        one = catalog.scenario(name)
        if one.kind == "baseline":
            continue
        text = " ".join(one.because.split())
        where = text.split(": ")[0].split(". ")[0]
        numbered = "text without a number" if one.kind == "unquantified" else "a scenario"
        rows.append((f"{one.label} ({one.kind})", f"`project {name}`", where, numbered, ""))
    return rows


def page(package: DataPackage) -> str:
    """Return the page, made from a full package."""
    parts = {
        "Tables 1 and 2, Figure 1": printed_tables(package),
        "What the paper measures or cites": measured(package),
        "Milestones of the second paper (China)": milestones(package),
        "Orientations, risks, opportunities, benchmark paths": scenarios(),
    }
    lines = [
        "# The two papers, row by row",
        "",
        f"Made by `benchmarks/papers.py` from `{package.name}`. Printed figures are of *China's "
        "Industrial Modernization* (China Economist, 2024, DOI 10.19602/j.chinaeconomist."
        "2024.09.01), which cites others; a dash is a cell that no package carries, with what "
        "would. Commands are after `forecast`.",
    ]
    for title, rows in parts.items():
        lines += ["", f"## {title}", ""]
        lines += ["| what | command | printed | from the data | difference, because |"]
        lines += ["|---|---|---|---|---|", *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    from full_page import show_page

    show_page(page, PAGE)
