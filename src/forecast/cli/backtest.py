"""``forecast backtest``: what the method would have said, beside the simplest rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from forecast.cli.output import format_option, print_json
from forecast.errors import SpecError

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.package import DataPackage

    Scored = tuple[str, tuple[int, int], pd.DataFrame]

SHOWN = {
    "growth": ("rmse", "mae", "bias", "crps", "log_score", "coverage_80"),
    "crossing": ("brier", "log_score", "reliability", "resolution"),
}


@click.command("backtest")
@click.option(
    "--target",
    type=click.Choice(list(SHOWN)),
    default="growth",
    show_default=True,
    help="Average growth per capita, or passing the high-income line.",
)
@click.option("--data", help="Data package, by name or folder.")
@click.option("--origins", help="First and last origin, such as 1980-2009.")
@click.option("--horizons", help="Years ahead, by comma, such as 1,5,10.")
@click.option("--models", help="Forecasts to compare, by comma; all if not given.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; the numbers do not depend on it.",
)
@format_option()
def command(
    target: str,
    data: str | None,
    origins: str | None,
    horizons: str | None,
    models: str | None,
    jobs: int,
    form: str,
) -> None:
    """Score forecasts from past origins, economy by economy, beside the simplest rivals.

    A forecast sees what was known at its origin and nothing later. `pool` is the method shipped.
    Growth reads the newest Penn World Table at hand, crossing the annual table of a package with
    many economies, or each of --data.
    """
    from forecast.cli.progress import progress

    settings: dict[str, Any] = {"jobs": jobs, "progress": progress}
    if origins:
        settings["origins"] = _span(origins)
    if horizons:
        settings["horizons"] = _numbers(horizons)
    if models:
        settings["models"] = _names(models)
    score = _score_growth if target == "growth" else _score_crossing
    source, span, found = score(data, settings)
    if form == "json":
        print_json(
            {
                "target": target,
                "data": source,
                "origins": list(span),
                "scores": found.to_dict("records"),
            }
        )
        return
    click.echo(f"{target}, {source}, origins {span[0]}-{span[1]}")
    for name in SHOWN[target]:
        click.echo(f"\n{name}")
        click.echo(_by_horizon(found, name))


def _score_growth(data: str | None, settings: dict[str, Any]) -> Scored:
    from forecast.evaluation.growth_backtest import GROWTH_ORIGINS, backtest_growth
    from forecast.evaluation.growth_scores import score_growth

    package, table = newest_package(data, ("pwt1001", "pwt91"))
    settings["progress"](f"data: {package.name}, table {table}")
    cases = backtest_growth(package.panel(table), **settings)
    span = settings.get("origins", GROWTH_ORIGINS)
    return f"{package.name}, {table}", span, score_growth(cases)


def _score_crossing(data: str | None, settings: dict[str, Any]) -> Scored:
    from forecast.evaluation.crossing_backtest import (
        CROSSING_ORIGINS,
        backtest_crossing,
        relative_income,
    )
    from forecast.evaluation.crossing_scores import score_crossing

    # a package with the Penn World Table 10.01 has the annual series of all economies
    package, _ = newest_package(data, ("pwt1001", "annual"))
    settings["progress"](f"data: {package.name}, table annual")
    ratios = relative_income(package.annual(), package.table("thresholds"))
    cases = backtest_crossing(ratios, **settings)
    span = settings.get("origins", CROSSING_ORIGINS)
    return f"{package.name}, annual", span, score_crossing(cases)


def newest_package(data: str | None, tables: tuple[str, ...]) -> tuple[DataPackage, str]:
    """Return a package and the first of ``tables`` that it has; of no name, the newest at hand."""
    from forecast import catalog
    from forecast.sources.package import load

    folders = [catalog.package_folder(data)] if data else catalog.package_folders()
    packages = sorted((load(f) for f in folders), key=lambda p: p.vintage, reverse=True)
    for table in tables:
        for package in packages:
            if table in package.resources:
                return package, table
    raise SpecError(f"--data: found {data!r}, must be a package with a table {', '.join(tables)}")


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


def _by_horizon(found: pd.DataFrame, score: str) -> str:
    """Return one score as text: rows of models, columns of horizons."""
    rows = found[found["score"] == score]
    wide = rows.pivot_table(index="model", columns="horizon", values="value", sort=False)
    return str(wide.to_string(float_format="{:.4f}".format))
