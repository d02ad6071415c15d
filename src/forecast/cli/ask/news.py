"""``forecast news``: why a probability of passage is another one than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forecast.cli.options import format_option, options, years_option
from forecast.cli.output import print_csv, print_json, rows_of, say

if TYPE_CHECKING:
    import pandas as pd


@click.command("news")
@click.argument("old")
@click.argument("new")
@click.option(
    "--country", help="One economy, a name or ISO code; without it the 20 that moved most."
)
@options("class-line", "view")
@years_option("Years by comma; several for one economy and one for all if not given.")
@format_option("csv")
def command(
    old: str,
    new: str,
    country: str | None,
    line: str,
    view: str,
    by: tuple[int, ...] | None,
    form: str,
) -> None:
    """Divide the change of a probability of passage between OLD and NEW among its causes.

    OLD and NEW are data packages, or seals whose packages are at hand. Causes: the records of
    growth and of the real exchange rate, income over the line, the IMF's view, the method
    (coefficients and errors learnt), and time gone by. They sum to the change.
    """
    from forecast.study.news import news

    found = news(old, new, country=country, line=line, view=view, by=by)
    if form == "csv":
        print_csv(found)
    elif form == "json":
        print_json({"old": old, "new": new, "line": line, "view": view, "news": rows_of(found)})
    else:
        _print_text(found, line)


def _print_text(found: pd.DataFrame, line: str) -> None:
    from forecast.projection.explain.news import PARTS
    from forecast.reporting.wording import points
    from forecast.specs.line import PUBLISHED

    say(f"Probability, %, of having passed the {PUBLISHED[line]}; changes in points\n")
    widths = {part: max(7, len(part) + 1) for part in PARTS}
    heads = "".join(f"{part:>{width}}" for part, width in widths.items())
    say(f"{'':9}{'old':>6}{'new':>6}{'change':>8}{heads}")
    for row in rows_of(found):
        cells = "".join(f"{points(row[part]):>{width}}" for part, width in widths.items())
        said = f"{100 * row['old']:6.1f}{100 * row['new']:6.1f}{points(row['change']):>8}"
        say(f"{row['country']} {row['year']:<5}{said}{cells}")
