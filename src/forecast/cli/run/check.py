"""``forecast check``: a declaration beside what it names, without drawing."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, say


@click.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@options("study")
@format_option()
def command(file: Path | None, study: Path | None, form: str) -> None:
    """Check FILE, the TOML of a study, scenario or model, and show what it does.

    Which of the three it is shows in its keys; without FILE the study of this folder, or the
    embedded one. Of a study what it lists and whether each is there; of a scenario each driver
    that it moves, its last value, its path and the study's models that contain it (--study: whose;
    by default that beside the file); of a model its sample. Nothing is estimated or drawn.
    """
    from forecast import catalog
    from forecast.errors import SpecError
    from forecast.study.first_steps.look_over import look_over

    here = Path("study.toml")
    file = file or (here if here.is_file() else catalog.study_path())
    found = look_over(file, study)
    if form == "json":
        print_json(
            {
                "what": found.kind,
                "name": found.name,
                **found.about,
                "rows": found.rows,
                "notes": list(found.notes),
            }
        )
    else:
        say(f"{found.kind}: {found.name}")
        for key, value in found.about.items():
            say(f"{key}: {value}")
        print_rows(found.rows, form)
    for note in found.notes:
        say(f"note: {note}", err=True)
    if found.problems:
        raise SpecError(f"{file}: {'; '.join(found.problems)}")
