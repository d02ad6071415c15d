"""A study in, results out: the whole chain, in the order in which it happens."""

from __future__ import annotations

import hashlib
import json
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.diagnostics.battery import specification_tests
from forecast.errors import EstimationError, ForecastError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.income.backcast import backcast
from forecast.income.conversion_rate import conversion_rate
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.income.sdr_deflator import sdr_inflation
from forecast.projection.baseline import DENSITY_LABELS
from forecast.projection.draw_futures import draw_futures
from forecast.projection.drivers import moved
from forecast.projection.futures import Futures, Inputs, Setting
from forecast.projection.prepare_futures import prepare_futures
from forecast.projection.project import project
from forecast.projection.record import Projection
from forecast.projection.subject_line import subject_line
from forecast.reporting.effect_tables import effect_tables
from forecast.reporting.findings import Findings
from forecast.reporting.manifest import Provenance, hash_file
from forecast.reporting.results import write_results
from forecast.reporting.stopwatch import Stopwatch
from forecast.reporting.tables import components_table, densities_table
from forecast.sources.countries import read_countries
from forecast.sources.inputs import projection_inputs
from forecast.sources.package import DataPackage, load
from forecast.specs.line import HIGH, LineSpec, line_options
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_line, read_study
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import EffectsSpec, StudySpec
from forecast.specs.subject import scenarios_about, with_subject
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
    failures : dict of model or density to message
        What could not be estimated; the rest went on without it.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    """The study and everything it names, read and checked before any work starts."""

    study: StudySpec
    package: DataPackage
    variables: Variables
    models: dict[str, ModelSpec]
    scenarios: dict[str, ScenarioSpec]
    known: dict[str, ScenarioSpec]
    hashes: dict[str, str]
    subject: tuple[str, ...] = ()  # the options that name another subject
    line: LineSpec = HIGH
    lasting: int = 1


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
    jobs: int = 1,
    progress: Progress = lambda message: None,
    command: str = "",
) -> Results:
    """Run a study: data, regressions, baseline, scenarios, crossing years, files.

    Parameters
    ----------
    study : StudySpec, path or None (the embedded study)
    scenarios : sequence of str
        Names or TOML files, in place of the study's; its baseline is kept.
    out : path or None
        Folder that receives ``<study>-<hash>/``; None writes nothing.
    data, seed, draws
        In place of the study's own.
    country : str
        Subject in place of the study's, ISO 3166 alpha-3: scenarios about another are left out.
    line, lasting
        What income is measured against (`read_line`), and for how many years in a row.
    jobs : int
        Processes; the results do not depend on it.
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
        found = _declared(study, scenarios, data, seed, draws, country)
        declared = replace(found, line=read_line(line or HIGH), lasting=lasting)
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
    declared: _Declared,
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
        projections = [
            project(futures, scenario, declared.known, declared.variables, line, declared.lasting)
            for scenario in declared.scenarios.values()
        ]
    return Results(
        study=declared.study,
        package=declared.package,
        estimates=list(estimates.values()),
        failures={**failures, **futures.baseline.failures},
        setting=setting,
        futures=futures,
        scenarios=declared.known,
        variables=declared.variables,
        projections=projections,
        folder=None,
    )


def _written(
    out: Path,
    declared: _Declared,
    inputs: Inputs,
    results: Results,
    watch: Stopwatch,
    command: str,
) -> Results:
    """Write the results' files and return the results with their folder."""
    folder = out / f"{declared.study.name}-{_identity(declared)}"
    with watch.stage("check", "testing the models and the accounts"):
        findings = _findings(declared, inputs, results)
    watch.progress("writing tables, figures and the report")
    write_results(folder, findings, command=command, stages=watch.seconds, clock=watch.now)
    return replace(results, folder=folder)


def study_package(data: str | None = None) -> DataPackage:
    """Return the data package of the embedded study, or the one named ``data``."""
    if data is not None:
        return load(catalog.package_folder(data))
    return _pinned(read_study(catalog.study_path()))


def _declared(
    study: StudySpec | Path | str | None,
    scenarios: Sequence[str] | None,
    data: str | None,
    seed: int | None,
    draws: int | None,
    country: str | None,
) -> _Declared:
    spec = study if isinstance(study, StudySpec) else read_study(_study_file(study))
    given: dict[str, Any] = {"seed": seed, "draws": draws, "data": data}
    spec = spec.model_copy(update={k: v for k, v in given.items() if v is not None})
    if country is not None:
        table = read_countries(catalog.home() / "data" / "countries.csv")
        spec = with_subject(spec, country, table.name)
    names = spec.scenarios
    if scenarios is not None:
        names = [names[0], *(n for n in dict.fromkeys(scenarios) if n != names[0])]
    chosen = {name: catalog.scenario(name) for name in names}
    if country is not None:
        chosen = scenarios_about(chosen, country, asked=scenarios is not None)
    spec = spec.model_copy(update={"scenarios": [s.name for s in chosen.values()]})
    files = {f"models/{n}.toml": catalog.model_path(n) for n in spec.models}
    files |= {f"scenarios/{s.name}.toml": catalog.scenario_path(n) for n, s in chosen.items()}
    shipped = {name: catalog.scenario(name) for name in catalog.scenarios()}
    return _Declared(
        study=spec,
        package=load(catalog.package_folder(data)) if data else _pinned(spec),
        variables=catalog.variables(),
        models={name: catalog.model(name) for name in spec.models},
        scenarios={s.name: s for s in chosen.values()},
        known={**shipped, **{s.name: s for s in chosen.values()}},
        hashes={name: hash_file(path) for name, path in files.items()},
        subject=("--country", country, "--data", spec.data) if country is not None else (),
    )


