"""``forecast decompose``: where the uncertainty of the baseline comes from."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import by_option, format_option, options, worker_options
from forecast.cli.output import (
    draw_single,
    print_csv,
    print_json,
    print_notes,
    print_rows,
    rows_of,
    say,
)

if TYPE_CHECKING:
    import pandas as pd


@click.command("decompose")
@by_option(2030, 2035)
@click.option(
    "--drivers",
    type=click.Choice(["wander", "held"]),
    default="wander",
    show_default=True,
    help="Whether drivers have uncertainty of their own or stay at their last values.",
)
@options("baseline", "without", "known", "data", "country", "seed", "draws", "figure", draws=4000)
@worker_options
@format_option("csv")
def command(figure: Path | None, form: str, **given: Any) -> None:
    """Divide the variance of the baseline's outcomes among its random factors.

    Shapley effects, % of the variance, with Monte Carlo standard errors in brackets: of the year
    of passage (one after the horizon where a path never passes), of having passed by each year,
    and of the log of income over the line. With csv or json also each factor's share alone
    (first-order index) and with all others known (total index).
    """
    from forecast.cli.progress import progress
    from forecast.study.questions.decompose import decompose

    found = decompose(progress=progress, **given)
    print_notes(found.remarks)
    table = found.to_frame()
    draw_single(figure, found)
    if form == "json":
        print_json({"country": found.country, "draws": found.draws, "shares": rows_of(table)})
    elif form == "csv":
        print_csv(table)
    else:
        say("% of the variance (standard error)")
        print_rows(_lines(table), form)


def _lines(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for one in rows_of(table[table["measure"] == "shapley"]):
        row = rows.setdefault(one["factor"], {"factor": one["factor"]})
        name = one["outcome"].replace("_", " ")
        head = name if name == "crossing year" else f"{name} {one['year']}"
        known = not math.isnan(one["share"])  # the outcome does not vary
        row[head] = f"{100 * one['share']:.1f} ({100 * one['std_error']:.1f})" if known else "-"
    return list(rows.values())
