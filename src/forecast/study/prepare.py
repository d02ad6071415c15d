"""What a run and every question start from: a study's data, estimates and fitted setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from forecast.errors import EstimationError, ForecastError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.panel import Panel
from forecast.projection.drivers.drivers import moved
from forecast.projection.explain.marks import mark_table
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Inputs, Plan, Setting
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import PANEL, effect_channel
from forecast.projection.scenarios.other_line import other_line
from forecast.projection.scenarios.project_scenarios import project_scenarios
from forecast.projection.scenarios.subject_line import subject_line
from forecast.projection.scenarios.telling_years import projected_years, telling_years
from forecast.randomness.streams import Streams
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch, paced
from forecast.specs.changed import changed
from forecast.specs.line import LineSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.specs.subject import BASELINE_BECAUSE, baseline_because
from forecast.study.acting import acting_drivers, idle_departures
from forecast.study.declare import Declared
from forecast.study.inputs import projection_inputs
from forecast.variables import Variables

# Whose elasticity a scenario's growth has where its prices are asked for.
LINKED = NOMINAL_SYSTEMS["balassa_samuelson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """A study with its data read and its models estimated.

    Attributes
    ----------
    declared : Declared
    inputs : Inputs
    estimates : dict of model to Estimate
        In the study's order, without models that could not be estimated.
    failures : dict of model to message
        What could not be estimated; the rest goes on without it.
    """

    declared: Declared
    inputs: Inputs
    estimates: Mapping[str, Estimate]
    failures: Mapping[str, str]

    @property
    def plan(self) -> Plan:
        """What is asked of the projection, weights of models that failed left out."""
        return plan_of(self.declared.study, self.estimates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(Estimated):
    """A study as far as nothing is random: `draw_futures` goes on from its setting."""

    setting: Setting

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the results' reader must know of the declarations and of the models that serve."""
        declared, weights = self.declared, self.setting.plan.effect_weights
        told = self.setting.densities.caveat
        caveats = (*declared.caveats, told) if told else declared.caveats
        if not self.setting.unserved:
            return caveats
        shares = ", ".join(f"{name} {100 * weight:.3g} %" for name, weight in weights.items())
        served = (
            f"Effects for {declared.study.country} are by the models that can serve it, the "
            f"weights of the others shared among them: {shares}."
        )
        return (*caveats, served)

    def remarks(self, refused: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return `remarks_of` what was prepared, and of the scenarios that were refused."""
        return remarks_of({**self.failures, **(refused or {})}, self.caveats)

    @property
    def streams(self) -> Streams:
        """The study's random numbers."""
        return Streams.of_seed(self.declared.study.seed)

    def futures(self, progress: Progress = lambda message: None) -> Futures:
        """Draw what all scenarios share, saying how far it is."""
        return draw_futures(self.setting, self.streams, paced(progress))

    def marks(self, futures: Futures, projections: Sequence[Projection]) -> pd.DataFrame:
        """Return when scenarios pass the study's marks (`mark_table`)."""
        marks = self.declared.study.marks
        return mark_table(marks, self.inputs, futures, projections, self.streams)

    def years(self, baseline: Projection) -> tuple[int, ...]:
        """Return the years to show: those asked for, or those in which something happens."""
        return telling_years(baseline.crossing, self.declared.years)

    def other_line(self, futures: Futures, baseline: Projection) -> LineSpec | None:
        """Return a line that says more of the subject, where its own says little."""
        return other_line(self.declared.line, self.inputs, futures, baseline)

    def project(self, futures: Futures) -> tuple[list[Projection], dict[str, str]]:
        """Return the scenarios' projections, and why others have none."""
        declared, streams = self.declared, self.streams
        return project_scenarios(
            futures,
            declared.scenarios.values(),
            declared.known,
            declared.variables,
            streams,
            subject_line(declared.line, self.inputs, futures, streams),
            declared.lasting,
            effect_channel(declared.channel, futures, self.inputs.annual, streams),
        )


def remarks_of(failures: Mapping[str, str], caveats: Sequence[str]) -> tuple[str, ...]:
    """Return what was left out of results, and what else their reader must know, as sentences."""
    return (*(f"left out: {name}: {why}" for name, why in failures.items()), *caveats)


def estimate_study(declared: Declared, watch: Stopwatch, *, every: bool = False) -> Estimated:
    """Read the data and estimate the models behind effects and baseline, or every model.

    Raises
    ------
    ForecastError
        If the package lacks the subject or a table.
    """
    baseline = declared.study.baseline
    used = [*declared.study.effects.weights, *baseline.models]
    models = declared.models if every else {n: declared.models[n] for n in dict.fromkeys(used)}
    inputs = projection_inputs(declared.package, declared.study.country, baseline.view)
    found, failures = dict[str, Estimate](), dict[str, str]()
    with watch.stage("estimate", f"estimating {len(models)} models"):
        for name, spec in models.items():
            try:
                found[name] = estimate(declared.package.panel(spec.table), spec)
            except EstimationError as error:
                failures[name] = str(error)
    return Estimated(declared=declared, inputs=inputs, estimates=found, failures=failures)


def prepare(
    declared: Declared,
    watch: Stopwatch,
    *,
    drivers: Sequence[str] | None = None,
    every: bool = False,
) -> Prepared:
    """Read, estimate and fit all that futures are drawn from.

    Parameters
    ----------
    declared : Declared
    watch : Stopwatch
        Announces the stages ``estimate`` and ``fit``.
    drivers : sequence of str, optional
        Raw drivers that will depart, in place of those that the scenarios move; without any, what
        the economy lacks for departures is not asked for.
    every : bool
        Whether models are estimated that neither effects nor baseline use.

    Raises
    ------
    ForecastError
        If none of the effects' models was estimated, the subject lacks a series, a part cannot be
        fitted, or a year that is to be shown is not projected.
    """
    found = estimate_study(declared, watch, every=every)
    specs = declared.scenarios.values()
    moves = [d for s in specs for d in moved(s, declared.known)] if drivers is None else drivers
    departs = bool(moves) if drivers is not None else any(s.kind != "baseline" for s in specs)
    with watch.stage("fit", "laying out what futures are drawn from"):
        setting = prepare_futures(
            found.inputs, found.plan, found.estimates, list(dict.fromkeys(moves)), departs
        )
    projected_years(declared.years, int(setting.years[0]), int(setting.years[-1]))
    served = [found.estimates[name].spec for name in setting.plan.effect_weights]
    acting = specs if setting.unserved and declared.channel == PANEL and drivers is None else ()
    idle = idle_departures(acting, declared.known, served)
    caveats = tuple(dict.fromkeys([*declared.caveats, *idle]))
    said = _with_own_values(declared, found.inputs.annual)
    return Prepared(
        declared=replace(declared, caveats=caveats, scenarios=said),
        inputs=found.inputs,
        estimates=found.estimates,
        failures={
            **found.failures,
            **{f"effects by {name}": why for name, why in setting.unserved.items()},
        },
        setting=setting,
    )


def _with_own_values(declared: Declared, annual: Panel) -> dict[str, ScenarioSpec]:
    """Return the scenarios, one that had another economy's words with this one's values."""
    acting = acting_drivers(declared.models[name] for name in declared.study.effects.weights)
    last = last_values(annual, declared.study.country, acting, declared.variables)
    own = baseline_because(last)
    return {
        name: changed(one, because=own) if one.because == BASELINE_BECAUSE else one
        for name, one in declared.scenarios.items()
    }


def last_values(
    annual: Panel, country: str, drivers: Iterable[str], variables: Variables
) -> list[tuple[str, int, float]]:
    """Return each driver's label, the last year that an economy has on record, and its value."""
    if country not in annual.countries():
        return []
    found = []
    for name in drivers:
        series = annual.series(country, name)
        if len(series):
            label = variables.find(name).label
            found.append((label, int(series.index[-1]), float(series.iloc[-1])))
    return found


def plan_of(study: StudySpec, estimates: Mapping[str, Estimate]) -> Plan:
    """Return what a study asks of the projection; weights of models without estimate are shared.

    Raises
    ------
    ForecastError
        If none of the effects' models has an estimate.
    """
    kept = {n: w for n, w in study.effects.weights.items() if n in estimates}
    if not kept:
        raise ForecastError(f"study {study.name!r}: none of the models in [effects] was estimated")
    total = sum(kept.values())
    return Plan(
        country=study.country,
        horizon=study.horizon,
        draws=study.draws,
        seed=study.seed,
        growth_weights=study.baseline.weights,
        nominal_weights=study.baseline.nominal_weights,
        effect_weights={n: w / total for n, w in kept.items()},
        convergence_model=study.baseline.convergence_model,
        baseline=study.baseline.method,
        population=study.baseline.population,
        driver_uncertainty=study.baseline.driver_uncertainty,
        known=study.known,
        base_revision=study.baseline.base_revision,
        price_elasticity=LINKED.elasticity if study.effects.price_effect else 0.0,
    )
