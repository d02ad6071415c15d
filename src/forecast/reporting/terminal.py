"""The table that ends a run in the terminal, and the same as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.reporting.columns import in_columns, wrap_text
from forecast.reporting.differences import alike_sentences, differences
from forecast.reporting.wording import percent, year_text

FIXED = (2027, 2030, 2035)  # years that every record of JSON has
ABOUT = ("lasting", "line", "above_at_origin")
WIDTH = 80


def scenario_lines(
    summary: pd.DataFrame,
    by_year: pd.DataFrame,
    income: pd.DataFrame,
    years: Sequence[int],
    labels: Mapping[str, str] | None = None,
    width: int | None = None,
) -> str:
    """Return the baseline's passage, and one aligned line a scenario that differs from it.

    Parameters
    ----------
    summary, by_year, income : pandas.DataFrame
        ``crossing_summary.csv``, ``crossing_probability.csv`` and ``income_change.csv``; the first
        scenario is the baseline.
    years : sequence of int
        Those to show.
    labels : dict, optional
        Scenario to label; its name stands where none is given.
    width : int, optional
        Characters of a line, within which cells wrap.

    Returns
    -------
    str
        Probability of having crossed by each year (%) with its Monte Carlo standard error in
        points, median year, and the share of the paths that crossed which are below the line again
        by the horizon. Below, differences from the baseline (`differences`), without years and
        scenarios in which there is none. A subject above the line already has no first passage: a
        sentence says so in place of the table.
    """
    labels = labels or {}
    if bool(summary.iloc[0].get("above_at_origin", False)):
        return _already(summary, labels)
    base, name = summary.iloc[0], str(summary.iloc[0]["scenario"])
    own = {row["year"]: row for row in by_year[by_year["scenario"] == name].to_dict("records")}
    rows = [
        ["scenario", *(f"by {year} (+-)" for year in years), "median year", "falls back"],
        [
            labels.get(name, name),
            *(chance(own[year]["p_crossed"], own[year]["mc_se"]) for year in years),
            year_text(_number(base["median_year"])),
            percent(_number(base["p_fallen_back"])),
        ],
    ]
    told = _against(summary, by_year, income, years, labels, width)
    return "\n".join([*in_columns(rows, width, right=True), *told])


def _against(
    summary: pd.DataFrame,
    by_year: pd.DataFrame,
    income: pd.DataFrame,
    years: Sequence[int],
    labels: Mapping[str, str],
    width: int | None,
) -> list[str]:
    """Return the scenarios' differences from the baseline, if there is a scenario."""
    if len(summary) < 2:
        return []
    found = differences(summary, by_year, income, years)
    lines = []
    if found.rows:
        head = ["less the baseline, points", *(f"by {year}" for year in found.years)]
        head += [*(["median year"] if found.medians else []), f"income {found.last}, %"]
        rows = [
            [
                labels.get(row.scenario, row.scenario),
                *(one.text for one in row.passed),
                *([year_text(row.median)] if found.medians else []),
                row.income.text if row.income else "-",
            ]
            for row in found.rows
        ]
        lines = ["", *in_columns([head, *rows], width, right=True)]
        if any("~" in cell for row in rows for cell in row[1:]):
            lines.append("~ not beyond Monte Carlo error")
    for said in alike_sentences(found, labels):
        lines += ["", *wrap_text(said, width or WIDTH)]
    return lines


def scenario_json(summary: pd.DataFrame) -> list[dict[str, object]]:
    """Return the same table as records ready for JSON.

    Probabilities, their Monte Carlo errors and ``change_p_2030`` are shares (0 to 1), years and
    ``change_median_year`` are whole numbers; what is not reached or beyond the horizon is None.
    Other years are in ``crossing_probability.csv``.
    """
    first = summary.iloc[0]
    records: list[dict[str, object]] = []
    for _, row in summary.iterrows():
        record: dict[str, object] = {"scenario": str(row["scenario"])}
        for year in FIXED:
            record[f"p_{year}"] = _or_none(row[f"p_{year}"])
        record["median_year"] = _whole(row["median_year"])
        record["p_never"] = _or_none(row["p_never"])
        for name in (*(f"mc_se_{year}" for year in FIXED), "mc_se_never", "p_fallen_back"):
            record[name] = _or_none(row.get(name, math.nan))
        for name in ("median_year_low", "median_year_high"):
            record[name] = _whole(row.get(name, math.nan))
        record |= {name: row[name] for name in ABOUT if name in row}
        record["change_p_2030"] = _or_none(row["p_2030"] - first["p_2030"])
        record["change_median_year"] = _whole(row["median_year"] - first["median_year"])
        records.append(record)
    return records


def chance(share: float, error: float) -> str:
    """Return "54.1 % (0.5)": a probability and its Monte Carlo standard error in points."""
    return percent(share) if math.isnan(error) else f"{percent(share)} ({100 * error:.1f})"


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
