"""``forecast scoreboard``: published forecasts for China, scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from forecast.cli.output import format_option, print_json, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.package import DataPackage


@click.command("scoreboard")
@click.option("--data", help="Data package, by name or folder, in place of the study's.")
@format_option("csv")
def command(data: str | None, form: str) -> None:
    """Set published forecasts of China's growth and passage against what came.

    Beside each stand the simplest rivals, with what was known when it was made. Most figures were
    seen in reports about the forecast, not in the original: `secondary`. With a package of all
    economies, such as full-2026.07, the shipped method's probability of passage stands beside the
    years of passage that were named. With --format csv the scored growth forecasts.
    """
    from forecast import catalog
    from forecast.declared import study_package
    from forecast.evaluation.scoreboard import (
        RIVALS,
        outcomes,
        score_growth_forecasts,
        score_passage_forecasts,
        summarise_growth,
    )
    from forecast.evaluation.world_growth import mean_growth
    from forecast.sources.published_forecasts import read_published_forecasts

    package = study_package(data)
    published = read_published_forecasts(catalog.home() / "data" / "published_forecasts.csv")
    came = outcomes(package.annual().rows("CHN"))
    world = mean_growth(package.panel("pwt91"))
    growth = score_growth_forecasts(published, came, world)
    summary = summarise_growth(growth)
    passage = score_passage_forecasts(published, *_relative(package, published))
    if form == "csv":
        click.echo(growth.to_csv(index=False), nl=False)
    elif form == "json":
        tables = {"growth": growth, "summary": summary, "passage": passage}
        print_json(
            {"data": package.name, **{name: rows_of(table) for name, table in tables.items()}}
        )
    else:
        click.echo("year of passage named, and what came")
        print_rows(rows_of(passage), form)
        click.echo("\ngrowth, % a year: forecast, outcome so far, error, and the rivals' errors")
        shown = ["id", "made", "target", "first_year", "last_year", "forecast", "outcome"]
        errors = ["years_known", "error", *(f"error_{rival}" for rival in RIVALS)]
        known = growth[growth["years_known"] > 0]
        print_rows(rows_of(known[shown + errors].round(2)), form)
        click.echo("\nmean absolute error")
        print_rows(rows_of(summary.round(2)), form)


def _relative(
    package: DataPackage, published: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame | None]:
    """Return China's relative income, and the method's chances where all economies are known."""
    from forecast.evaluation.crossing_backtest import MIN_ECONOMIES, relative_income
    from forecast.evaluation.passage_chances import passage_chances

    ratios = relative_income(package.annual(), package.table("thresholds"))
    if ratios.shape[1] < MIN_ECONOMIES:
        return ratios["CHN"], None
    named = published[published["target"] == "passage"]
    pairs = zip(named["made"], named["last_year"], strict=True)
    wanted = [(int(made[:4]) - 1, int(year)) for made, year in pairs]
    return ratios["CHN"], passage_chances(ratios, "CHN", wanted)
