"""Every economy's chances of passing the lines of the World Bank's classes.

    python benchmarks/world.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/world.md and its figure beside it. PACKAGE, by name or
folder; the study's if not named.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.reporting.figures.single_figure import write_figure
from forecast.reporting.figures.world import draw_world
from forecast.reporting.report.world_text import chance_text, ordered, span_text
from forecast.specs.line import PUBLISHED
from forecast.study.world import World, world

DOCS = Path(__file__).resolve().parents[1] / "docs"
SHOWN = 0.05  # an economy whose chance in the last year is smaller is not listed
INTRO = """# The world: who passes which line, and when

Made by `benchmarks/world.py` from `{package}`; `forecast world` prints it, with every economy.
Income of {origin} and the income chain fitted on all economies' past
(`crosscountry/chain/fit_chain.py`, `crosscountry/world.py`), with the IMF's view of growth.

- over: income over the line in {origin}. Columns of years: chance, %, of having been above the line
  in a year after {origin} by then. median, 10-90 %: first years by which that is 50, 10 and 90 %
  (none by {until} where a year is missing). back: chance of having passed and been below again by
  {last}. Chances take every past error vector once: they carry no Monte Carlo error.
- Income above the line is not yet a class: the World Bank classifies in July of the year after, by
  the figures of then, and 161 times in 7,320 an economy above the line of today's figures was not
  of the class. class: the last one; where no change is on record, that of income.
- Listed are economies with a chance of {shown:.0f} % or more by {last}.
- On past origins the chain's 80 % intervals held 79 to 83 % of what came over all economies, but
  88 % at 60-100 % of the line over ten years and 75 to 78 % where exchange rates are wild; on the
  upper-middle line ten-year chances were too low (said .24, came .36).

![Economies whose passage is most open](figures/world.png)
"""


def page(high: World) -> str:
    """Return the page from the high-income table; the other lines are of the same package."""
    table = high.table
    years = sorted(set(table.chances["year"]))
    text = INTRO.format(
        package=high.package,
        origin=table.origin,
        until=table.until,
        last=years[-1],
        shown=100 * SHOWN,
    )
    for line in PUBLISHED:
        found = high if line == "high" else world(high.package, line=line)
        text += f"\n## The {PUBLISHED[line]}\n\n" + _line(found, line == "high")
    return text


def _line(found: World, backwards: bool) -> str:
    text = _below(found) + "\n" + _totals(found)
    return text + ("\n" + _above(found) if backwards else "")


def _below(found: World) -> str:
    rows = found.table.economies[~found.table.economies["above"]]
    passed = _wide(found, "passed")
    back = _wide(found, "back").iloc[:, -1]
    chosen = ordered(rows[_open(rows, passed)], passed).to_dict("records")
    cells = [
        [
            str(r["name"]),
            str(r["group"]),
            f"{r['income_over_line']:.2f}",
            *(chance_text(p) for p in passed.loc[r["country"]]),
            "-" if np.isnan(r["median_year"]) else f"{r['median_year']:.0f}",
            span_text(r["year_p10"], r["year_p90"]),
            chance_text(back[r["country"]]),
        ]
        for r in chosen
    ]
    head = ["economy", "class", "over", *map(str, passed.columns), "median", "10-90 %", "back"]
    left_out = len(rows) - len(chosen)
    return _table(head, cells) + f"\nBelow the line and not listed: {left_out}.\n"


def _above(found: World) -> str:
    rows = found.table.economies[found.table.economies["above"]]
    below = _wide(found, "below")
    chosen = ordered(rows[_open(rows, below)], below).to_dict("records")
    cells = [
        [
            str(r["name"]),
            str(r["group"]),
            f"{r['income_over_line']:.2f}",
            *(chance_text(p) for p in below.loc[r["country"]]),
        ]
        for r in chosen
    ]
    head = ["economy", "class", "over", *map(str, below.columns)]
    said = f"Above the line in {found.table.origin}; chance, %, of being below in the year:\n\n"
    return said + _table(head, cells)


def _totals(found: World) -> str:
    cells = [
        [
            f"{r['year']:.0f}",
            f"{r['passages']:.1f} ({r['passages_low']:.0f}-{r['passages_high']:.0f})",
            f"{r['back']:.1f}",
            f"{r['people']:,.0f} ({r['people_low']:,.0f}-{r['people_high']:,.0f})",
        ]
        for r in found.table.totals.to_dict("records")
    ]
    said = (
        "Expected number of economies that pass, of those below again, and million people in "
        f"those that pass ({found.people}; {found.table.uncounted} not counted), with 80 "
        "% intervals of joint draws:\n\n"
    )
    return said + _table(["by", "passages", "of them back", "people"], cells)


def _wide(found: World, column: str) -> pd.DataFrame:
    return found.table.chances.pivot(index="country", columns="year", values=column)


def _open(rows: pd.DataFrame, chances: pd.DataFrame) -> np.ndarray:
    return chances.iloc[:, -1].reindex(rows["country"]).to_numpy() >= SHOWN


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "--write"]
    found = world(given[0] if given else None)
    if "--write" in sys.argv:
        (DOCS / "world.md").write_text(page(found), encoding="utf-8")
        source = f"data package {found.package}"
        write_figure(draw_world(found.table, source), DOCS / "figures" / "world.png")
    else:
        print(page(found), end="")
