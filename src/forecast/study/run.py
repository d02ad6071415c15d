"""A study in, results out: the whole chain, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from forecast.estimation.record import Estimate
from forecast.projection.futures.futures import Futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import PANEL
from forecast.reporting.report.other_line_text import other_line_sentence
from forecast.reporting.run_folder.results import write_results
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.reporting.write import check_folder
from forecast.sources.package.package import DataPackage
from forecast.specs.line import LineSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.study.check import check
from forecast.study.declare import declare
from forecast.study.gather import gather
from forecast.study.prepare import Prepared, prepare
from forecast.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything a run found.

    Attributes
    ----------
    study : StudySpec
        As used: seed, draws, data and scenarios given to `run` included.
    package : DataPackage
    estimates : list of Estimate
        In the study's order, without models that could not be estimated.
    failures : dict of model, density or scenario to message
        What could not be estimated or projected; the rest went on without it.
    futures : Futures
        The baseline's draws, shared by all scenarios, and the setting that they were drawn from.
    scenarios : dict of name to ScenarioSpec
        Those of the run and all that they may be composed of.
    variables : Variables
    projections : list of Projection
        In the study's order, the baseline first.
    folder : Path or None
        Where the files were written.
    caveats : tuple of str
        What a reader must know besides the report's own: weights out of date, idle departures,
        another line where this one says little.
    years : tuple of int
        Those that tables and sentences show.
    """

    study: StudySpec
    package: DataPackage
    estimates: list[Estimate]
    failures: Mapping[str, str]
    futures: Futures
    scenarios: Mapping[str, ScenarioSpec]
    variables: Variables
    projections: list[Projection]
    folder: Path | None
    caveats: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def run(  # noqa: PLR0913 the options of a run are those of the command
    study: StudySpec | Path | str | None = None,
    *,
    scenarios: Sequence[str] | None = None,
    out: Path | str | None = "out",
    data: str | None = None,
    seed: int | None = None,
    draws: int | None = None,
    country: str | None = None,
    line: LineSpec | Path | str | None = None,
    lasting: int = 1,
    years: Sequence[int] = (),
    channel: str = PANEL,
    baseline: str | None = None,
    without: Sequence[str] = (),
    known: Sequence[str] = (),
    jobs: int = 1,
    progress: Progress = lambda message: None,
    command: str = "",
) -> Results:
    """Run a study: data, regressions, baseline, scenarios, crossing years, files.

    Parameters
    ----------
    study : StudySpec, path or None
        None: the embedded study.
    scenarios, data, seed, draws, country
        In place of the study's own; scenarios not about ``country`` (any name of it) are left out.
    out : path or None, the folder that receives ``<study>-<hash>/``; None writes nothing
    line, lasting, channel
        What income is measured against (`read_line`), for how many years in a row; how drivers
        become growth, ``panel`` or ``bvar`` (`effect_channel`).
    years : of tables and sentences, in place of those in which something happens
    baseline, without, known
        ``chain`` or ``pool`` in place of the study's; what is left out (``weo``); what is known of
        the present year, in place of the study's: ``exchange_rate=7.10@2026-06``.
    jobs : int, processes; the results do not depend on it
    progress, command : called with one line as each stage begins; as typed, for the manifest

    Raises
    ------
    ForecastError
        If a declaration, the data or a projection is not usable; nothing is written then.
    """
    watch = Stopwatch(progress)
    if out is not None:
        check_folder(Path(out), "out")
    with watch.stage("read", "reading the study, its declarations and data"):
        declared = declare(
            study, scenarios=scenarios, data=data, seed=seed, draws=draws, country=country,
            line=line, lasting=lasting, years=years, channel=channel, baseline=baseline,
            without=without, known=known,
        )  # fmt: skip
    prepared = prepare(declared, watch, every=True, jobs=jobs)
    with watch.stage("draw", f"drawing {declared.study.draws} futures"):
        futures = prepared.futures(jobs)
    with watch.stage("project", f"projecting {len(declared.scenarios)} scenarios"):
        projections, refused = prepared.project(futures)
    results = _results(prepared, futures, projections, refused)
    return results if out is None else _written(results, prepared, Path(out), watch, command)


def _written(
    results: Results, prepared: Prepared, out: Path, watch: Stopwatch, command: str
) -> Results:
    """Check what was found and write it, with all that the report shows."""
    declared, futures = prepared.declared, results.futures
    with watch.stage("check", "testing the models and the accounts"):
        checks = check(prepared, futures, results.projections)
    watch.progress("writing tables, figures and the report")
    folder = out / f"{declared.study.name}-{declared.identity}"
    findings = gather(prepared, futures, results.projections, results.failures, checks)
    write_results(folder, findings, command=command, stages=watch.seconds, clock=watch.now)
    return replace(results, folder=folder)


def _results(
    prepared: Prepared,
    futures: Futures,
    projections: list[Projection],
    refused: Mapping[str, str],
) -> Results:
    declared, baseline = prepared.declared, projections[0]
    name = declared.study.country_label or declared.study.country
    other = prepared.other_line(futures, baseline)
    told = () if other is None else (other_line_sentence(other, baseline, name),)
    return Results(
        study=declared.study,
        package=declared.package,
        estimates=list(prepared.estimates.values()),
        failures={**prepared.failures, **futures.baseline.failures, **refused},
        futures=futures,
        scenarios=declared.known,
        variables=declared.variables,
        projections=projections,
        folder=None,
        caveats=(*prepared.caveats, *told),
        years=prepared.years(baseline),
    )
