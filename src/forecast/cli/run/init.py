"""``forecast init``: a study of a user's own economy in a new folder."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--country", required=True, help="Name or ISO code: Vietnam, VNM, VN.")
@options("data")
@format_option()
def command(folder: Path, country: str, data: str | None, form: str) -> None:
    """Write a study, a baseline and example scenarios of an economy into a new FOLDER.

    Without --data the embedded study's package is used or, where that has no annual record of the
    economy, the newest at hand that has. The effects models are those that can serve the economy;
    FOLDER/README.md says which cannot and why, and the next commands.
    """
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.study.first_steps.verbs import init

    written = [str(file) for file in init(folder, country=country, data=data, progress=progress)]
    study = folder / "study.toml"
    if form == "json":
        made = catalog.read_study(study)
        print_json({"country": made.country, "data": made.data, "files": written})
        return
    say("\n".join(written))
    say(f"next: forecast project --study {shlex.quote(str(study))}")
