"""``forecast case``: what the method said of one economy at intervals of ten years."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import draw_single, print_csv, print_json, print_rows, rows_of


@click.command("case")
@click.argument("country")
@click.option("--data", help="Data package, by name or folder; default: the newest at hand.")
@options("figure")
@format_option("csv")
def command(country: str, data: str | None, figure: Path | None, form: str) -> None:
    """Show what the shipped growth forecast said of COUNTRY in 1980, 1990, 2000 and 2010.

    Beside it stands what came: average growth of output per capita over ten years, or as far as
    the Penn World Table goes. With --format csv the paths behind the figure.
    """
    from forecast.cli.progress import progress
    from forecast.study.scoring.case import case

    found = case(country, data=data, progress=progress)
    draw_single(figure, found)
    if form == "csv":
        print_csv(found.to_frame("paths"))
    elif form == "json":
        print_json({"data": found.about["data"], "verdicts": rows_of(found.to_frame())})
    else:
        print_rows(rows_of(found.to_frame().round(2)), form)
