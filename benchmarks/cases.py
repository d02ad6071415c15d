"""Case files: what the method said of twenty economies at intervals of ten years, and what came.

    python benchmarks/cases.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/cases.md and the figures into docs/cases/. PACKAGE, by
name or folder, is one that holds all economies; ``full-2026.07`` if not named.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from forecast import catalog
from forecast.crosscountry.income_record import income_record
from forecast.evaluation.crossing.backtest import backtest_crossing, income_over_line
from forecast.evaluation.growth.backtest import backtest_growth
from forecast.evaluation.growth.case_file import (
    CASE_ECONOMIES,
    CASE_ORIGINS,
    case_file,
    case_verdicts,
)
from forecast.reporting.figures.case import draw_case
from forecast.reporting.figures.single_figure import write_figure
from forecast.sources.package.package import DataPackage, load

DOCS = Path(__file__).resolve().parents[1] / "docs"
TABLE = "pwt1001"
INTRO = """# Case files

Made by `benchmarks/cases.py` from `{package}`. For each economy: average growth of output per
capita (Penn World Table 10.01, constant national prices, % a year) that the shipped forecast said
in 1980, 1990, 2000 and 2010 with what was known then, its 80 % interval, and what came, over ten
years or as far as the table goes; `pit` is the probability that was put below what came. Then the
probability, said in 1997 to 2015 where the economy stood between 20 and 100 % of the high-income
line, of passing it within ten years. `forecast case COUNTRY --figure FILE` makes any economy's.

Of {n} intervals meant to hold 80 %, {inside} held what came ({share:.0f} %). Economies were chosen
for their stories, rises and collapses, so this is a hard sample; [skill](skill.md) has all.
"""


def page(package: DataPackage, folder: Path | None = None, jobs: int = 1) -> str:
    """Return the page; draw the figures into ``folder`` if one is given."""
    panel = package.panel(TABLE)
    cases = backtest_growth(
        panel, origins=(CASE_ORIGINS[0], CASE_ORIGINS[-1]), models=("pool",), jobs=jobs
    )
    verdicts = case_verdicts(cases)
    annual, lines = package.annual(), package.table("thresholds")
    passing = backtest_crossing(
        income_over_line(annual, lines),
        record=income_record(annual, lines),
        models=("pool",),
        horizons=(10,),
        origins=(1997, 2015),
    )
    names = catalog.countries().name
    held = int(verdicts["inside"].sum())
    text = INTRO.format(
        package=package.name,
        n=len(verdicts),
        inside=held,
        share=100 * held / len(verdicts),
    )
    for code in CASE_ECONOMIES:
        rows = panel.rows(code)
        case = case_file(cases, rows["rgdpna"] / rows["pop"], code)
        if folder is not None:
            source = f"Penn World Table 10.01 ({package.name}), own calculations"
            write_figure(draw_case(case, str(names[code]), source), folder / f"{code}.png")
        text += f"\n## {names[code]}\n\n![{names[code]}](cases/{code}.png)\n\n"
        text += _growth_table(verdicts[verdicts["country"] == code])
        text += _passing_lines(passing[passing["country"] == code])
    return text


def _growth_table(rows: pd.DataFrame) -> str:
    lines = ["| in | years | said | 80 % interval | came | pit |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {r.origin} | {r.horizon} | {r.said:.1f} | {r.low_80:.1f} to {r.high_80:.1f} | "
        f"{r.came:.1f}{'' if r.inside else ' (outside)'} | {r.pit:.2f} |"
        for r in rows.itertuples()
    ]
    return "\n".join(lines) + "\n"


def _passing_lines(rows: pd.DataFrame) -> str:
    """Return the probability said every five years, and whether the line was passed."""
    shown = rows[rows["origin"] % 5 == 0]
    if shown.empty:
        return ""
    said = "; ".join(
        f"{r.origin}: {100 * r.probability:.0f} % ({'passed' if r.event else 'not passed'})"
        for r in shown.itertuples()
    )
    return f"\nPassing the line within ten years, said in {said}.\n"


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "--write"]
    source = load(catalog.package_folder(given[0] if given else "full-2026.07"))
    if "--write" in sys.argv:
        (DOCS / "cases.md").write_text(page(source, DOCS / "cases", jobs=2), encoding="utf-8")
    else:
        print(page(source, jobs=2), end="")
