"""``forecast backcast``: the income accounting against what was published."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, rows_of, say


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
    from forecast.income.economies import backcast_economies
    from forecast.income.sdr_deflator import sdr_inflation
    from forecast.study.declare import study_package

    package = study_package(data)
    annual = package.annual()
    inflation = sdr_inflation(package.table("sdr_parts"), annual)
    found = backcast_economies(annual, package.table("thresholds"), inflation, rate)
    if form == "json":
        print_json(found.summary())
    elif form == "csv":
        click.echo(found.rows.to_csv(index=False), nl=False)
    else:
        print_rows([{"measure": k, "value": v} for k, v in found.summary().items()], form)
        say("\nabsolute error of growth, %")
        print_rows(rows_of(found.groups()), form)
