"""Published forecasts for China, set against what came and against simple rivals.

    python benchmarks/scoreboard.py [PACKAGE] [--write]

Prints a page; ``--write`` puts it into docs/scoreboard.md. PACKAGE, by name or folder, is one that
holds all economies; ``full-2026.07`` if not named.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from forecast import catalog
from forecast.crosscountry.class_entry import fit_class_entry
from forecast.evaluation.published.named_passages import named_passages
from forecast.evaluation.published.published_board import Board, scoreboard
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.named_years import read_published_passages
from forecast.sources.readers.published_forecasts import read_published_forecasts
from forecast.statistics.income_classes.class_events import class_events
from forecast.study.inputs import package_chain

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scoreboard.md"
INTRO = """# Scoreboard of published forecasts for China

Made by `benchmarks/scoreboard.py` from `{package}` and `data/published_forecasts.csv`;
`forecast scoreboard` prints it. {secondary} of {n} figures are secondary: seen in a report about
the forecast, not in the original, so a wrong window or rounding may be the report's.

Rivals know data through the year before the forecast was made, in today's edition: `drift` is
China's mean of the ten years before, `world_mean` that of all economies over twenty years (Penn
World Table 9.1, which ends in 2017), `fixed_shrinkage` 0.3 of the first and 0.7 of the second.

## Year of passage

The year is read as the year of the data; the World Bank's classification of July follows. `late`
is at least so many years where China has not passed. `drift`: the year in which relative income,
growing as in the ten years before, would have passed. `method`: the probability that the shipped
crossing forecast ([skill_crossing](skill_crossing.md)) gave, from the same date, to passing by the
year named.

"""
GROWTH = """
## Growth, % a year

Forecasts with at least one known year; the outcome is the mean of the known ones.

"""
NAMED = """
## Years named for many economies

By Philip Schellekens, Income classification through 2050, Moving Frontiers, August 2026 (repository
movingfrontiers/income-classification, CC BY 4.0; read there; `data/published_passages.csv`): the
first year of data with which each economy is high income, by a rule without probabilities. From
2025, `over the line`: income over the high-income line; `passed`: the income chain's probability
that income is above the line in any year through the one named; `class`: that the economy is
classified high income by then; `half`: the first year by which the chain gives passing one half,
through {last}. {missing} has no forecast: its income of 2025 is not known. What the rule was worth
at past origins is in [skill_chain](skill_chain.md).

"""
SUMMARY = """
Mean absolute error, percentage points, the rivals' on the same cases. Windows overlap, most are
still open, and {n} forecasts of one economy in one period are an anecdote, not a test.

"""


def page(package: DataPackage) -> str:
    """Return the page."""
    published = read_published_forecasts(catalog.home() / "data" / "published_forecasts.csv")
    board = scoreboard(
        published,
        package.annual(),
        package.panel("pwt91"),
        package.table("thresholds"),
        "CHN",
    )
    secondary = int((published["source_kind"] == "secondary").sum())
    text = INTRO.format(package=package.name, secondary=secondary, n=len(published))
    text += _passage(board) + GROWTH + _growth(board)
    text += SUMMARY.format(n=int(board.summary["n"].iloc[0])) + _summary(board)
    return text + _named(package)


def _named(package: DataPackage) -> str:
    named = read_published_passages(catalog.home() / "data" / "published_passages.csv")
    fit = package_chain(load(catalog.package_folder("starter-2026.07")))
    assert fit is not None
    income = package.annual().require(["gni_pc_atlas"])["gni_pc_atlas"].unstack("country")
    events = class_events(income, package.table("thresholds"), package.table("classes"))
    found = named_passages(named, fit, fit_class_entry(events, fit.origin))
    rows = [
        [
            str(r.year), r.country, f"{r.over_line:.2f}", f"{100 * r.passed:.0f} %",
            f"{100 * r.classified:.0f} %", "-" if pd.isna(r.half) else f"{r.half:.0f}",
        ]
        for r in found.itertuples()
    ]  # fmt: skip
    missing = ", ".join(sorted(set(named["country"]) - set(found["country"])))
    told = NAMED.format(last=int(found["year"].max()), missing=missing)
    return told + _table(["named", "economy", "over the line", "passed", "class", "half"], rows)


def _passage(board: Board) -> str:
    rows = [
        [
            r.made,
            r.by,
            str(r.predicted),
            r.outcome,
            "-" if pd.isna(r.years_late) else f"{r.years_late:.0f}",
            "never" if pd.isna(r.drift) else f"{r.drift:.0f}",
            "-" if pd.isna(r.pool) else f"{100 * r.pool:.0f} %",
        ]
        for r in board.passage.itertuples()
    ]
    return _table(["made", "by", "year named", "outcome", "late", "drift", "method"], rows)


def _growth(board: Board) -> str:
    known = board.growth[board.growth["years_known"] > 0]
    rows = [
        [
            r.made,
            r.by,
            r.target.removesuffix("_growth").replace("_", " "),
            f"{r.first_year}-{r.last_year}",
            f"{r.forecast:.1f}",
            f"{r.outcome:.1f} ({r.years_known} of {r.years} years)",
            f"{r.error:+.1f}",
            f"{r.error_drift:+.1f}",
            f"{r.error_world_mean:+.1f}",
            f"{r.error_fixed_shrinkage:+.1f}",
        ]
        for r in known.itertuples()
    ]
    head = ["made", "by", "of", "window", "forecast", "outcome", "error"]
    return _table([*head, "`drift`", "`world_mean`", "`fixed_shrinkage`"], rows)


def _summary(board: Board) -> str:
    names = ["mae", "mae_drift", "mae_world_mean", "mae_fixed_shrinkage"]
    rows = [
        [
            r["forecaster"],
            r["target"].removesuffix("_growth").replace("_", " "),
            f"{r['n']} ({r['complete']})",
            *(f"{r[name]:.1f}" for name in names),
        ]
        for r in board.summary.to_dict("records")
    ]
    head = ["forecaster", "of", "forecasts (complete)", "theirs"]
    return _table([*head, "`drift`", "`world_mean`", "`fixed_shrinkage`"], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "--write"]
    found = page(load(catalog.package_folder(given[0] if given else "full-2026.07")))
    if "--write" in sys.argv:
        PAGE.write_text(found, encoding="utf-8")
    else:
        print(found, end="")
