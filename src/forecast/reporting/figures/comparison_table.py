"""The table below scenarios side by side: what a reader asks about each of them."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from forecast.projection.explain.comparison import PASSED_BY
from forecast.reporting.figures.style import FAINT, INK, QUIET, RULE, Lettering
from forecast.reporting.wording import passage_year, percent, points
from forecast.statistics.significance.told import is_told
from forecast.variables import Variables

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE = 0.137  # inches a line of text
PAD = 0.08
SIZE = 7.6
# Where columns begin, shares of the width, and how many characters a line of them has.
COLUMNS = {"scenario": (0.012, 21), "drivers": (0.2, 50), "growth": (0.565, 0),
           "passed": (0.67, 0), "year": (0.755, 0), "precedent": (0.865, 0)}  # fmt: skip
NOTE = (
    "Growth: % a year. In brackets: differences; 80 % of paths of the year; each driver's part of "
    "median income. *: the 95 % interval of the driver's own effect includes zero. Recorded: "
    "economies' changes over as many years with at least all of the scenario's."
)

NOTE_HEIGHT = 0.34


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One scenario's cells, by column of `COLUMNS`, as lines of text; the first row is the heads.

    Attributes
    ----------
    cells : dict of column to text
    faint : tuple of columns
        Cells whose difference is not beyond Monte Carlo error.
    """

    cells: dict[str, str]
    faint: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        """Inches that the row takes."""
        return PAD + LINE * max(cell.count("\n") + 1 for cell in self.cells.values())


def table_rows(
    comparison: pd.DataFrame, moves: pd.DataFrame, lettering: Lettering, until: int
) -> list[TableRow]:
    """Return the heads and a row a scenario.

    Parameters
    ----------
    comparison : pandas.DataFrame
        ``ScenarioComparison.to_frame()``, in the order of the rows.
    moves : pandas.DataFrame
        ``ScenarioComparison.moves``.
    lettering : Lettering
    until : int
        Last year of the mean of growth that is shown.
    """
    known = [int(n[2:]) for n in map(str, comparison) if re.fullmatch(r"p_\d{4}", n)]
    known = [year for year in known if comparison[f"p_{year}"].notna().any()]
    by = max([year for year in known if year in PASSED_BY] or known, default=0)
    among = len(known) * (len(comparison) - 1)
    parts = moves["part_year"].dropna()
    part = f"\n(and part of income {parts.iloc[0]:.0f}, US$)" if len(parts) else ""
    year = int(moves["year"].max()) if len(moves) else until
    heads = {
        "scenario": "Scenario",
        "drivers": f"Drivers, change by {year}{part}",
        "growth": f"Growth to\n{until}, %",
        "passed": f"Passed\nby {by}" if by else "",
        "year": "Median\nyear",
        "precedent": "Recorded\nas large",
    }
    rows = [TableRow(cells=heads)]
    for row in comparison.to_dict("records"):
        own = moves[moves["scenario"] == row["scenario"]]
        rows.append(_row(row, own, lettering, until, by, among))
    return rows


def draw_table(figure: Figure, rows: list[TableRow], top: float, height: float) -> None:
    """Write the rows, the heads in bold, from ``top`` inches above the foot of the figure down."""
    from matplotlib.lines import Line2D

    at = top
    for place, row in enumerate(rows):
        for name, text in row.cells.items():
            left = COLUMNS[name][0]
            look = FAINT if name in row.faint else QUIET if place == 0 else INK
            weight = "bold" if place == 0 or name == "scenario" else "normal"
            for nth, line in enumerate(text.split("\n"), start=1):
                y = at - PAD / 2 - LINE * (nth - 0.25)
                figure.text(left, y / height, line, size=SIZE, color=look, weight=weight)
        at -= row.height
        ends = [COLUMNS["scenario"][0], 0.985]
        figure.add_artist(Line2D(ends, [at / height] * 2, color=RULE, lw=0.6))
    note = textwrap.fill(NOTE, 128)
    figure.text(0.012, (at - PAD) / height, note, size=7.2, color=QUIET, va="top", linespacing=1.3)


def _row(
    row: dict[Any, Any],
    own: pd.DataFrame,
    lettering: Lettering,
    until: int,
    by: int,
    among: int,
) -> TableRow:
    base = row["scenario"] == row["against"]
    growth = f"{row[f'growth_to_{until}']:.2f}"
    passed = percent(row[f"p_{by}"]) if by else ""
    if not base:
        growth += f" ({round(row[f'growth_change_{until}'], 2) + 0.0:+.2f})"
        passed += f"\n({points(row[f'p_change_{by}'])})" if by else ""
    clear = {
        "growth": row[f"differs_{until}"],
        "passed": not by or is_told(row[f"p_change_{by}"], row[f"p_error_{by}"], among),
    }
    quiet = [name for name, told in clear.items() if not base and not told]
    name = lettering.scenarios.get(row["scenario"], row["scenario"])
    drivers = "; ".join(_driver(one, lettering.variables) for one in own.to_dict("records"))
    cells = {
        "scenario": _filled(name, "scenario"),
        "drivers": _filled(drivers, "drivers"),
        "growth": growth,
        "passed": passed,
        "year": passage_year(row).replace(" (", "\n("),
        "precedent": _precedent(row),
    }
    return TableRow(cells=cells, faint=tuple(quiet))


def _driver(row: dict[Any, Any], variables: Variables) -> str:
    """Return a driver's change and part, in one piece that no line ends within."""
    star = "*" if row["includes_zero"] else ""
    change = f"{row['change']:+.{1 if abs(row['change']) >= 1 else 2}f}"
    part = row["part_income"]
    added = "" if np.isnan(part) else f" ({round(part) + 0:+,d})"
    return f"{variables.short(row['driver'])}{star} {change}{added}".replace(" ", "\u00a0")


def _precedent(row: dict[Any, Any]) -> str:
    if np.isnan(row["precedent_windows"]):
        return ""
    many, years = row["precedent_windows"], row["precedent_years"]
    share = percent(row["precedent_share"]) if row["precedent_share"] else "none"
    return f"{share} of {many:.0f},\n{years:.0f} years" if many else "no record"


def _filled(text: str, column: str) -> str:
    return textwrap.fill(text, COLUMNS[column][1], break_on_hyphens=False)
