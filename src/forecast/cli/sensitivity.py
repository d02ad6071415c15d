"""``forecast sensitivity``: one parameter at a time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.explaining import check_figure, draw_single, explaining_options
from forecast.cli.output import format_option, print_json, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd


@click.command("sensitivity")
@click.argument("scenarios", nargs=-1)
@click.option(
    "--by",
    type=int,
    multiple=True,
    default=(2030, 2035),
    show_default=True,
    help="Projected year; may be given several times.",
)
@explaining_options(4000)
@format_option("csv")
def command(
    scenarios: tuple[str, ...],
    by: tuple[int, ...],
    data: str | None,
    country: str | None,
    seed: int | None,
    draws: int,
    figure: Path | None,
    form: str,
) -> None:
    """Change one parameter at a time and show what the answer does, random numbers kept.

    Prints the change of the probability of having passed the line by each year (points) and of
    median income in it (US$); for SCENARIOS, the change of what they gain over the baseline. Why
    each parameter is moved by so much is in `--format json`.
    """
    check_figure(figure)
    from forecast.cli.progress import progress
    from forecast.projection.parameters import PARAMETERS
    from forecast.projection.sensitivity import sensitivity
    from forecast.run import run
    from forecast.timeseries.streams import Streams

    # The run is made for what it fits and reads, so with the fewest draws that it takes.
    results = run(
        scenarios=scenarios or None, out=None, data=data, seed=seed, draws=100, country=country,
        progress=progress,
    )  # fmt: skip
    names = results.study.scenarios if scenarios else results.study.scenarios[:1]
    table = sensitivity(
        results.setting,
        Streams.of_seed(results.study.seed),
        [results.scenarios[name] for name in names],
        results.scenarios,
        results.variables,
        by,
        draws,
        progress,
    )
    draw_single(figure, "sensitivity", {"sensitivity": table}, results)
    if form == "json":
        reasons = {name: one.because for name, one in PARAMETERS.items()}
        print_json({"because": reasons, "changes": rows_of(table)})
    elif form == "csv":
        click.echo(table.to_csv(index=False), nl=False)
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
