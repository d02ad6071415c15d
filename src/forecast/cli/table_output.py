"""In which form a command's table leaves it, and to which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from forecast.reporting.regression.words import TABLE_FORMS

F = TypeVar("F", bound=Callable[..., Any])


def table_output(function: F) -> F:
    """Return a command with ``--format`` and ``--out``; `form_of` says what they mean together."""
    out = click.option("--out", type=click.Path(path_type=Path), help="Write to this file.")
    form = click.option(
        "--format",
        "form",
        type=click.Choice(TABLE_FORMS),
        help="Form of the table; docx and xlsx go to --out.  [default: by the ending of --out]",
    )
    return form(out(function))


def hand_over(made: str | bytes, out: Path | None) -> None:
    """Print a table, or write it to its file at once."""
    from forecast.reporting.write import write_bytes

    if out is None:
        click.echo(made, nl=False)
    else:
        write_bytes(out, made if isinstance(made, bytes) else made.encode("utf-8"))
