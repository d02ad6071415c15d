"""``forecast list``: what is at hand."""

from __future__ import annotations

from typing import Any

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_rows, rows_of


@click.command("list")
@click.argument(
    "what",
    type=click.Choice(
        ["models", "scenarios", "data", "variables", "exhibits", "examples", "countries"]
    ),
)
@options("data")
@click.option("--region", default="", help="With `countries`: EAS, ECS, LCN, MEA, NAC, SAS, SSF.")
@click.option(
    "--group",
    default="",
    help="With `countries`: an income class (high, upper_middle, lower_middle, low), or a named "
    "group such as oil_exporters.",
)
@click.option(
    "--can",
    type=click.Choice(["baseline", "scenarios", "nothing"]),
    help="With `countries`: those of which this can be made.",
)
@format_option()
def command(
    what: str, data: str | None, region: str, group: str, can: str | None, form: str
) -> None:
    """List the models, scenarios, data packages, variables, exhibits, examples or countries.

    `variables` shows which of the study's weighted models contain each: a scenario acts through
    those alone. `countries` shows every economy of the data package: income class, region, what
    the package has of it (annual series; its income alone; period means alone), whether it can
    have a baseline and scenarios, and why not.
    """
    given = {"--data": data, "--region": region, "--group": group, "--can": can}
    for name, value in given.items():
        if value and what != "countries":
            raise click.UsageError(f"{name} goes with `countries`")
    from forecast.study.questions.at_hand import list as at_hand

    table = at_hand(what, data, region, group, can or "")
    rows = rows_of(table.astype(object).where(table.notna(), None))
    print_rows(_countries(rows) if what == "countries" and form == "text" else rows, form)


def _countries(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    """Return the rows as a page shows them."""
    return [
        {
            "code": row["country"],
            "name": row["name"],
            "group": str(row["group"]).replace("_", " "),
            "region": row["region"],
            "data": row["data"],
            "can": _can(row),
            "why not": row["reason"],
        }
        for row in rows
    ]


def _can(row: dict[str, object]) -> str:
    said = [name for name in ("baseline", "scenarios") if row[name]]
    return ", ".join(said) or "nothing"
