"""``forecast backtest``: what the method would have said, beside the simplest rivals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json
from forecast.errors import SpecError

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.package.package import DataPackage
    from forecast.study.origin_cache import OriginCache

SHOWN = {
    "growth": ("rmse", "mae", "bias", "crps", "log_score", "coverage_80"),
    "income": ("rmse", "mae", "bias", "crps", "log_score", "coverage_80"),
    "crossing": ("brier", "log_score", "reliability", "resolution"),
    "chain": (),
}
SHOWN_BY = ("rmse", "crps", "coverage_80")
GROUPINGS = ("group", "region", "decade")
CHAIN_GROUPINGS = (*GROUPINGS, "distance", "kind")
VARIABLES = ("output_per_capita", "output_per_worker")
CLASS_LINES = ("high", "upper_middle", "lower_middle")


class Scored(NamedTuple):
    """What a backtest gives the command to print."""

    source: str
    span: tuple[int, int]
    scores: pd.DataFrame
    groups: pd.DataFrame | None
    cases: pd.DataFrame
    more: dict[str, pd.DataFrame] | None = None


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
    type=click.Choice(VARIABLES),
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
    type=click.Choice(CLASS_LINES),
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
    "correct",
    is_flag=True,
    help="Of growth and income: also coverage after conformal correction, which no result uses.",
)
@options("jobs")
@format_option("csv")
def command(  # noqa: PLR0917 a command's options are its arguments
    target: str,
    variable: str | None,
    data: str | None,
    origins: str | None,
    horizons: str | None,
    models: str | None,
    by: tuple[str, ...],
    cache: bool,
    line: str | None,
    without: str | None,
    raw: Path | None,
    compare: bool,
    correct: bool,
    jobs: int,
    form: str,
) -> None:
    """Score forecasts from past origins, economy by economy, beside the simplest rivals.

    A forecast sees what was known at its origin and nothing later. `pool` is the method shipped.
    Growth and income read the newest Penn World Table at hand, crossing and chain the annual table
    of a package with many economies, or each of --data. What was made for growth and income is
    kept in the cache folder (or $FORECAST_CACHE), so that an interrupted run takes up where it was
    left.
    """
    from forecast.cli.progress import progress

    settings: dict[str, Any] = {"jobs": jobs, "progress": progress}
    if origins:
        settings["origins"] = _span(origins)
    if horizons:
        settings["horizons"] = _numbers(horizons)
    if models:
        settings["models"] = _names(models)
    _refuse_misplaced(
        target,
        {
            "--line": (line, ("crossing", "chain")),
            "--without": (without, ("chain",)),
            "--by": (by, ("growth", "income", "chain")),
            "--variable": (variable, ("growth", "income")),
            "--corrected": (correct, ("growth", "income")),
        },
    )
    if target == "chain":
        found = _score_chain(data, settings, (line or CLASS_LINES[0], without, raw), by, compare)
    elif target == "crossing":
        found = _score_crossing(data, settings, line or CLASS_LINES[0])
    else:
        settings |= {"variable": variable or VARIABLES[0], "store": _cache() if cache else None}
        found = _score_growth(target, data, settings, by)
    _echo(target, found, form, compare, correct)


def _refuse_misplaced(target: str, options: dict[str, tuple[Any, tuple[str, ...]]]) -> None:
    """Raise SpecError at an option that is for other targets than this."""
    for option, (value, targets) in options.items():
        if value and target not in targets:
            raise SpecError(f"{option}: is for --target {' and '.join(targets)}, found {target}")


def _echo(target: str, found: Scored, form: str, compare: bool, correct: bool) -> None:
    from forecast.cli.score.rivals import (
        comparison,
        corrected,
        echo_comparison,
        echo_corrected,
    )

    if form == "csv":
        click.echo(found.scores.to_csv(index=False), nl=False)
        return
    if found.more is not None:
        _echo_chain(found, form)
        return
    more: dict[str, Any] = {}
    if compare:
        more["comparison"] = comparison(target, found.cases)
    if correct:
        more["corrected"] = corrected(found.cases)
    if form == "json":
        told = {"target": target, "data": found.source, "origins": list(found.span)}
        told["scores"] = found.scores.to_dict("records")
        if found.groups is not None:
            told["groups"] = found.groups.to_dict("records")
        print_json(told | more)
        return
    click.echo(f"{target}, {found.source}, origins {found.span[0]}-{found.span[1]}")
    for name in SHOWN[target]:
        click.echo(f"\n{name}")
        click.echo(_by_horizon(found.scores, name, ["model"]))
    if found.groups is not None:
        for name in SHOWN_BY:
            click.echo(f"\n{name}")
            click.echo(_by_horizon(found.groups, name, ["group", "model"]))
    if compare:
        echo_comparison(more["comparison"])
    if correct:
        echo_corrected(more["corrected"])


def _echo_chain(found: Scored, form: str) -> None:
    from forecast.cli.score.chain_tables import chain_text

    more = found.more or {}
    if form == "json":
        told = {"target": "chain", "data": found.source, "origins": list(found.span)}
        tables = {name: table.to_dict("records") for name, table in more.items()}
        print_json(told | {"scores": found.scores.to_dict("records")} | tables)
        return
    click.echo(f"chain, {found.source}, origins {found.span[0]}-{found.span[1]}\n")
    click.echo(chain_text(found.scores, more))


def _cache() -> OriginCache:
    from forecast.study.origin_cache import OriginCache, cache_folder, code_fingerprint

    return OriginCache(cache_folder(), code_fingerprint())


def _score_growth(
    target: str, data: str | None, settings: dict[str, Any], by: tuple[str, ...]
) -> Scored:
    import pandas as pd

    from forecast import catalog
    from forecast.evaluation.growth.backtest import (
        GROWTH_ORIGINS,
        backtest_growth,
        backtest_income,
    )
    from forecast.evaluation.growth.case_groups import case_groups
    from forecast.evaluation.growth.scores import score_growth, score_growth_by

    if misplaced := [name for name in by if name not in GROUPINGS]:
        raise SpecError(f"--by {misplaced[0]}: is for --target chain, found {target}")
    package, table = newest_package(data, ("pwt1001", "pwt91"))
    settings["progress"](f"data: {package.name}, table {table}")
    backtest = backtest_growth if target == "growth" else backtest_income
    cases = backtest(package.panel(table), **settings)
    groups = None
    if by:
        regions = catalog.countries().region
        groups = pd.concat(
            [score_growth_by(cases, case_groups(cases, name, regions), name) for name in by],
            ignore_index=True,
        )
    span = settings.get("origins", GROWTH_ORIGINS)
    told = f"{package.name}, {table}"
    if settings["variable"] != VARIABLES[0]:
        told += f", {settings['variable']}"
    return Scored(told, span, score_growth(cases), groups, cases)


def _score_crossing(data: str | None, settings: dict[str, Any], line: str) -> Scored:
    from forecast.crosscountry.income_record import income_record
    from forecast.evaluation.crossing.backtest import (
        CROSSING_ORIGINS,
        backtest_crossing,
        income_over_line,
    )
    from forecast.evaluation.crossing.scores import score_crossing

    # a package with the Penn World Table 10.01 has the annual series of all economies
    package, _ = newest_package(data, ("pwt1001", "annual"))
    settings["progress"](f"data: {package.name}, table annual")
    annual, lines = package.annual(), package.table("thresholds")
    settings["record"] = income_record(annual, lines, line)
    cases = backtest_crossing(income_over_line(annual, lines, line), **settings)
    span = settings.get("origins", CROSSING_ORIGINS)
    told = f"{package.name}, annual" + ("" if line == CLASS_LINES[0] else f", line {line}")
    return Scored(told, span, score_crossing(cases), None, cases)


def _score_chain(
    data: str | None,
    settings: dict[str, Any],
    asked: tuple[str, str | None, Path | None],
    by: tuple[str, ...],
    compare: bool,
) -> Scored:
    from forecast.cli.score.chain_tables import chain_cases, printed_tables
    from forecast.evaluation.crossing.backtest import CROSSING_ORIGINS

    line, without, raw = asked
    package, _ = newest_package(data, ("pwt1001", "annual"))
    settings["progress"](f"data: {package.name}, table annual")
    cases = chain_cases(package, settings, line, raw, weo=without != "weo")
    scores, more = printed_tables(cases, by, compare)
    told = f"{package.name}, annual" + ("" if line == CLASS_LINES[0] else f", line {line}")
    told += ", without the IMF's view" if without else ", fall edition of the origin's year"
    span = settings.get("origins", CROSSING_ORIGINS)
    return Scored(told, span, scores, None, cases, more)


def newest_package(data: str | None, tables: tuple[str, ...]) -> tuple[DataPackage, str]:
    """Return a package and the first of ``tables`` that it has; of no name, the newest at hand."""
    from forecast import catalog
    from forecast.sources.package.package import load

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


def _by_horizon(found: pd.DataFrame, score: str, rows: list[str]) -> str:
    """Return one score as text: rows of models (of groups), columns of horizons."""
    chosen = found[found["score"] == score]
    wide = chosen.pivot_table(index=rows, columns="horizon", values="value", sort=False)
    return str(wide.to_string(float_format="{:.4f}".format))
