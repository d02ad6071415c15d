"""``forecast backcast``: the income accounting against what was published."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_csv, print_json, print_rows, rows_of, say


@click.command("backcast")
@options("data")
@click.option(
    "--rate",
    type=click.Choice(["conversion", "official"]),
    default="conversion",
    show_default=True,
    help="Exchange rate: the one between GDP in local currency and in US$, or the official one.",
)
@format_option("csv")
def command(data: str | None, rate: str, form: str) -> None:
    """Compare growth of Atlas GNI per capita by formula with the published one, by economy.

    Errors are in percent, 1990-2025, and over all economies that the data package has: the starter
    package has China alone. With --format csv one row an economy and year.
    """
    from forecast.study.scoring.backcast import backcast

    found = backcast(data, rate=rate)
    summary = rows_of(found.to_frame())
    if form == "json":
        print_json({row["measure"]: row["value"] for row in summary})
    elif form == "csv":
        print_csv(found.to_frame("rows"))
    else:
        print_rows(summary, form)
        say("\nabsolute error of growth, %")
        print_rows(rows_of(found.to_frame("groups")), form)
