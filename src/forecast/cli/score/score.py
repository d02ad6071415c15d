"""``forecast score``: anybody's forecasts in the hubverse's format, scored."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_notes, print_rows, rows_of, say


@click.command("score")
@click.argument("hub", type=click.Path(path_type=Path))
@click.option("--with", "with_", type=click.Path(path_type=Path), help="A run scored beside them.")
@click.option(
    "--scenario",
    default="baseline",
    show_default=True,
    help="Forecasts of other scenarios are counted and not scored.",
)
@options("data")
@format_option()
def command(hub: Path, with_: Path | None, scenario: str, data: str | None, form: str) -> None:
    """Score the forecasts in HUB, a folder with model-output/<model>/*.csv, on what came.

    crossing_year (pmf): Brier and log score by horizon, on the World Bank's classes.
    gni_pc_atlas (quantile): weighted interval score, US$. What has no outcome yet is counted.
    """
    from forecast.study.sharing.score_hub import score

    found = score(hub, with_, data=data, scenario=scenario)
    if form == "json":
        print_json({"scores": rows_of(found.table), "remarks": list(found.remarks)})
        return
    table = found.table
    known = table[table["scored"] > 0].drop(columns="unresolved")
    print_rows(rows_of(known.astype(object).where(known.notna(), "")), "text")
    waiting = table.groupby(["model", "target"], sort=False)["unresolved"].sum().reset_index()
    for row in rows_of(waiting[waiting["unresolved"] > 0]):
        say(f"unresolved: {row['model']}, {row['target']}: {row['unresolved']}")
    print_notes(found.remarks)
