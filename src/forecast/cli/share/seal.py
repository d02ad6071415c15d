"""``forecast seal``: today's forecast put where it cannot be changed unseen."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, rows_of, say


@click.group("seal", invoke_without_command=True)
@click.option("--note", default="", help="A sentence of your own, sealed with it.")
@options("data")
@click.pass_context
def command(context: click.Context, note: str, data: str | None) -> None:
    """Seal today's chances of all economies: every line, with and without the IMF's view.

    A dated record with the hashes of table, data and code, and of the seal before it, among the
    user's own data; nothing is ever overwritten. `forecast scoreboard --sealed` scores it once
    outcomes are known.
    """
    if context.invoked_subcommand is not None:
        return
    from datetime import UTC, datetime

    from forecast.study.packages.verbs import seal

    made = seal(datetime.now(UTC).date().isoformat(), note=note, data=data)
    say(f"{made.folder}\n{made.rows} rows from {made.package}\nsha256 {made.sha256}")


@command.command("list")
@format_option()
def list_seals(form: str) -> None:
    """List the seals at hand: those that the project ships, and the user's own."""
    from forecast.study.packages.verbs import seal

    found = seal.list()
    if form == "text":
        found["sha256"] = found["sha256"].str[:12]
    print_rows(rows_of(found), form)


@command.command("verify")
@format_option()
def verify_seals(form: str) -> None:
    """Check that every seal at hand is what was sealed, and names the one before it."""
    from forecast import catalog
    from forecast.errors import DataError
    from forecast.study.packages.verbs import seal

    faults = list(seal.verify()["fault"])
    if form == "json":
        print_json({"faults": faults})
    if faults:
        raise DataError("\n".join(faults))
    if form == "text":
        held = seal.list()
        for where in catalog.seal_folders():
            seals = held.loc[held["where"] == where, "sha256"]
            last = f", the last with sha256 {seals.iloc[-1]}" if len(seals) else ""
            say(f"{where}: {len(seals)} seals{last}")
