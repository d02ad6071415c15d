"""``forecast scoreboard``: published forecasts for China, scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, rows_of, say

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.package.package import DataPackage

STUDIED = "CHN"  # the economy that the published forecasts are about


@click.command("scoreboard")
@options("data")
@click.option("--sealed", is_flag=True, help="Score the sealed forecasts at hand in place of them.")
@format_option("csv")
def command(data: str | None, sealed: bool, form: str) -> None:
    """Set published forecasts of China's growth and passage against what came.

    Beside each stand the simplest rivals, with what was known when it was made. Most figures were
    seen in reports about the forecast, not in the original: `secondary`. With a package of all
    economies, such as full-2026.07, the shipped method's probability of passage stands beside the
    years of passage that were named. Then the years that a published rule names for 37 economies,
    beside the income chain's probability of passing by them, from a package with a fitted chain.
    With --format csv the scored growth forecasts. --sealed
    scores what `forecast seal` sealed, on the incomes that the package knows.
    """
    if sealed:
        _print_sealed(data, form)
        return
    from forecast import catalog
    from forecast.evaluation.published.published_board import scoreboard
    from forecast.evaluation.published.scoreboard import RIVALS
    from forecast.sources.readers.published_forecasts import read_published_forecasts
    from forecast.study.declare import study_package

    package = study_package(data)
    published = read_published_forecasts(catalog.home() / "data" / "published_forecasts.csv")
    board = scoreboard(
        published,
        package.annual(),
        package.panel("pwt91"),
        package.table("thresholds"),
        STUDIED,
    )
    growth, summary, passage = board.growth, board.summary, board.passage
    named = _named(package)
    if form == "csv":
        click.echo(growth.to_csv(index=False), nl=False)
    elif form == "json":
        tables = {"growth": growth, "summary": summary, "passage": passage, "named": named}
        print_json(
            {"data": package.name, **{name: rows_of(table) for name, table in tables.items()}}
        )
    else:
        say("year of passage named, and what came")
        print_rows(rows_of(passage), form)
        say("\ngrowth, % a year: forecast, outcome so far, error, and the rivals' errors")
        shown = ["id", "made", "target", "first_year", "last_year", "forecast", "outcome"]
        errors = ["years_known", "error", *(f"error_{rival}" for rival in RIVALS)]
        known = growth[growth["years_known"] > 0]
        print_rows(rows_of(known[shown + errors].round(2)), form)
        say("\nmean absolute error")
        print_rows(rows_of(summary.round(2)), form)
        say("\nyears named for many economies, and the income chain's probabilities by them")
        print_rows(rows_of(named.round(2)), form)


def _named(package: DataPackage) -> pd.DataFrame:
    import pandas as pd

    from forecast import catalog
    from forecast.crosscountry.class_entry import fit_class_entry
    from forecast.evaluation.published.named_passages import named_passages
    from forecast.sources.readers.named_years import read_published_passages
    from forecast.statistics.income_classes.class_events import class_events
    from forecast.study.inputs import package_chain

    fit = package_chain(package)
    if fit is None:
        return pd.DataFrame()
    entry = None
    if "classes" in package.resources:
        income = package.annual().require(["gni_pc_atlas"])["gni_pc_atlas"].unstack("country")
        events = class_events(income, package.table("thresholds"), package.table("classes"))
        entry = fit_class_entry(events, fit.origin)
    named = read_published_passages(catalog.home() / "data" / "published_passages.csv")
    return named_passages(named, fit, entry)


def _print_sealed(data: str | None, form: str) -> None:
    """Print the scores of every seal at hand, or what is not known yet."""
    from forecast.reporting.write import csv_text
    from forecast.study.sealing import score_seals

    scores = score_seals(data)
    if form == "csv":
        click.echo(csv_text(scores), nl=False)
    elif form == "json":
        print_json(rows_of(scores))
    elif scores.empty:
        say("no seals at hand: `forecast seal` makes one")
    else:
        known = scores[scores["known"] > 0]
        print_rows(rows_of(known.round(4)), form)
        for name, rows in scores[scores["known"] == 0].groupby("seal", sort=False):
            years = ", ".join(map(str, sorted(set(rows["year"]))))
            say(f"{name}: no outcome yet for {years}")
