"""A study in, results out: the whole chain, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from forecast.errors import ForecastError, choose
from forecast.estimation.record import Estimate
from forecast.faces import Face, deed, notes
from forecast.projection.futures.futures import Futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import PANEL
from forecast.projection.scenarios.project import project
from forecast.projection.scenarios.subject_line import subject_line
from forecast.projection.scenarios.telling_years import asked_years
from forecast.randomness.streams import Streams
from forecast.randomness.workers import at_most
from forecast.reporting.report.other_line_text import other_line_sentence
from forecast.reporting.run_folder.results import write_results
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.reporting.terminal import scenario_lines
from forecast.reporting.write import check_folder
from forecast.sources.package.package import DataPackage
from forecast.specs.line import HIGH, LineSpec
from forecast.specs.read import read_line
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.study.check import run_checks
from forecast.study.declare import declare
from forecast.study.gather import gather
from forecast.study.inputs import projection_inputs
from forecast.study.prepare import Prepared, prepare, remarks_of
from forecast.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Results(Face):
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

    def facts(self) -> Mapping[str, object]:
        """Return the study, its data, scenarios and models, and where files are."""
        study = self.study
        return {
            "study": f"{study.name}: {study.country_label or study.country}, {study.draws:,} paths",
            "data": self.package.name,
            "scenarios": [one.scenario for one in self.projections],
            "models": [one.spec.name for one in self.estimates],
            "folder": "not written" if self.folder is None else str(self.folder),
        }

    def __getitem__(self, scenario: str) -> Projection:
        """Return a scenario's projection."""
        held = {one.scenario: one for one in self.projections}
        return choose(scenario, held, "scenario", ForecastError)

    def project(
        self, scenario: ScenarioSpec, line: LineSpec | Path | str | None = None, lasting: int = 1
    ) -> Projection:
        """Return a scenario on the same draws, against any line (`read_line`)."""
        view, streams = self.study.baseline.view, Streams.of_seed(self.study.seed)
        inputs = projection_inputs(self.package, self.study.country, view)
        asked = subject_line(read_line(line or HIGH), inputs, self.futures, streams)
        return project(self.futures, scenario, self.scenarios, self.variables, asked, lasting)

    def to_frame(self, table: str = "crossing_summary") -> pd.DataFrame:
        """Return a table of the run; `crossing_summary_table` if none is named."""
        made: pd.DataFrame = deed("table")(self, table)
        return made

    def summary(self) -> str:
        """Return what the command prints: when each scenario passes the line, and what to know."""
        by_year, income = self.to_frame("crossing_probability"), self.to_frame("income_change")
        told = scenario_lines(self.to_frame(), by_year, income, self.years)
        return "\n".join([repr(self), "", told, *notes(self.remarks)])

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was left out, and what else a reader must know: what the command prints as notes."""
        return remarks_of(self.failures, self.caveats)

    def compare(self, *others: Results) -> pd.DataFrame:
        """Return the crossing summaries of runs below each other, with ``run``, this one first.

        ``run`` is the study's name and the data package's, numbered where two are alike.
        """
        runs = (self, *others)
        names = [f"{one.study.name}, {one.package.name}" for one in runs]
        told = [
            f"{name} ({names[:at].count(name) + 1})" if names.count(name) > 1 else name
            for at, name in enumerate(names)
        ]
        frames = [one.to_frame().assign(run=name) for one, name in zip(runs, told, strict=True)]
        table = pd.concat(frames, ignore_index=True)
        return table[["run", *table.columns.drop("run")]]


def run(  # noqa: PLR0913 the options of a run are those of the command
    study: StudySpec | Path | str | None = None,
    *,
    scenarios: Sequence[str | Path] | str | Path | None = None,
    out: Path | str | None = None,
    data: Path | str | None = None,
    seed: int | None = None,
    draws: int | None = None,
    country: str | None = None,
    line: LineSpec | Path | str | None = None,
    lasting: int = 1,
    years: Sequence[int] | int = (),
    channel: str = PANEL,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    jobs: int | None = None,
    svg: bool = False,
    progress: Progress = lambda message: None,
    command: str = "",
) -> Results:
    """Run a study: data, regressions, baseline, scenarios, crossing years, files.

    Parameters
    ----------
    study : StudySpec, path or None, the embedded study
    scenarios, data, seed, draws, country
        In place of the study's own; scenarios not about ``country`` (any name of it) are left out.
    out : path or None, the folder that receives ``<study>-<hash>/``; nothing is written without
    line, lasting, channel
        What income is measured against (`read_line`), for how many years in a row; how drivers
        become growth, ``panel`` or ``bvar`` (`effect_channel`).
    years : of tables and sentences, in place of those in which something happens
    baseline, without, known
        ``chain`` or ``pool`` in place of the study's; what is left out (``weo``); what is known of
        the present year, in place of the study's: ``exchange_rate=7.10@2026-06``.
    jobs, svg : most processes, as many as pay if not given; whether figures are SVG too
    progress, command : called with one line as each stage begins; as typed, for the manifest

    Raises
    ------
    ForecastError
        If a declaration, the data or a projection is not usable; nothing is written then.
    """
    with at_most(jobs):
        watch = Stopwatch(progress)
        if out is not None:
            check_folder(Path(out), "out")
        with watch.stage("read", "reading the study, its declarations and data"):
            declared = declare(
                study, scenarios=scenarios, data=data, seed=seed, draws=draws, country=country,
                line=line, lasting=lasting, years=asked_years(years), channel=channel,
                baseline=baseline, without=without, known=known,
            )  # fmt: skip
        prepared = prepare(declared, watch, every=True)
        with watch.stage("draw", f"drawing {declared.study.draws} futures"):
            futures = prepared.futures(progress)
        with watch.stage("project", f"projecting {len(declared.scenarios)} scenarios"):
            results = _results(prepared, futures, *prepared.project(futures))
        return _written(results, prepared, out, watch, command, svg=svg)


def _written(
    results: Results,
    prepared: Prepared,
    out: Path | str | None,
    watch: Stopwatch,
    command: str,
    *,
    svg: bool,
) -> Results:
    """Check what was found and write it, with all that the report shows, if there is a folder."""
    if out is None:
        return results
    declared, futures = prepared.declared, results.futures
    with watch.stage("check", "testing the models and the accounts"):
        checks = run_checks(prepared, futures, results.projections)
    watch.progress("writing tables, figures and the report")
    folder = Path(out) / f"{declared.study.name}-{declared.identity}"
    findings = gather(prepared, futures, results.projections, results.failures, checks)
    write_results(folder, findings, command=command, stages=watch.seconds, clock=watch.now, svg=svg)
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
