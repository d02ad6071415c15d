"""``forecast exhibit``: what the papers measure of income classes, growth and structure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_lacks, print_rows, rows_of
from forecast.errors import SpecError, choose

if TYPE_CHECKING:
    import pandas as pd


def _listed(form: str) -> None:
    from forecast.study.exhibits.show import PAPER_EXHIBITS

    print_rows(
        [
            {
                "exhibit": name,
                "needs": ", ".join(one.tables) or "--panel FILE",
                "set": ", ".join(f"{key}={value:g}" for key, value in one.parameters.items()),
                "shows": one.said,
            }
            for name, one in PAPER_EXHIBITS.items()
        ],
        form,
    )


def _numbers(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> dict[str, float]:
    found = {}
    for text in value:
        name, equals, number = text.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            equals = ""
        if not equals or not math.isfinite(found[name.strip()]):
            said = f"found {text!r}, must be NAME=NUMBER"
            raise click.BadParameter(said, ctx, param)
    return found


@click.command("exhibit")
@click.argument("name", required=False)
@click.option(
    "--countries",
    metavar="A,B",
    help="Only these: names or ISO codes, or entities of --panel; China where an exhibit is of "
    "one economy and none is named.",
)
@click.option("--year", type=int, help="Figures of this year, where the exhibit takes one.")
@click.option(
    "--at",
    type=click.Choice(["passage"]),
    help="passage: figures of the year in which each economy became high income.",
)
@click.option(
    "--set", "numbers", metavar="NAME=NUMBER", multiple=True, callback=_numbers,
    help="A parameter of the exhibit, such as a threshold.",
)  # fmt: skip
@options("data", "panel", "figure")
@format_option("csv")
def command(
    *,
    name: str | None,
    countries: str | None,
    year: int | None,
    at: str | None,
    numbers: dict[str, float],
    data: str | None,
    panel: Path | None,
    figure: Path | None,
    form: str,
) -> None:
    """Show what the papers measure: passages, transitions, growth episodes, structure.

    Without NAME the exhibits, what each needs and what --set changes. Some need a full data
    package (--data), some a table of your own (--panel FILE). With --format csv the first table.
    """
    if name is None:
        if form == "csv":
            raise SpecError("--format csv goes with the NAME of an exhibit")
        _listed(form)
        return
    from forecast.reporting.write import csv_text
    from forecast.study.declare import study_package
    from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit

    exhibit = choose(name, PAPER_EXHIBITS, "exhibit", SpecError)
    if data is not None and not exhibit.tables:
        raise SpecError(f"exhibit {name}: is made from --panel FILE and takes no --data")
    asked = [part.strip() for part in countries.split(",")] if countries is not None else []
    package = study_package(data) if exhibit.tables else None
    tables = paper_exhibit(
        name,
        package,
        countries=asked,
        year=year,
        at_passage=at is not None,
        parameters=numbers,
        table=panel,
    )
    source = str(panel) if package is None else package.name
    if form == "csv":
        click.echo(csv_text(next(iter(tables.values()))), nl=False)
    elif form == "json":
        told = {table.replace(" ", "_"): rows_of(frame) for table, frame in tables.items()}
        print_json({"exhibit": name, "data": source, "note": exhibit.note, **told})
    else:
        click.echo(f"{name}: {exhibit.said.partition(';')[0]}; {source}")
        for table, frame in tables.items():
            click.echo(f"\n{table}" + ("" if len(frame) else ": none"))
            print_rows(_matrix(frame) if table == "transitions" else rows_of(frame), form)
    if exhibit.note and form != "json":
        print_lacks({}, [exhibit.note])
    if figure is not None:
        from forecast.reporting.figures.single_figure import draw_tables, write_figure

        named = source if panel is None or package is not None else panel.name
        write_figure(draw_tables(exhibit.figure, tables, named), figure)


def _matrix(cells: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the matrices as a page shows them: shares and intervals in %."""
    rows: dict[tuple[int, int, str], dict[str, Any]] = {}
    for cell in rows_of(cells):
        key = (cell["first"], cell["last"], cell["from_class"])
        row = rows.setdefault(key, {"years": f"{key[0]}-{key[1]}", "from": key[2], "pairs": 0})
        row["pairs"] += cell["pairs"]
        share, low, high = (100 * cell[name] for name in ("share", "low", "high"))
        told = f"{share:.1f} ({low:.1f} to {high:.1f})"
        row[cell["to_class"]] = told if math.isfinite(share) else ""
    return list(rows.values())
