"""``forecast check``: a declaration beside what it names, without drawing."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_notes, print_rows, say


@click.command("check")
@click.argument("declaration", required=False)
@options("study", "data", "country")
@format_option()
def command(
    declaration: str | None,
    study: Path | None,
    data: str | None,
    country: str | None,
    form: str,
) -> None:
    """Check DECLARATION, a study, scenario or model, and show what it does.

    It is a TOML file, whose keys show which of the three it is, or the name of a scenario or a
    model; without one the study of this folder, or the embedded one. Of a study what it lists and
    whether each is there; of a scenario each driver that it moves, its last value, its path and
    the study's models that contain it (--study: whose; by default that beside the file); of a
    model its sample. Nothing is estimated or drawn.
    """
    from forecast.errors import SpecError
    from forecast.study.first_steps.verbs import check

    found = check(declaration, study=study, data=data, country=country)
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
    print_notes(found.notes)
    if found.problems:
        raise SpecError(f"{found.file}: {'; '.join(found.problems)}")
