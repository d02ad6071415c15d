"""``forecast seal``: today's forecast put where it cannot be changed unseen."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, say


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

    from forecast.study.packages.sealing import make_seal

    seal = make_seal(datetime.now(UTC).date().isoformat(), note=note, data=data)
    say(f"{seal.folder}\n{seal.rows} rows from {seal.package}\nsha256 {seal.sha256}")


@command.command("list")
@format_option()
def list_seals(form: str) -> None:
    """List the seals at hand: those that the project ships, and the user's own."""
    from forecast import catalog
    from forecast.sources.sealed import read_seals

    rows = [
        {
            "where": where,
            "seal": seal.name,
            "origin": seal.origin,
            "package": seal.package,
            "version": seal.version,
            "rows": seal.rows,
            "sha256": seal.sha256 if form == "json" else seal.sha256[:12],
            "note": seal.note,
        }
        for where, root in catalog.seal_folders().items()
        for seal in read_seals(root)
    ]
    print_rows(rows, form)


@command.command("verify")
@format_option()
def verify_seals(form: str) -> None:
    """Check that every seal at hand is what was sealed, and names the one before it."""
    from forecast import catalog
    from forecast.errors import DataError
    from forecast.sources.sealed import read_seals, seal_faults

    roots = catalog.seal_folders()
    faults = [fault for root in roots.values() for fault in seal_faults(root)]
    if form == "json":
        print_json({"faults": faults})
    if faults:
        raise DataError("\n".join(faults))
    if form == "text":
        for where, root in roots.items():
            seals = read_seals(root)
            last = f", the last with sha256 {seals[-1].sha256}" if seals else ""
            say(f"{where}: {len(seals)} seals{last}")
