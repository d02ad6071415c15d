"""Progress of long work, on standard error."""

from __future__ import annotations

import click


def progress(message: str) -> None:
    """Print one line about what is being done now."""
    click.echo(message, err=True)
