"""What the method would have said, beside the simplest rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast import catalog
from forecast.crosscountry.income_record import income_record
from forecast.errors import SpecError, choose
from forecast.evaluation.conformal.intervals import (
    METHODS,
    conformal_coverage,
    conformal_intervals,
)
from forecast.evaluation.crossing.backtest import (
    CROSSING_ORIGINS,
    backtest_crossing,
    income_over_line,
)
from forecast.evaluation.crossing.scores import score_crossing
from forecast.evaluation.growth.backtest import GROWTH_ORIGINS, backtest_growth, backtest_income
from forecast.evaluation.growth.case_groups import case_groups
from forecast.evaluation.growth.scores import score_growth, score_growth_by
from forecast.faces import as_names
from forecast.projection.scenarios.telling_years import asked_years
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.sources.package.package import DataPackage, load
from forecast.specs.choices import CHAIN_GROUPINGS, GROUPINGS, LINES, OUTPUTS
from forecast.study.origin_cache import OriginCache, cache_folder, code_fingerprint
from forecast.study.scoring.chain_tables import chain_cases, printed_tables
from forecast.study.scoring.record import MODEL, Backtest, rival_tests

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = ("growth", "income", "crossing", "chain")


def backtest(  # noqa: PLR0913 the options of the command
    *,
    target: str = "growth",
    variable: str | None = None,
    data: Path | str | None = None,
    origins: tuple[int, int] | None = None,
    horizons: Sequence[int] | int | None = None,
    models: Sequence[str] | str | None = None,
    by: Sequence[str] | str = (),
    cache: bool = True,
    line: str | None = None,
    without: str | None = None,
    raw: Path | str | None = None,
    compare: bool = False,
    corrected: bool = False,
    progress: Progress = lambda message: None,
) -> Backtest:
    """Return how forecasts from past origins did, economy by economy, beside the simplest rivals.

    Parameters are the options of the command, ``forecast backtest --help``: ``origins`` is the
    first and the last year, ``horizons`` and ``models`` are sequences.

    Raises
    ------
    ForecastError
        If an option is not known, or is not of the target, or a package lacks a table.
    """
    choose(target, dict.fromkeys(TARGETS), "target", SpecError)
    groups = as_names(by)
    for one in groups:
        choose(one, dict.fromkeys(CHAIN_GROUPINGS), "by", SpecError)
    _refuse_misplaced(
        target,
        {
            "--line": (line, ("crossing", "chain")),
            "--without": (without, ("chain",)),
            "--by": (groups, ("growth", "income", "chain")),
            "--variable": (variable, ("growth", "income")),
            "--corrected": (corrected, ("growth", "income")),
        },
    )
    settings: dict[str, Any] = {"progress": progress}
    if origins is not None:
        settings["origins"] = asked_years(origins, "origins")
        if len(settings["origins"]) != len(GROWTH_ORIGINS):
            raise SpecError(f"origins: found {origins!r}, must be the first and the last year")
    if horizons is not None:
        settings["horizons"] = asked_years(horizons, "horizons", least=1)
    if models is not None:
        settings["models"] = tuple(as_names(models))
    named = line or LINES[0]
    choose(named, dict.fromkeys(LINES), "line", SpecError)
    if target == "chain":
        return _chain(data, settings, (named, without, raw), groups, compare)
    if target == "crossing":
        found = _crossing(data, settings, named)
    else:
        settings |= {"variable": variable or OUTPUTS[0], "store": _cache() if cache else None}
        found = _growth(target, data, settings, groups)
    return _with_more(found, compare, corrected)


def _with_more(found: Backtest, compare: bool, corrected: bool) -> Backtest:
    more: dict[str, pd.DataFrame] = {}
    caveat = ""
    if compare:
        more, caveat = rival_tests(found.target, found.cases)
    if corrected:
        more["corrected"] = corrected_coverage(found.cases)
    return replace(found, more=more, caveat=caveat)


def corrected_coverage(cases: pd.DataFrame) -> pd.DataFrame:
    """Return coverage and width of ``pool``'s 80 % intervals of growth before and after correction.

    One row a method (split, adaptive) and horizon; nothing else that is printed uses the corrected
    intervals.

    Raises
    ------
    SpecError
        If ``pool`` is missing.
    """
    own = cases[cases["model"] == MODEL]
    if own.empty:
        raise SpecError(f"--models: found no {MODEL}, must hold it")
    tables = [
        conformal_coverage(conformal_intervals(own, method=method)).assign(method=method)
        for method in METHODS
    ]
    return pd.concat(tables, ignore_index=True)


def _refuse_misplaced(target: str, options: dict[str, tuple[Any, tuple[str, ...]]]) -> None:
    """Raise SpecError at an option that is for other targets than this."""
    for option, (value, targets) in options.items():
        if value and target not in targets:
            raise SpecError(f"{option}: is for --target {' and '.join(targets)}, found {target}")


def _cache() -> OriginCache:
    return OriginCache(cache_folder(), code_fingerprint(), without="--no-cache does without")


def _growth(
    target: str, data: Path | str | None, settings: dict[str, Any], by: Sequence[str]
) -> Backtest:
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
    if settings["variable"] != OUTPUTS[0]:
        told += f", {settings['variable']}"
    return Backtest(
        target=target, source=told, span=span, scores=score_growth(cases), groups=groups,
        cases=cases,
    )  # fmt: skip


def _crossing(data: Path | str | None, settings: dict[str, Any], line: str) -> Backtest:
    # a package with the Penn World Table 10.01 has the annual series of all economies
    package, _ = newest_package(data, ("pwt1001", "annual"))
    settings["progress"](f"data: {package.name}, table annual")
    annual, lines = package.annual(), package.table("thresholds")
    settings["record"] = income_record(annual, lines, line)
    cases = backtest_crossing(income_over_line(annual, lines, line), **settings)
    span = settings.get("origins", CROSSING_ORIGINS)
    told = f"{package.name}, annual" + ("" if line == LINES[0] else f", line {line}")
    return Backtest(
        target="crossing", source=told, span=span, scores=score_crossing(cases), groups=None,
        cases=cases,
    )  # fmt: skip


def _chain(
    data: Path | str | None,
    settings: dict[str, Any],
    asked: tuple[str, str | None, Path | str | None],
    by: Sequence[str],
    compare: bool,
) -> Backtest:
    line, without, raw = asked
    package, _ = newest_package(data, ("pwt1001", "annual"))
    settings["progress"](f"data: {package.name}, table annual")
    cases = chain_cases(package, settings, line, raw, weo=without != "weo")
    scores, more = printed_tables(cases, by, compare)
    told = f"{package.name}, annual" + ("" if line == LINES[0] else f", line {line}")
    told += ", without the IMF's view" if without else ", fall edition of the origin's year"
    span = settings.get("origins", CROSSING_ORIGINS)
    return Backtest(
        target="chain", source=told, span=span, scores=scores, groups=None, cases=cases, more=more
    )


def newest_package(data: Path | str | None, tables: tuple[str, ...]) -> tuple[DataPackage, str]:
    """Return a package and the first of ``tables`` that it has; of no name, the newest at hand."""
    folders = [catalog.package_folder(str(data))] if data else catalog.package_folders()
    packages = sorted((load(f) for f in folders), key=lambda p: p.vintage, reverse=True)
    for table in tables:
        for package in packages:
            if table in package.resources:
                return package, table
    raise SpecError(f"--data: found {data!r}, must be a package with a table {', '.join(tables)}")
