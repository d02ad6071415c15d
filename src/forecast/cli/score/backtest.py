"""``forecast backtest``: what the method would have said, beside the simplest rivals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, worker_options
from forecast.cli.output import print_csv, print_json, rows_of, say
from forecast.errors import SpecError
from forecast.specs.choices import CHAIN_GROUPINGS, LINES, OUTPUTS

if TYPE_CHECKING:
    import pandas as pd

    from forecast.study.scoring.record import Backtest

SHOWN = {
    "growth": ("rmse", "mae", "bias", "crps", "log_score", "coverage_80"),
    "income": ("rmse", "mae", "bias", "crps", "log_score", "coverage_80"),
    "crossing": ("brier", "log_score", "reliability", "resolution"),
    "chain": (),
}
SHOWN_BY = ("rmse", "crps", "coverage_80")


@click.command("backtest")
@click.option(
    "--target",
    type=click.Choice(list(SHOWN)),
    default="growth",
    show_default=True,
    help="Average growth, income relative to the United States, passing the high-income line, or "
    "the income chain: income relative to the line and passing it.",
)
@click.option(
    "--variable",
    type=click.Choice(OUTPUTS),
    help="Of growth and income: output by head or by worker.  [default: output_per_capita]",
)
@click.option("--data", help="Data package, by name or folder.")
@click.option("--origins", help="First and last origin, such as 1980-2009.")
@click.option("--horizons", help="Years ahead, by comma, such as 1,5,10.")
@click.option("--models", help="Forecasts to compare, by comma; all if not given.")
@click.option(
    "--by",
    type=click.Choice(CHAIN_GROUPINGS),
    multiple=True,
    help="Of growth, income and chain: scores also by third of income, region or decade of the "
    "origin; of chain also by distance from the line or kind of economy.",
)
@click.option(
    "--cache/--no-cache",
    default=True,
    show_default=True,
    help="Of growth and income: take from disk what was made before, and keep what is made.",
)
@click.option(
    "--line",
    type=click.Choice(LINES),
    help="Of crossing and chain: the class that is entered.  [default: high]",
)
@click.option(
    "--without",
    type=click.Choice(["weo"]),
    help="Of chain: leave out the IMF's view of growth, the fall edition of the origin's year.",
)
@click.option(
    "--raw",
    envvar="FORECAST_RAW",
    type=click.Path(path_type=Path, file_okay=False),
    help="Of chain: folder with the IMF's editions.  [environment: FORECAST_RAW]",
)
@click.option(
    "--compare", is_flag=True, help="Also test the shipped forecast against each of its rivals."
)
@click.option(
    "--corrected",
    is_flag=True,
    help="Of growth and income: also coverage after conformal correction, which no result uses.",
)
@worker_options
@format_option("csv")
def command(
    origins: str | None, horizons: str | None, models: str | None, form: str, **given: Any
) -> None:
    """Score forecasts from past origins, economy by economy, beside the simplest rivals.

    A forecast sees what was known at its origin and nothing later. `pool` is the method shipped.
    Growth and income read the newest Penn World Table at hand, crossing and chain the annual table
    of a package with many economies, or each of --data. What was made for growth and income is
    kept in the cache folder (or $FORECAST_CACHE), so that an interrupted run takes up where it was
    left.
    """
    from forecast.cli.progress import progress
    from forecast.study.scoring.backtest import backtest

    asked = {**given, "origins": origins and _span(origins)}
    asked |= {"horizons": horizons and _numbers(horizons), "models": models and _names(models)}
    _echo(backtest(**asked, progress=progress), form)


def _echo(found: Backtest, form: str) -> None:
    if form == "csv":
        print_csv(found.scores)
    elif form == "json":
        print_json(_told(found))
    elif found.target == "chain":
        from forecast.cli.score.chain_text import chain_text

        say(f"chain, {found.source}, origins {found.span[0]}-{found.span[1]}\n")
        say(chain_text(found.scores, found.more))
    else:
        _print_text(found)


def _told(found: Backtest) -> dict[str, Any]:
    told: dict[str, Any] = {"target": found.target, "data": found.source}
    told["origins"] = list(found.span)
    told["scores"] = rows_of(found.scores)
    if found.groups is not None:
        told["groups"] = rows_of(found.groups)
    tables: dict[str, Any] = {name: rows_of(table) for name, table in found.more.items()}
    if found.caveat:
        names = ("rivals", "sets")
        told["comparison"] = {n: tables.pop(n) for n in names} | {"caveat": found.caveat}
    return told | tables


def _print_text(found: Backtest) -> None:
    from forecast.cli.score.rivals import echo_comparison, echo_corrected

    say(f"{found.target}, {found.source}, origins {found.span[0]}-{found.span[1]}")
    for name in SHOWN[found.target]:
        say(f"\n{name}")
        say(_by_horizon(found.scores, name, ["model"]))
    if found.groups is not None:
        for name in SHOWN_BY:
            say(f"\n{name}")
            say(_by_horizon(found.groups, name, ["group", "model"]))
    if found.caveat:
        echo_comparison(found)
    if "corrected" in found.more:
        echo_corrected(found)


def _span(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal()):
        raise SpecError(f"--origins: found {text!r}, must be two years such as 1980-2009")
    return int(first), int(last)


def _numbers(text: str) -> tuple[int, ...]:
    parts = _names(text)
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise SpecError(f"--horizons: found {text!r}, must be whole years by comma, such as 1,5,10")
    return tuple(dict.fromkeys(int(part) for part in parts))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",")))


def _by_horizon(found: pd.DataFrame, score: str, rows: list[str]) -> str:
    """Return one score as text: rows of models (of groups), columns of horizons."""
    chosen = found[found["score"] == score]
    wide = chosen.pivot_table(index=rows, columns="horizon", values="value", sort=False)
    return str(wide.to_string(float_format="{:.4f}".format))
