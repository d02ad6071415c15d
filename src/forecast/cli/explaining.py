"""What the commands that explain a projection share: options, and a figure on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import pandas as pd

    from forecast.run import Results

F = TypeVar("F", bound=Callable[..., Any])


def explaining_options(draws: int) -> Callable[[F], F]:
    """Return the options of subject, data, seed, draws and figure."""
    options = [
        click.option("--data", help="Data package, by name or folder, in place of the study's."),
        click.option("--country", help="Subject in place of the study's, ISO code."),
        click.option("--seed", type=click.IntRange(min=0), help="Seed in place of the study's."),
        click.option(
            "--draws",
            type=click.IntRange(100, 1_000_000),
            default=draws,
            show_default=True,
            help="Paths of each evaluation.",
        ),
        click.option(
            "--figure",
            type=click.Path(path_type=Path, dir_okay=False),
            help="File for the figure, .png or .svg.",
        ),
    ]

    def added(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return added


def check_figure(figure: Path | None) -> None:
    """Raise a usage error before any work if the figure's ending is not one that is drawn."""
    if figure is not None and figure.suffix not in {".png", ".svg"}:
        raise click.UsageError(f"--figure: found {figure.name!r}, must end in .png or .svg")


def draw_single(
    figure: Path | None, exhibit: str, tables: Mapping[str, pd.DataFrame], results: Results
) -> None:
    """Write the figure if one was asked for."""
    if figure is None:
        return
    from forecast.reporting.single_figure import plain_lettering, write_figure

    package = f"{results.package.name}, vintage {results.package.vintage}"
    first = int(results.futures.years[0])
    words = plain_lettering(results.study, package, results.scenarios, results.variables, first)
    write_figure(figure, exhibit, tables, words)
    click.echo(f"figure: {figure}", err=True)
