"""``forecast cite``: BibTeX of every source of a run."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option
from forecast.cli.output import print_json


@click.command("cite")
@click.argument("run", type=click.Path(path_type=Path))
@format_option()
def command(run: Path, form: str) -> None:
    """Print BibTeX of the sources of RUN, a folder that `forecast run` wrote.

    An entry a source of its data package, the papers behind the question, and the program.
    """
    from forecast.study.sharing.bundle_run import cite

    found = cite(run)
    if form == "json":
        print_json([{"kind": c.kind, "key": c.key, **c.fields} for c in found])
        return
    click.echo("\n".join(one.bibtex() for one in found), nl=False)