def _study_file(study: Path | str | None) -> Path:
    return catalog.study_path() if study is None else Path(study)


def _pinned(study: StudySpec) -> DataPackage:
    """Return the study's package; refuse one that is not the one the study was written for."""
    package = load(catalog.package_folder(study.data))
    if study.data_sha256 and package.sha256 != study.data_sha256:
        raise ForecastError(
            f"study {study.name!r}: data_sha256 is {study.data_sha256[:12]}..., package "
            f"{study.data!r} has {package.sha256[:12]}...; the study was written for other data"
        )
    return package


def _estimates(declared: _Declared) -> tuple[dict[str, Estimate], dict[str, str]]:
    """Estimate every model; one that fails is reported and the others go on."""
    found, failures = {}, {}
    for name, spec in declared.models.items():
        try:
            found[name] = estimate(declared.package.panel(spec.table), spec)
        except EstimationError as error:
            failures[name] = str(error)
    return found, failures


def _setting(
    declared: _Declared, inputs: Inputs, estimates: Mapping[str, Estimate], jobs: int
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


def _identity(declared: _Declared) -> str:
    """Return eight characters that differ wherever the study, its files or its data differ."""
    content = {
        "study": declared.study.model_dump(mode="json"),
        "data": declared.package.sha256,
        "files": declared.hashes,
        **({} if declared.line == HIGH else {"line": declared.line.model_dump(mode="json")}),
        **({} if declared.lasting == 1 else {"lasting": declared.lasting}),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def _findings(declared: _Declared, inputs: Inputs, results: Results) -> Findings:
    study = declared.study
    income = inputs.annual.series(study.country, "gni_pc_atlas")
    line = inputs.thresholds.set_index("year")["high_above"]
    history = {"gni_pc_atlas": income, **({"threshold": line} if declared.line == HIGH else {})}
    provenance = Provenance(
        study=study.name,
        package=declared.package.name,
        vintage=declared.package.vintage,
        package_sha256=declared.package.sha256,
        spec_hashes=declared.hashes,
        lock_sha256=hash_file(catalog.lock_file()),
        seed=study.seed,
        draws=study.draws,
        reproduce=shlex.join(
            [
                *("forecast", "run", "--seed", str(study.seed), "--draws", str(study.draws)),
                *declared.subject,
                *line_options(declared.line, declared.lasting),
            ]
        ),
    )
    return Findings(
        study=study,
        variables=declared.variables,
        estimates=tuple(results.estimates),
        projections=tuple(results.projections),
        scenarios=declared.scenarios,
        provenance=provenance,
        history=pd.DataFrame(history),
        country_label=study.country_label,
        density_labels=DENSITY_LABELS,
        nominal_labels={name: system.label for name, system in NOMINAL_SYSTEMS.items()},
        failures=results.failures,
        extra_tables=_checks(declared, inputs, results),
    )


def _checks(declared: _Declared, inputs: Inputs, results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables that let a reader check the run: tests, densities, back-cast."""
    names = dict.fromkeys(e.spec.table for e in results.estimates)
    panels = {name: declared.package.panel(name) for name in names}
    tables = [
        specification_tests(
            panel,
            [e for e in results.estimates if e.spec.table == name],
            np.random.default_rng(declared.study.seed),
        )
        for name, panel in panels.items()
    ]
    moves = [d for s in declared.scenarios.values() for d in moved(s, declared.known)]
    rows = inputs.annual.rows(declared.study.country)
    rows = rows.assign(exchange_rate=conversion_rate(rows))
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual.rows("CHN"))
    line = inputs.thresholds.set_index("year")["high_above"].astype(float)
    return {
        **effect_tables(results.estimates, panels, results.futures, moves),
        "tests": pd.concat(tables, ignore_index=True),
        "components": components_table(results.projections[0], results.futures.parts()),
        "densities": densities_table(results.futures.baseline.densities, results.futures.years),
        "backcast": backcast(rows, line, inflation, after_gaps=True).reset_index(),
    }


class _Callable(ModuleType):
    """The module ``forecast.run`` shares its name with the function: both must be callable.

    Importing the module binds it as ``forecast.run``, which would hide ``fc.run(...)``.
    """

    def __call__(self, *given: Any, **named: Any) -> Results:
        return run(*given, **named)


sys.modules[__name__].__class__ = _Callable
