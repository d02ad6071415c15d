"""``forecast precedent``: a scenario's changes beside those on record."""

from __future__ import annotations

from typing import Any

import click

from forecast.cli.options import SUBJECT_OPTIONS, format_option, options
from forecast.cli.output import print_csv, print_json, print_notes, rows_of, say


@click.command("precedent")
@click.argument("scenarios", nargs=-1, required=True)
@options(*SUBJECT_OPTIONS)
@format_option("csv")
def command(scenarios: tuple[str, ...], form: str, **subject: Any) -> None:
    """Set the changes of SCENARIOS beside those that economies have made.

    SCENARIOS are names from `forecast list scenarios` or TOML files. Shares are of all economies'
    changes of five-year means over as many years, the subject's own left out. With --format csv
    the table of shares.
    """
    from forecast.cli.progress import progress
    from forecast.study.questions.precedent import precedent

    found = precedent(scenarios, progress=progress, **subject)
    print_notes(found.remarks)
    if form == "json":
        print_json({name: rows_of(table) for name, table in found.tables.items()})
    elif form == "csv":
        print_csv(found.to_frame())
    else:
        say("\n\n".join(found.words) if found.words else "These scenarios move no driver.")
