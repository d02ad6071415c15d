"""``forecast bundle``: a run with all that repeats it."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option
from forecast.cli.output import print_json, say


@click.command("bundle")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The archive, .zip.  [default: RUN.zip]",
)
@format_option()
def command(run: Path, out: Path | None, form: str) -> None:
    """Put RUN, a folder that `forecast run` wrote, with all that repeats it into one archive.

    Data package, specs, program, lock file, README, sources, and rerun.py, which runs once more
    and compares the tables byte for byte. Refused where data, specs or code changed since the run.
    """
    from forecast.study.sharing.bundle_run import bundle

    made = bundle(run, out)
    if form == "json":
        print_json({"path": str(made.path), "files": made.files, "sha256": made.sha256})
        return
    say(f"{made.path} ({made.files} files)\nsha256 {made.sha256}")
