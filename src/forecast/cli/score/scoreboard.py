"""``forecast scoreboard``: published forecasts for China, scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_csv, print_json, print_rows, rows_of, say

if TYPE_CHECKING:
    import pandas as pd


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
    from forecast.evaluation.published.scoreboard import RIVALS
    from forecast.study.scoring.published import scoreboard

    found = scoreboard(data, sealed=sealed)
    if sealed:
        _print_sealed(found.to_frame(), form)
        return
    growth, summary, passage, named = found.tables.values()
    if form == "csv":
        print_csv(growth)
    elif form == "json":
        told = {name: rows_of(table) for name, table in found.tables.items()}
        print_json({"data": found.about["data"], **told})
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


def _print_sealed(scores: pd.DataFrame, form: str) -> None:
    """Print the scores of every seal at hand, or what is not known yet."""
    if form == "csv":
        print_csv(scores)
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
