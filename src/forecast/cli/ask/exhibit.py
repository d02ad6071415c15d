"""``forecast exhibit``: what the papers measure of income classes, growth and structure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import (
    draw_single,
    print_csv,
    print_json,
    print_notes,
    print_rows,
    rows_of,
    say,
)
from forecast.errors import SpecError, choose

if TYPE_CHECKING:
    import pandas as pd


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
    "--set", metavar="NAME=NUMBER", multiple=True, callback=_numbers,
    help="A parameter of the exhibit, such as a threshold.",
)  # fmt: skip
@options("data", "panel", "figure")
@format_option("csv")
def command(
    *,
    name: str | None,
    countries: str | None,
    panel: Path | None,
    figure: Path | None,
    form: str,
    **given: Any,
) -> None:
    """Show what the papers measure: passages, transitions, growth episodes, structure.

    Without NAME the exhibits, what each needs and what --set changes. Some need a full data
    package (--data), some a table of your own (--panel FILE). With --format csv the first table.
    """
    from forecast.study.exhibits.show import PAPER_EXHIBITS
    from forecast.study.questions.exhibit import exhibit

    if name is None:
        if form == "csv":
            raise SpecError("--format csv goes with the NAME of an exhibit")
        print_rows(rows_of(exhibit().to_frame()), form)
        return
    known = choose(name, PAPER_EXHIBITS, "exhibit", SpecError)
    if figure is not None and not known.figure:
        raise SpecError(f"exhibit {name}: has no figure")
    asked = [part.strip() for part in countries.split(",")] if countries is not None else []
    found = exhibit(name, countries=asked, panel=panel, **given)
    source, tables = found.about["data"], found.tables
    if form == "csv":
        print_csv(found.to_frame())
    elif form == "json":
        told = {table.replace(" ", "_"): rows_of(frame) for table, frame in tables.items()}
        print_json({"exhibit": name, "data": str(source), "note": known.note, **told})
    else:
        say(f"{name}: {found.question}; {source}")
        for table, frame in tables.items():
            say(f"\n{table}" + ("" if len(frame) else ": none"))
            print_rows(_matrix(frame) if table == "transitions" else rows_of(frame), form)
    if form != "json":
        print_notes(found.remarks)
    draw_single(figure, found)


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
