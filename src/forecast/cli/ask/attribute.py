"""``forecast attribute``: which drivers scenarios' effects come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, by_option, format_option, options
from forecast.cli.output import draw_single, print_csv, print_json, print_notes, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd


@click.command("attribute")
@click.argument("scenarios", nargs=-1, required=True)
@by_option(2030, 2035, 2040)
@options(*SUBJECT_OPTIONS, "seed", "draws", "figure", draws=10_000)
@format_option("csv")
def command(scenarios: tuple[str, ...], figure: Path | None, form: str, **given: Any) -> None:
    """Divide the effects of SCENARIOS among the drivers that they move.

    Each is a name from `forecast list scenarios` or a TOML file. A driver's part is its Shapley
    value: what it adds on average over all orders of moving the drivers one after the other. The
    parts sum to the whole effect, the row `total`. Changes against the baseline of the probability
    of having passed the line by each year (points) and of median income in it (US$).
    """
    from forecast.cli.progress import progress
    from forecast.study.questions.attribute import attribute

    found = attribute(scenarios, progress=progress, **given)
    print_notes(found.remarks)
    table = found.to_frame()
    draw_single(figure, found)
    if form == "json":
        print_json(rows_of(table))
    elif form == "csv":
        print_csv(table)
    else:
        print_rows(_lines(table), form)


def _lines(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a scenario and driver: probabilities, then median incomes."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for variable, word, scale, digits in (
        ("p_crossed", "P by {}, points", 100, 2),
        ("income_median", "median {}, US$", 1, 0),
    ):
        for one in rows_of(table[table["variable"] == variable]):
            key = (one["scenario"], one["driver"])
            row = rows.setdefault(key, {"scenario": key[0], "driver": key[1]})
            row[word.format(one["year"])] = f"{scale * one['value']:+.{digits}f}"
    return list(rows.values())
