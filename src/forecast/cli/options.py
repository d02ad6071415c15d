"""The options that several commands share: each is spelt here once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from forecast.errors import ForecastError
from forecast.specs.choices import LINES, VIEWS

F = TypeVar("F", bound=Callable[..., Any])


# What a projection is of: the study, and what may be set otherwise than it says.
SUBJECT_OPTIONS = ("study", "baseline", "without", "known", "data", "country")
# Who does the work, of a command that has much.
WORKERS = ("jobs", "engine", "scheduler")


def options(*names: str, draws: int | None = None) -> Callable[[F], F]:
    """Return the named options of `OPTIONS`, in that order.

    Parameters
    ----------
    *names : str
    draws : int, optional
        Default of ``--draws``; without one a command takes the study's.
    """

    def added(function: F) -> F:
        for name in reversed(names):
            kind, said = OPTIONS[name]
            if name == "draws" and draws is not None:
                said = {**said, "default": draws, "show_default": True, "help": "Paths to draw."}
            spelt = "line" if name == "class-line" else name
            function = click.option(f"--{spelt}", type=kind, **said)(function)
        return function

    return added


def worker_options(function: F) -> F:
    """Return a command with ``--jobs``, ``--engine`` and ``--scheduler``, which works by them."""

    @wraps(function)
    def within(*args: Any, **given: Any) -> Any:
        jobs, engine, scheduler = (given.pop(name) for name in WORKERS)
        if engine != "dask" and scheduler is not None:
            raise click.UsageError("--scheduler: is for --engine dask")
        if engine == "dask":
            from forecast.study.cluster import cluster

            workers = cluster(scheduler, jobs=jobs)
        else:
            from forecast.randomness.workers import Workers, working_with

            workers = working_with(Workers(jobs=jobs))
        with workers:
            return function(*args, **given)

    return cast("F", options(*WORKERS)(within))


def gathered(
    declared: Mapping[str, dict[str, Any]],
    into: str,
    read: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Callable[[F], F]:
    """Return options of a command, which it takes together: those given, by name, as ``into``.

    Parameters
    ----------
    declared : mapping of an option's name to what `click.option` takes
    into : str
    read : callable, optional
        Returns what the command takes for what is given.
    """

    def added(function: F) -> F:
        @wraps(function)
        def told(*args: Any, **said: Any) -> Any:
            own = {name: said.pop(name) for name in (name.replace("-", "_") for name in declared)}
            given = {k: v for k, v in own.items() if v is not None and v is not False and v != ()}
            return function(*args, **said, **{into: read(given)})

        for name in reversed([*declared]):
            told = click.option(f"--{name}", **declared[name])(told)
        return cast("F", told)

    return added


def format_option(*more: str) -> Callable[[F], F]:
    """Return the option ``--format text|json`` with further choices added."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", *more]),
        default="text",
        show_default=True,
        help="Form of what is printed on standard output.",
    )


def by_option(*years: int) -> Callable[[F], F]:
    """Return the option ``--by YEAR``, repeatable, with its default years."""
    return click.option(
        "--by",
        type=int,
        multiple=True,
        default=years,
        show_default=True,
        help="Projected year; may be given several times.",
    )


def years_option(said: str) -> Callable[[F], F]:
    """Return the option ``--by YEAR,YEAR``, a tuple of years or None."""
    return click.option("--by", metavar="YEAR,YEAR", callback=_years, help=said)


def _years(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() and len(part) == 4 for part in parts):
        said = f"found {value!r}, must be years by comma, such as 2030,2035"
        raise click.BadParameter(said, ctx, param)
    return tuple(dict.fromkeys(int(part) for part in parts))


