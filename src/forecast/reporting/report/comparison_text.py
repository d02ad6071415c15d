"""Scenarios side by side as a person reads them: blocks within eighty columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.projection.explain.attribution import TOTAL
from forecast.projection.explain.comparison import SHOWN_IN, ScenarioComparison
from forecast.reporting.differences import BEYOND, share_difference
from forecast.reporting.report.mark_rows import already, is_ahead, lacking
from forecast.reporting.wording import dollars, listed, passage_year, percent, points
from forecast.variables import Variables

WIDTH = 80
_NAME = 28


def comparison_lines(found: ScenarioComparison, country: str, variables: Variables) -> list[str]:
    """Return a comparison as lines of text of at most `WIDTH` characters.

    Scenarios that do not differ beyond Monte Carlo error have a sentence in place of their rows.
    """
    alike = found.table[found.table["like"] != ""]
    table = found.table[found.table["like"] == ""]
    lines = _wrapped(
        f"{country}, scenarios against '{found.against}': medians of {found.draws:,} paths that "
        "they share; in brackets 80 % of the paths' differences; ~: not beyond Monte Carlo error."
    )
    for row in alike.to_dict("records"):
        lines += ["", *_wrapped(_alike(row, found.years))]
    kept = set(table["scenario"])
    for title, rows in (
        *_income(found, table),
        *_growth(found, table),
        *_passage(found, table),
        *_marks(found.marks[found.marks["scenario"].isin(kept)]),
        ("Drivers at the horizon (the baseline's)", _drivers(found.moves, variables)),
        *_alone(found.moves, variables),
        *_attributed(found.attribution[found.attribution["scenario"].isin(kept)]),
        (
            "Economies' changes as large, of those on record: each driver's",
            _precedents(found.moves, variables),
        ),
        ("all of a scenario's at once", _precedents(found.table)),
    ):
        if rows:
            lines += ["", *_wrapped(title), *_aligned(rows)]
    for said in [*already(found.marks), *lacking(found.marks)]:
        lines += ["", *_wrapped(said)]
    if len(found.moves):
        lines += ["", *_wrapped("Effects not told from zero (95 % intervals), by scenario:")]
        lines += [line for said in _untold(found.moves, variables) for line in _note(said)]
    if found.notes:
        lines += ["", *_wrapped("Effects that the record does not identify:")]
        lines += [line for said in dict.fromkeys(found.notes.values()) for line in _note(said)]
    return lines


def _alike(row: dict[Any, Any], years: Sequence[int]) -> str:
    said = f"{row['scenario']} does not differ from {row['like']} beyond Monte Carlo error"
    for year in years[1:2]:
        if not np.isnan(row[f"income_{year}"]):
            said += f" (income in {year}: {_change(row, f'income_change_{year}', 1)} %)"
    return f"{said}."


def _income(found: ScenarioComparison, table: pd.DataFrame) -> list[tuple[str, list[list[str]]]]:
    blocks = []
    for year in found.years:
        rows = [
            [row["scenario"], dollars(row[f"income_{year}"]),
             _change(row, f"income_change_{year}", 1, row[f"differs_{year}"])]
            for row in _known(table, f"income_{year}")
        ]  # fmt: skip
        blocks.append((f"GNI per capita {year}, current US$, Atlas; difference, %", rows))
    return blocks


def _growth(found: ScenarioComparison, table: pd.DataFrame) -> list[tuple[str, list[list[str]]]]:
    blocks = []
    for year in found.years:
        rows = [
            [row["scenario"], f"{row[f'growth_to_{year}']:.2f}",
             _change(row, f"growth_change_{year}", 2, row[f"differs_{year}"])]
            for row in _known(table, f"growth_to_{year}")
        ]  # fmt: skip
        title = f"Growth of output per worker {found.first_year}-{year}, % a year; points"
        blocks.append((title, rows))
    return blocks


def _passage(found: ScenarioComparison, table: pd.DataFrame) -> list[tuple[str, list[list[str]]]]:
    """Return chances of the scenario compared with, and differences beyond Monte Carlo error."""
    rows = table.to_dict("records")
    base, years = rows[0], [y for y in found.passed_by if not np.isnan(rows[0][f"p_{y}"])]
    if not years:
        return []
    among = len(years) * (len(rows) - 1)
    changes = {
        row["scenario"]: {
            year: share_difference(row[f"p_change_{year}"], row[f"p_error_{year}"], among)
            for year in years
        }
        for row in rows[1:]
    }
    told = [y for y in years if any(change[y].clear for change in changes.values())]
    chances = listed([f"{percent(base[f'p_{year}'])} by {year}" for year in years])
    said = f"Passed the {found.line} in '{found.against}': {chances}"
    if not told:
        said += f"; in others no different {BEYOND}" if changes else ""
        return [(said, [["median year", passage_year(base)]])]
    cells = [
        [row["scenario"], *(changes[row["scenario"]][y].text for y in told), passage_year(row)]
        for row in rows[1:]
    ]
    said += "; points by which others differ"
    return [(said, [["", *(f"by {year}" for year in told), "median year"], *cells])]


def _marks(marks: pd.DataFrame) -> list[tuple[str, list[list[str]]]]:
    blocks = []
    for label, found in marks[is_ahead(marks)].groupby("label", sort=False):
        by = [year for year in SHOWN_IN if found[f"p_{year}"].notna().any()]
        rows = [
            [row["scenario"], *(percent(row[f"p_{year}"]) for year in by), passage_year(row)]
            for row in found.to_dict("records")
        ]
        asked = listed([str(year) for year in by])
        blocks.append((f"Passed {label} by {asked}; median year, 80 % of paths", rows))
    return blocks


def _drivers(moves: pd.DataFrame, variables: Variables) -> list[list[str]]:
    return [
        [row["scenario"], textwrap.shorten(variables.label(row["driver"]), _NAME, placeholder=".."),
         f"{row['value']:.2f}", f"({row['baseline']:.2f})"]
        for row in moves.to_dict("records")
    ]  # fmt: skip


def _attributed(attribution: pd.DataFrame) -> list[tuple[str, list[list[str]]]]:
    if attribution.empty:
        return []
    last = int(attribution["year"].max())
    now = attribution[attribution["year"] == last]
    income, passed = (now[now["variable"] == name] for name in ("income_median", "p_crossed"))
    both = income.merge(passed[["scenario", "driver", "value"]], on=["scenario", "driver"])
    rows = [
        [row["scenario"], "all" if row["driver"] == TOTAL else row["driver"],
         f"{round(row['value_x']) + 0:+,d}", points(row["value_y"])]
        for row in both.to_dict("records")
    ]  # fmt: skip
    said = f"Each driver's part, from the baseline, {last}: median income, US$; passed, points"
    return [(said, rows)]


def _alone(moves: pd.DataFrame, variables: Variables) -> list[tuple[str, list[list[str]]]]:
    if moves.empty:
        return []
    rows = [
        [row["scenario"], variables.short(row["driver"]), f"{row['effect']:+.1f}",
         f"({row['effect_low']:+.1f} to {row['effect_high']:+.1f})",
         "*" if row["includes_zero"] else ""]
        for row in moves.to_dict("records")
    ]  # fmt: skip
    year = int(moves["year"].max())
    said = f"Each driver moved alone: output per worker {year}, %; 95 % interval; *: zero in it"
    return [(said, rows)]


def _untold(moves: pd.DataFrame, variables: Variables) -> list[str]:
    """Return a sentence a scenario: the drivers whose own effect is not told from zero."""
    said = []
    for scenario, rows in moves.groupby("scenario", sort=False):
        open_ = [variables.short(name) for name in rows.loc[rows["includes_zero"], "driver"]]
        every = "all that it moves: " if len(open_) == len(rows) > 1 else ""
        said.append(f"{scenario}: {every}{listed(open_) or 'nothing'}.")
    return said


def _precedents(table: pd.DataFrame, variables: Variables | None = None) -> list[list[str]]:
    return [
        [row["scenario"], *([variables.short(row["driver"])] if variables else []),
         percent(row["precedent_share"]),
         f"of {row['precedent_windows']:.0f} over {row['precedent_years']:.0f} years"]
        for row in _known(table, "precedent_windows")
    ]  # fmt: skip


def _known(table: pd.DataFrame, column: str) -> list[dict[Any, Any]]:
    return table[table[column].notna()].to_dict("records")


def _change(row: dict[Any, Any], name: str, digits: int, differs: bool = True) -> str:
    low, middle, high = (
        f"{round(row[key], digits) + 0.0:+.{digits}f}"
        for key in (f"{name}_low", name, f"{name}_high")
    )
    same = row[f"{name}_low"] == row[f"{name}_high"] == 0  # the scenario compared with
    return "-" if same else _told(f"{middle} ({low} to {high})", differs)


def _told(change: str, differs: bool) -> str:
    return change if differs else f"~{change}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as aligned lines, the first column to the left and long names cut."""
    named = [[_cut(row[0]), *row[1:]] for row in rows]
    widths = [max(map(len, column)) for column in zip(*named, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 or cell[:1].isalpha() else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in named
    ]


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 2]}.."


def _wrapped(said: str) -> list[str]:
    return textwrap.wrap(said, WIDTH)


def _note(said: str) -> list[str]:
    return textwrap.wrap(said, WIDTH, initial_indent="- ", subsequent_indent="  ")
