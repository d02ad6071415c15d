"""The table that ends a run in the terminal, and the same as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.reporting.columns import in_columns
from forecast.reporting.wording import percent, points, year_shift, year_text

SHOWN = (2027, 2030, 2035)
COMPARED = 2030
ABOUT = ("lasting", "line", "above_at_origin")
HEADINGS = (
    "scenario",
    *(f"P by {year} (+-)" for year in SHOWN),
    "median year",
    "falls back",
    f"change by {COMPARED} (points)",
    "change of median (years)",
)


def scenario_lines(
    summary: pd.DataFrame, labels: Mapping[str, str] | None = None, width: int | None = None
) -> str:
    """Return one aligned row a scenario under a heading, as plain text.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``crossing_summary.csv``; the first row is the baseline.
    labels : dict, optional
        Scenario to label; its name stands where none is given.
    width : int, optional
        Characters of a line, within which cells wrap.

    Returns
    -------
    str
        Probability of having crossed by 2027, 2030 and 2035 (%) with its Monte Carlo standard
        error in points, median year, share of the paths that crossed which are below the line
        again by the horizon, and the changes against the baseline: percentage points at 2030,
        years of the median. A subject above the line already has no first passage: a sentence
        says so in place of the table.
    """
    labels = labels or {}
    if bool(summary.iloc[0].get("above_at_origin", False)):
        return _already(summary, labels)
    rows = [list(HEADINGS)]
    for row in scenario_json(summary):
        name = str(row["scenario"])
        rows.append(
            [
                labels.get(name, name),
                *(with_error(row, year) for year in SHOWN),
                year_text(_number(row["median_year"])),
                percent(_number(row["p_fallen_back"])),
                points(_number(row["change_p_2030"])),
                year_shift(_number(row["change_median_year"])),
            ]
        )
    return "\n".join(in_columns(rows, width, right=True))


def scenario_json(summary: pd.DataFrame) -> list[dict[str, object]]:
    """Return the same table as records ready for JSON.

    Probabilities, their Monte Carlo errors and ``change_p_2030`` are shares (0 to 1), years and
    ``change_median_year`` are whole numbers; what is not reached or beyond the horizon is None.
    """
    first = summary.iloc[0]
    records: list[dict[str, object]] = []
    for _, row in summary.iterrows():
        record: dict[str, object] = {"scenario": str(row["scenario"])}
        for year in SHOWN:
            record[f"p_{year}"] = _or_none(row[f"p_{year}"])
        record["median_year"] = _whole(row["median_year"])
        record["p_never"] = _or_none(row["p_never"])
        for name in (*(f"mc_se_{year}" for year in SHOWN), "mc_se_never", "p_fallen_back"):
            record[name] = _or_none(row.get(name, math.nan))
        for name in ("median_year_low", "median_year_high"):
            record[name] = _whole(row.get(name, math.nan))
        record |= {name: row[name] for name in ABOUT if name in row}
        record["change_p_2030"] = _or_none(row["p_2030"] - first["p_2030"])
        record["change_median_year"] = _whole(row["median_year"] - first["median_year"])
        records.append(record)
    return records


def with_error(row: Mapping[Any, Any] | pd.Series, year: int) -> str:
    """Return "54.1 % (0.5)": a probability and its Monte Carlo standard error in points.

    Parameters
    ----------
    row : mapping or pandas.Series
        A row of ``crossing_summary.csv``.
    year : int
        One whose probability it has.
    """
    error = _number(row[f"mc_se_{year}"])
    said = percent(_number(row[f"p_{year}"]))
    return said if math.isnan(error) else f"{said} ({100 * error:.1f})"


def _already(summary: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return a sentence in place of first passages that lie in the past."""
    line = summary.iloc[0]["line"]
    said = [f"above the {line} already: there is no first passage to come"]
    for _, row in summary.iterrows():
        name = str(row["scenario"])
        fall = percent(float(row["p_fallen_back"]))
        said.append(f"{labels.get(name, name)}: {fall} of paths fall below it by the horizon")
    return "\n".join(said)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)