def _drawable(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Refuse a figure's ending before any work."""
    if value is not None:
        from forecast.reporting.figures.single_figure import figure_kind
        from forecast.reporting.write import check_file

        try:
            figure_kind(value)
            check_file(value, "--figure")
        except ForecastError as error:
            raise click.BadParameter(str(error), ctx, param) from None
    return value


OPTIONS: dict[str, tuple[Any, dict[str, Any]]] = {
    "data": (str, {"help": "Data package, by name or folder, in place of the study's."}),
    "country": (
        str,
        {
            "help": "Subject in place of the study's, a name or ISO code (Vietnam, VNM, VN); "
            "without scenarios its baseline."
        },
    ),
    "study": (
        click.Path(path_type=Path),
        {"help": "A study's TOML file in place of the embedded one."},
    ),
    "line": (
        str,
        {
            "help": "high (default), upper_middle, lower_middle, us_share:0.4, "
            "constant:20000@2024, or a file (.toml, or .csv with year,value in current US$)."
        },
    ),
    "class-line": (
        click.Choice(LINES),
        {
            "default": LINES[0],
            "show_default": True,
            "help": "Line of the World Bank's classes that income is measured against.",
        },
    ),
    "view": (
        click.Choice(VIEWS),
        {
            "default": VIEWS[0],
            "show_default": True,
            "help": "With the IMF's view of growth, or without.",
        },
    ),
    "lasting": (
        click.IntRange(min=1),
        {
            "default": 1,
            "show_default": True,
            "help": "Years in a row above the line for a crossing to count.",
        },
    ),
    "years": (
        str,
        {
            "metavar": "YEAR,YEAR",
            "callback": lambda ctx, param, value: _years(ctx, param, value) or (),
            "help": "Years that tables show, by comma, in place of those in which something "
            "happens.",
        },
    ),
    "channel": (
        click.Choice(["panel", "bvar"]),
        {
            "default": "panel",
            "show_default": True,
            "help": "How drivers become growth: the study's regressions, or the subject's own "
            "record.",
        },
    ),
    "baseline": (
        click.Choice(["chain", "pool"]),
        {
            "help": "The income chain, or a pool of growth densities and price systems, in place "
            "of the study's."
        },
    ),
    "without": (
        click.Choice(["weo", "priors"]),
        {
            "multiple": True,
            "help": "Leave out: weo, the IMF's view of growth; priors, what models state "
            "beforehand of their coefficients.",
        },
    ),
    "known": (
        str,
        {
            "multiple": True,
            "help": "What is known of the year after the last on record: exchange_rate=7.10@2026-06"
            " (its average, by the end of that month), growth=..., deflator=... (%).",
        },
    ),
    "seed": (click.IntRange(min=0), {"help": "Seed in place of the study's."}),
    "draws": (click.IntRange(100, 1_000_000), {"help": "Paths in place of the study's."}),
    "jobs": (
        click.IntRange(min=1),
        {
            "help": "Most processes; the numbers do not depend on it.  [default: as many as pay, "
            "up to four]"
        },
    ),
    "engine": (
        click.Choice(["local", "dask"]),
        {
            "default": "local",
            "show_default": True,
            "help": "Where the work is done: processes of this machine, or a Dask cluster.",
        },
    ),
    "scheduler": (
        str,
        {
            "metavar": "ADDRESS",
            "help": "Of --engine dask: the cluster's, such as tcp://10.0.0.5:8786.  [default: one "
            "on this machine, as long as the command runs]",
        },
    ),
    "figure": (
        click.Path(path_type=Path, dir_okay=False),
        {"callback": _drawable, "help": "Also draw it to this file, .png or .svg."},
    ),
    "panel": (
        click.Path(path_type=Path),
        {"help": "A file of your own: CSV, TSV, Excel, Stata or Parquet."},
    ),
    "entity": (str, {"help": "With --panel: the column of the entity's label."}),
    "time": (str, {"help": "With --panel: the column of the period, whole numbers."}),
    "step": (
        click.IntRange(min=1),
        {"help": "With --panel: years between rows.  [default: where all gaps agree, or 1]"},
    ),
    "countries": (
        click.Choice(["auto", "as_is"]),
        {"help": "With --panel: economies by ISO code, or labels as they are.  [default: auto]"},
    ),
    "sheet": (str, {"help": "With --panel: the sheet of a workbook.  [default: its first]"}),
}
