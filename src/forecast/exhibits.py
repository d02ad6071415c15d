"""The tables of a run, and all else that its report shows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast import catalog
from forecast.declared import Declared
from forecast.diagnostics.battery import specification_tests
from forecast.estimation.interaction_effects import interaction_effects
from forecast.estimation.record import Estimate
from forecast.income.backcast import backcast
from forecast.income.conversion_rate import conversion_rate
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.income.sdr_deflator import sdr_inflation
from forecast.projection.annual_series import LABELS, RELATIVE, TOGETHER, annual_series
from forecast.projection.attribution import attribution_table
from forecast.projection.baseline import DENSITY_LABELS
from forecast.projection.drivers import moved
from forecast.projection.effect_channel import CHANNELS, PANEL
from forecast.projection.futures import Futures, Inputs
from forecast.projection.plausibility import plausibility
from forecast.projection.record import Projection
from forecast.projection.responses import responses
from forecast.reporting.findings import Findings
from forecast.reporting.manifest import Provenance, hash_file
from forecast.reporting.tables import components_table, densities_table, inclusion_table
from forecast.sources.countries import Countries, read_countries
from forecast.specs.line import HIGH, line_options
from forecast.timeseries.breaks import break_table
from forecast.timeseries.series_tests import series_tests


def findings(
    declared: Declared,
    inputs: Inputs,
    estimates: Sequence[Estimate],
    futures: Futures,
    projections: Sequence[Projection],
    failures: Mapping[str, str],
) -> Findings:
    """Return what reporting writes about a run: tables that need no file yet, and the rest."""
    study = declared.study
    published = {"gni_pc_atlas": inputs.annual.series(study.country, "gni_pc_atlas")}
    if declared.line == HIGH:
        published["threshold"] = inputs.thresholds.set_index("year")["high_above"]
    places = read_countries(catalog.home() / "data" / "countries.csv")
    return Findings(
        study=study,
        variables=declared.variables,
        estimates=tuple(estimates),
        projections=tuple(projections),
        scenarios=declared.scenarios,
        provenance=_provenance(declared),
        history=pd.DataFrame(published),
        country_label=study.country_label,
        density_labels=DENSITY_LABELS,
        nominal_labels={name: system.label for name, system in NOMINAL_SYSTEMS.items()},
        failures=failures,
        caveats=declared.caveats,
        economies=places.name,
        channel_label=CHANNELS[declared.channel],
        series_labels=LABELS,
        extra_tables={
            **_checks(declared, inputs, estimates, futures, projections[0]),
            **_scenario_tables(declared, futures, projections, places),
            **_series_tables(inputs, futures),
        },
    )


def _provenance(declared: Declared) -> Provenance:
    study = declared.study
    return Provenance(
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
                *(() if declared.channel == PANEL else ("--channel", declared.channel)),
            ]
        ),
        channel=declared.channel,
    )


def _checks(
    declared: Declared,
    inputs: Inputs,
    estimates: Sequence[Estimate],
    futures: Futures,
    baseline: Projection,
) -> dict[str, pd.DataFrame]:
    """Return the tables that let a reader check the run: tests, densities, back-cast."""
    tables = [
        specification_tests(
            declared.package.panel(name),
            [e for e in estimates if e.spec.table == name],
            np.random.default_rng(declared.study.seed),
        )
        for name in dict.fromkeys(e.spec.table for e in estimates)
    ]
    rows = inputs.annual.rows(declared.study.country)
    rows = rows.assign(exchange_rate=conversion_rate(rows))
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual.rows("CHN"))
    line = inputs.thresholds.set_index("year")["high_above"].astype(float)
    return {
        **_effect_tables(declared, estimates, futures),
        "tests": pd.concat(tables, ignore_index=True),
        "components": components_table(baseline, _parts(futures)),
        "densities": densities_table(futures.baseline.densities, futures.years),
        "backcast": backcast(rows, line, inflation, after_gaps=True).reset_index(),
    }


def _effect_tables(
    declared: Declared, estimates: Sequence[Estimate], futures: Futures
) -> dict[str, pd.DataFrame]:
    """Return what the regressions imply, as far as the study's models have it."""
    moves = [d for s in declared.scenarios.values() for d in moved(s, declared.known)]
    along = [
        interaction_effects(
            [e for e in estimates if e.spec.table == name],
            declared.package.panel(name),
            declared.study.country,
        )
        for name in dict.fromkeys(e.spec.table for e in estimates)
    ]
    acting = list(dict.fromkeys(moves)) if declared.channel == PANEL else []
    made = {
        "responses": responses(futures, acting),
        "marginal_effects": pd.concat(along, ignore_index=True),
        "inclusion": inclusion_table(estimates),
    }
    return {stem: table for stem, table in made.items() if not table.empty}


def _scenario_tables(
    declared: Declared, futures: Futures, projections: Sequence[Projection], places: Countries
) -> dict[str, pd.DataFrame]:
    """Return what the scenarios' effects come from and how plausible their changes are.

    What speaks of the regressions' effects is left out where another channel makes them, and the
    attribution, which is about passing the high-income line once, where the run is about another.
    """
    specs = [declared.scenarios[one.scenario] for one in projections]
    plain = {spec.name for spec in specs if spec.kind not in {"baseline", "mixture"}}
    paths = {one.scenario: one.drivers for one in projections if one.scenario in plain}
    aggregates = [code for code, kind in places.kind.items() if kind == "aggregate"]
    found, ranges = plausibility(futures, paths, aggregates)
    made = {"precedents": found.shares, "precedents_nearest": found.nearest}
    if declared.channel == PANEL:
        made["sample_ranges"] = ranges
        if declared.line == HIGH and declared.lasting == 1:
            made["attribution"] = attribution_table(
                futures, specs, declared.known, declared.variables
            )
    return {stem: table for stem, table in made.items() if not table.empty}


def _series_tables(inputs: Inputs, futures: Futures) -> dict[str, pd.DataFrame]:
    """Return tests of the series behind the forecasts."""
    series = annual_series(inputs.annual, futures)
    return {
        "series_tests": series_tests(series, together=TOGETHER),
        "breaks": break_table(series.drop(columns=RELATIVE)),  # a trend, by how it is made
    }


def _parts(futures: Futures) -> dict[str, tuple[Sequence[str], NDArray[np.int64]]]:
    """Return which model each draw came from, for every part that pools several."""
    return {
        "growth": (list(futures.baseline.weights), futures.baseline.codes),
        "prices and exchange rate": (futures.accounts.systems, futures.accounts.codes),
    }
