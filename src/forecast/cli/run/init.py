"""``forecast init``: a study of a user's own economy in a new folder."""

from __future__ import annotations

import os
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
    from forecast.cli.progress import progress
    from forecast.errors import ForecastError
    from forecast.reporting.country_files import country_files
    from forecast.reporting.write import check_folder, results_folder, write_text
    from forecast.study.declare import declare
    from forecast.study.first_steps.begin import begin

    if os.path.lexists(folder):
        raise ForecastError(f"{folder}: is there already, must be a new folder")
    check_folder(folder, "FOLDER")
    start = begin(country, data, progress)
    files = country_files(start)
    with results_folder(folder) as partial:
        for name, text in files.items():
            write_text(partial / name, text)
        declare(partial / "study.toml")
    written = [str(folder / name) for name in files]
    study = folder / "study.toml"
    if form == "json":
        print_json({"country": start.country, "data": start.data, "files": written})
        return
    say("\n".join(written))
    say(f"next: forecast project --study {shlex.quote(str(study))}")
