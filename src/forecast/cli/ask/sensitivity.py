"""``forecast sensitivity``: one parameter at a time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, by_option, format_option, options, worker_options
from forecast.cli.output import draw_single, print_csv, print_json, print_notes, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd


@click.command("sensitivity")
@click.argument("scenarios", nargs=-1)
@by_option(2030, 2035)
@options(*SUBJECT_OPTIONS, "seed", "draws", "figure", draws=4000)
@worker_options
@format_option("csv")
def command(scenarios: tuple[str, ...], figure: Path | None, form: str, **given: Any) -> None:
    """Change one parameter at a time and show what the answer does, random numbers kept.

    Prints the change of the probability of having passed the line by each year (points) and of
    median income in it (US$); for SCENARIOS, the change of what they gain over the baseline. Why
    each parameter is moved by so much is in `--format json`.
    """
    from forecast.cli.progress import progress
    from forecast.study.questions.sensitivity import sensitivity

    found = sensitivity(scenarios, progress=progress, **given)
    print_notes(found.remarks)
    table = found.to_frame()
    draw_single(figure, found)
    if form == "json":
        because = found.to_frame("because")
        reasons = dict(zip(because["parameter"], because["because"], strict=True))
        print_json({"because": reasons, "changes": rows_of(table)})
    elif form == "csv":
        print_csv(table)
    else:
        print_rows(_lines(table), form)


def _lines(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a parameter, side and scenario."""
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in rows_of(table):
        key = (one["parameter"], one["side"], one["scenario"])
        value = "" if math.isnan(one["setting"]) else f"{one['setting']:g}"
        start = {"parameter": one["label"], "value": value, "scenario": one["scenario"]}
        row = rows.setdefault(key, start)
        if one["variable"].startswith("p_crossed"):
            row[f"P by {one['year']}, points"] = f"{100 * one['change']:+.2f}"
        else:
            row[f"median {one['year']}, US$"] = f"{one['change']:+.0f}"
    return list(rows.values())
