"""The study's marks in a table of scenarios, and in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.projection.explain.marks import TOLD_BY
from forecast.reporting.differences import BEYOND, share_difference
from forecast.reporting.wording import listed, passage_year, percent


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
        ``mark_heads``, label and year of the probability of each mark that lies ahead, with the
        baseline's probability and median year; ``mark_rows``, one a scenario that differs from the
        baseline in one of them, with its differences; ``marks_said``, sentences on scenarios that
        do not, and on the other marks; and ``mark_reasons``.
    """
    if marks is None:
        return {"mark_heads": [], "mark_rows": [], "marks_said": [], "mark_reasons": []}
    ahead = marks[is_ahead(marks)]
    base = _each(ahead)
    among = len(base) * (ahead["scenario"].nunique() - 1)
    cells = {
        labels.get(str(name), str(name)): [
            share_difference(row["change"], row["change_mc_se"], among)
            for row in found.to_dict("records")
        ]
        for name, found in ahead.groupby("scenario", sort=False)
        if name != base[0]["scenario"]
    }
    alike = [f"'{label}'" for label, row in cells.items() if not any(one.clear for one in row)]
    same = [f"No difference from the baseline {BEYOND}: {listed(alike)}."] if alike else []
    return {
        "mark_heads": [(row["label"], _asked(row), *_cells(row)) for row in base],
        "mark_rows": [
            (label, row) for label, row in cells.items() if any(one.clear for one in row)
        ],
        "marks_said": [*same, *already(marks), *lacking(marks)],
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
    return f"by {TOLD_BY}" if math.isnan(row["due"]) else f"in {row['due']:.0f}"


def _cells(row: Mapping[Any, Any]) -> tuple[str, str]:
    chance = row[f"p_{TOLD_BY}"] if math.isnan(row["due"]) else row["p_due"]
    return percent(chance).replace(" %", "\u00a0%"), passage_year(row)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
