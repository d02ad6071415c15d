"""A study in, results out: the whole chain, in the order in which it happens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from forecast.declared import Declared, declare
from forecast.errors import EstimationError, ForecastError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.exhibits import findings
from forecast.projection.draw_futures import draw_futures
from forecast.projection.drivers import moved
from forecast.projection.effect_channel import PANEL, effect_channel
from forecast.projection.futures import Futures, Inputs, Setting
from forecast.projection.prepare_futures import prepare_futures
from forecast.projection.project_scenarios import project_scenarios
from forecast.projection.record import Projection
from forecast.projection.subject_line import subject_line
from forecast.reporting.results import write_results
from forecast.reporting.stopwatch import Stopwatch
from forecast.sources.inputs import projection_inputs
from forecast.sources.package import DataPackage
from forecast.specs.line import HIGH, LineSpec
from forecast.specs.read import read_line
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import EffectsSpec, StudySpec
from forecast.timeseries.streams import Streams
from forecast.variables import Variables

Progress = Callable[[str], None]


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
    setting : Setting
        What the futures were drawn from; draws of it with other streams are other futures.
    futures : Futures
        The baseline's draws, shared by all scenarios.
    scenarios : dict of name to ScenarioSpec
        Those of the run and all that they may be composed of.
    variables : Variables
    projections : list of Projection
        In the study's order, the baseline first.
    folder : Path or None
        Where the files were written.
    """

    study: StudySpec
    package: DataPackage
    estimates: list[Estimate]
    failures: Mapping[str, str]
    setting: Setting
    futures: Futures
    scenarios: Mapping[str, ScenarioSpec]
    variables: Variables
    projections: list[Projection]
    folder: Path | None


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
    channel: str = PANEL,
    jobs: int = 1,
    progress: Progress = lambda message: None,
    command: str = "",
) -> Results:
    """Run a study: data, regressions, baseline, scenarios, crossing years, files.

    Parameters
    ----------
    study : StudySpec, path or None
        None: the embedded study.
    scenarios : sequence of str
        Scenarios (names or TOML files) in place of the study's; its baseline is kept.
    out : path or None
        Folder that receives ``<study>-<hash>/``; None writes nothing.
    data, seed, draws
        In place of the study's own.
    country : str
        Subject in place of the study's, ISO 3166 alpha-3: scenarios about another are left out.
    line, lasting, channel
        What income is measured against (`read_line`), for how many years in a row; how drivers
        become growth, ``panel`` or ``bvar`` (`effect_channel`).
    jobs : int, processes; the results do not depend on it
    progress : callable, called with one line as each stage begins
    command : str, as typed, for the manifest

    Returns
    -------
    Results

    Raises
    ------
    ForecastError
        If a declaration, the data or a projection is not usable; nothing is written then.
    """
    watch = Stopwatch(progress)
    with watch.stage("read", "reading the study, its declarations and data"):
        found = declare(study, scenarios, data, seed, draws, country)
        declared = replace(found, line=read_line(line or HIGH), lasting=lasting, channel=channel)
        inputs = projection_inputs(declared.package, declared.study.country)
    with watch.stage("estimate", f"estimating {len(declared.models)} models"):
        estimates, failures = _estimates(declared)
    with watch.stage("draw", f"drawing {declared.study.draws} futures"):
        setting = _setting(declared, inputs, estimates, jobs)
        futures = draw_futures(setting, Streams.of_seed(declared.study.seed), jobs)
    results = _projected(declared, inputs, estimates, failures, setting, futures, watch)
    return (
        results if out is None else _written(Path(out), declared, inputs, results, watch, command)
    )


def _projected(
    declared: Declared,
    inputs: Inputs,
    estimates: Mapping[str, Estimate],
    failures: Mapping[str, str],
    setting: Setting,
    futures: Futures,
    watch: Stopwatch,
) -> Results:
    with watch.stage("project", f"projecting {len(declared.scenarios)} scenarios"):
        streams = Streams.of_seed(declared.study.seed)
        line = subject_line(declared.line, inputs, futures, streams)
        projections, refused = project_scenarios(
            futures,
            declared.scenarios.values(),
            declared.known,
            declared.variables,
            streams,
            line,
            declared.lasting,
            effect_channel(declared.channel, futures, inputs.annual, setting.recent, streams),
        )
    return Results(
        study=declared.study,
        package=declared.package,
        estimates=list(estimates.values()),
        failures={**failures, **futures.baseline.failures, **refused},
        setting=setting,
        futures=futures,
        scenarios=declared.known,
        variables=declared.variables,
        projections=projections,
        folder=None,
    )


def _written(
    out: Path,
    declared: Declared,
    inputs: Inputs,
    results: Results,
    watch: Stopwatch,
    command: str,
) -> Results:
    """Write the results' files and return the results with their folder."""
    folder = out / f"{declared.study.name}-{declared.identity}"
    with watch.stage("check", "testing the models and the accounts"):
        found = findings(
            declared,
            inputs,
            results.estimates,
            results.futures,
            results.projections,
            results.failures,
        )
    watch.progress("writing tables, figures and the report")
    write_results(folder, found, command=command, stages=watch.seconds, clock=watch.now)
    return replace(results, folder=folder)


def _estimates(declared: Declared) -> tuple[dict[str, Estimate], dict[str, str]]:
    """Estimate every model; one that fails is reported and the others go on."""
    found, failures = {}, {}
    for name, spec in declared.models.items():
        try:
            found[name] = estimate(declared.package.panel(spec.table), spec)
        except EstimationError as error:
            failures[name] = str(error)
    return found, failures


def _setting(
    declared: Declared, inputs: Inputs, estimates: Mapping[str, Estimate], jobs: int
) -> Setting:
    study = declared.study
    kept = {n: w for n, w in study.effects.weights.items() if n in estimates}
    if not kept:
        raise ForecastError(f"study {study.name!r}: none of the models in [effects] was estimated")
    total = sum(kept.values())
    effects = EffectsSpec(
        weights={n: w / total for n, w in kept.items()},
        weights_because=study.effects.weights_because,
    )
    drivers = [d for s in declared.scenarios.values() for d in moved(s, declared.known)]
    return prepare_futures(
        inputs,
        study.model_copy(update={"effects": effects}),
        estimates,
        list(dict.fromkeys(drivers)),
        jobs,
        departs=any(s.kind != "baseline" for s in declared.scenarios.values()),
    )


class _Callable(ModuleType):
    """The module ``forecast.run`` shares its name with the function: both must be callable.

    Importing the module binds it as ``forecast.run``, which would hide ``fc.run(...)``.
    """

    def __call__(self, *given: Any, **named: Any) -> Results:
        return run(*given, **named)


sys.modules[__name__].__class__ = _Callable
