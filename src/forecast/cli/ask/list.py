"""``forecast list``: what is at hand."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_rows, rows_of


@click.command("list")
@click.argument(
    "what",
    type=click.Choice(["models", "scenarios", "data", "variables", "exhibits", "countries"]),
)
@options("data")
@format_option()
def command(what: str, data: str | None, form: str) -> None:
    """List the models, scenarios, data packages, variables, exhibits or countries at hand.

    `variables` shows which of the study's weighted models contain each: a scenario acts through
    those alone. `countries` tries every economy of the data package: whether it can have a
    baseline and scenarios, which weighted models serve it, its last known year, the first year of
    its nominal history, and why anything is left out.
    """
    from forecast.cli.progress import progress
    from forecast.study.questions.at_hand import list as at_hand

    if data is not None and what != "countries":
        raise click.UsageError("--data goes with `countries`")
    table = at_hand(what, data, progress)
    print_rows(rows_of(table.astype(object).where(table.notna(), None)), form)
