"""``forecast data diff``: what changed between two packages or tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, rows_of, say
from forecast.cli.progress import progress

if TYPE_CHECKING:
    import pandas as pd

    from forecast.statistics.revisions import Revisions

LISTED = 15
SIDE = ["variable", "common", "revised", "new", "gone", "countries", "median_percent", "rebased",
        "level_shift", "net_revised"]  # fmt: skip
LARGEST = ["largest_country", "largest_year", "largest_before", "largest_after"]


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--variable", help="Only this variable, with its countries one by one.")
@click.option("--country", default="CHN", show_default=True, help="Country shown by itself.")
@options("figure")
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=1e-6,
    show_default=True,
    help="Relative difference up to which two values count as the same.",
)
@format_option()
def command(
    before: str,
    after: str,
    variable: str | None,
    country: str,
    tolerance: float,
    figure: Path | None,
    form: str,
) -> None:
    """Compare BEFORE and AFTER, each PACKAGE or PACKAGE:TABLE (default table: annual).

    A series whose ratio is constant over years counts as rebased.
    """
    from forecast import catalog
    from forecast.study.packages.verbs import data

    country = catalog.countries().find(country)
    found = data.diff(before, after, variable=variable, tolerance=tolerance)
    if figure is not None:
        _draw(found, (before, after), variable, country, figure)
    own = found.by_country[found.by_country["country"] == country]
    if form == "json":
        print_json(_record(found, own, (before, after), country))
        return
    _print(found, own, (before, after), country, listed=variable is not None)


def _record(
    found: Revisions, own: pd.DataFrame, names: tuple[str, str], country: str
) -> dict[str, Any]:
    return {
        "before": names[0],
        "after": names[1],
        "variables": rows_of(found.by_variable),
        "country": country,
        "own": rows_of(own),
        "countries": rows_of(found.by_country),
    }


def _print(
    found: Revisions, own: pd.DataFrame, names: tuple[str, str], country: str, *, listed: bool
) -> None:
    say(f"{names[0]} -> {names[1]}\n")
    say("by variable (percent; net: more than 0.2 % without the series' level shift)")
    print_rows(rows_of(found.by_variable[SIDE]), "text")
    say("\nlargest revision of each variable, level shift taken out")
    print_rows(rows_of(found.by_variable[["variable", *LARGEST]]), "text")
    say(f"\n{country}")
    print_rows(rows_of(own.drop(columns="country")), "text")
    if own.empty:
        say("no value in both")
    if listed:
        growth = (found.by_country["growth_after"] - found.by_country["growth_before"]).abs()
        order = (-growth.fillna(-1.0)).to_numpy().argsort(kind="stable")[:LISTED]
        say("\nlargest revisions of average growth, % a year")
        print_rows(rows_of(found.by_country.iloc[order].drop(columns="variable")), "text")


def _draw(
    found: Revisions, names: tuple[str, str], variable: str | None, country: str, path: Path
) -> None:
    from forecast import catalog
    from forecast.reporting.figures.revisions import draw_revisions
    from forecast.reporting.figures.single_figure import write_figure

    table = found.by_variable
    name = variable or str(table["variable"].iloc[int(table["net_revised"].argmax())])
    label = catalog.variables().label(name)
    write_figure(draw_revisions(found.cells, name, country, names, label), path)
    progress(f"wrote {path}")
