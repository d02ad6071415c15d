"""The study's marks in a table of scenarios, and in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.reporting.wording import passage_year, percent

SHOWN = 2040  # the year of the probability shown of a mark that is due in none


def mark_section(
    marks: pd.DataFrame | None, labels: Mapping[str, str], because: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the report shows of the marks.

    Parameters
    ----------
    marks : pandas.DataFrame or None
        `mark_table`; None where the study has no mark.
    labels : mapping of scenario to label
    because : mapping of mark to its reason

    Returns
    -------
    dict
        ``mark_heads``, label and year of the probability of each mark that lies ahead;
        ``mark_rows``, one a scenario with a probability and a year of each of them;
        ``marks_said``, sentences on the other marks, and ``mark_reasons``.
    """
    if marks is None:
        return {"mark_heads": [], "mark_rows": [], "marks_said": [], "mark_reasons": []}
    ahead = marks[is_ahead(marks)]
    return {
        "mark_heads": [
            (row["label"], _asked(row)) for row in ahead.drop_duplicates("mark").to_dict("records")
        ],
        "mark_rows": [
            (labels.get(str(name), str(name)), [_cells(row) for row in found.to_dict("records")])
            for name, found in ahead.groupby("scenario", sort=False)
        ],
        "marks_said": [*already(marks), *lacking(marks)],
        "mark_reasons": [
            (_capital(row["label"]), " ".join(because.get(row["mark"], "").split()))
            for row in _each(marks)
        ],
    }


def is_ahead(marks: pd.DataFrame) -> pd.Series:
    """Return which rows are of a mark that is known and not passed yet."""
    return marks["passed_at_origin"].eq(False)


def already(marks: pd.DataFrame) -> list[str]:
    """Return a sentence on each mark that the last known figures have passed."""
    return [
        f"{_capital(row['label'])}: passed already."
        for row in _each(marks)
        if row["passed_at_origin"] == True  # noqa: E712 it may be missing
    ]


def lacking(marks: pd.DataFrame) -> list[str]:
    """Return a sentence on each mark that the data package cannot answer for."""
    return [f"{_capital(row['label'])}: {row['note']}." for row in _each(marks) if row["note"]]


def _each(marks: pd.DataFrame) -> list[dict[Any, Any]]:
    return marks.drop_duplicates("mark").to_dict("records")


def _asked(row: Mapping[Any, Any]) -> str:
    return f"by {SHOWN}" if math.isnan(row["due"]) else f"in {row['due']:.0f}"


def _cells(row: Mapping[Any, Any]) -> tuple[str, str]:
    chance = row[f"p_{SHOWN}"] if math.isnan(row["due"]) else row["p_due"]
    return percent(chance).replace(" %", "\u00a0%"), passage_year(row)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
