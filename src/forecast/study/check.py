"""What lets a reader check a run: tests of the models, the accounts, the scenarios, the series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.diagnostics.battery import specification_tests
from forecast.estimation.effects.interaction_effects import interaction_effects
from forecast.estimation.record import Estimate
from forecast.income.backcast import backcast
from forecast.income.conversion_rate import conversion_rate
from forecast.income.sdr_deflator import sdr_inflation
from forecast.projection.drivers.drivers import moved
from forecast.projection.explain.attribution import attribution_table
from forecast.projection.explain.path_accounts import path_accounts
from forecast.projection.explain.responses import responses
from forecast.projection.futures.annual_series import RELATIVE, TOGETHER, annual_series
from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.plausibility import plausibility
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import PANEL
from forecast.sources.readers.countries import Countries
from forecast.specs.line import HIGH
from forecast.statistics.income_classes.class_lines import class_line
from forecast.study.prepare import Prepared
from forecast.timeseries.series.breaks import break_table
from forecast.timeseries.series.series_tests import series_tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Tables by file stem, each group made by one look at the run; empty ones are left out.

    Attributes
    ----------
    effects : responses of the level, marginal effects of interactions
    tests : specification tests and bootstrap p-values
    accounts : back-cast of income and line, and what the projected path consists of
    scenarios : marks, precedents, sample ranges, attribution
    series : unit roots, cointegration, breaks
    places : Countries
        Names for those that the tables name by code.
    """

    effects: dict[str, pd.DataFrame]
    tests: dict[str, pd.DataFrame]
    accounts: dict[str, pd.DataFrame]
    scenarios: dict[str, pd.DataFrame]
    series: dict[str, pd.DataFrame]
    places: Countries


def run_checks(prepared: Prepared, futures: Futures, projections: Sequence[Projection]) -> Checks:
    """Return the tests of a run's models, accounts, scenarios and series.

    What speaks of the regressions' effects is left out where another channel makes them, and the
    attribution, which is about passing the high-income line once, where the run is about another.
    """
    places = catalog.countries()
    return Checks(
        effects=_effects(prepared, futures),
        tests={"tests": _tests(prepared)},
        accounts=_accounts(prepared, futures),
        scenarios=_scenarios(prepared, futures, projections, places),
        series=_series(prepared, futures),
        places=places,
    )


def _by_table(prepared: Prepared) -> dict[str, list[Estimate]]:
    found: dict[str, list[Estimate]] = {}
    for one in prepared.estimates.values():
        found.setdefault(one.spec.table, []).append(one)
    return found


def _tests(prepared: Prepared) -> pd.DataFrame:
    study, package = prepared.declared.study, prepared.declared.package
    tables = [
        specification_tests(package.panel(name), found, np.random.default_rng(study.seed))
        for name, found in _by_table(prepared).items()
    ]
    return pd.concat(tables, ignore_index=True)


def _on_record(prepared: Prepared) -> bool:
    """Return whether the package has annual series of the subject."""
    return prepared.declared.study.country in prepared.inputs.annual.countries()


def _accounts(prepared: Prepared, futures: Futures) -> dict[str, pd.DataFrame]:
    if not _on_record(prepared):
        return {}
    made = {"backcast": _backcast(prepared)}
    if futures.setting.chain is not None and "employment" in futures.setting.history.rates:
        made["path_accounts"] = path_accounts(prepared.inputs, futures)
    return made


def _backcast(prepared: Prepared) -> pd.DataFrame:
    inputs = prepared.inputs
    rows = inputs.annual.rows(prepared.declared.study.country)
    rows = rows.assign(exchange_rate=conversion_rate(rows))
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual)
    line = class_line(inputs.thresholds)
    return backcast(rows, line, inflation, after_gaps=True).reset_index()


def _effects(prepared: Prepared, futures: Futures) -> dict[str, pd.DataFrame]:
    declared = prepared.declared
    moves = [d for s in declared.scenarios.values() for d in moved(s, declared.known)]
    acting = list(dict.fromkeys(moves)) if declared.channel == PANEL else []
    along = [
        interaction_effects(found, declared.package.panel(name), declared.study.country)
        for name, found in _by_table(prepared).items()
    ]
    made = {
        "responses": responses(futures, acting),
        "marginal_effects": pd.concat(along, ignore_index=True),
    }
    return _filled(made)


def _scenarios(
    prepared: Prepared, futures: Futures, projections: Sequence[Projection], places: Countries
) -> dict[str, pd.DataFrame]:
    declared = prepared.declared
    specs = [declared.scenarios[one.scenario] for one in projections]
    plain = {spec.name for spec in specs if spec.kind not in {"baseline", "mixture"}}
    paths = {one.scenario: one.drivers for one in projections if one.scenario in plain}
    found, ranges = plausibility(futures, paths, places.aggregates())
    made = {
        "marks": prepared.marks(futures, projections),
        "precedents": found.shares,
        "precedents_nearest": found.nearest,
    }
    if declared.channel == PANEL:
        made["sample_ranges"] = ranges
        if declared.line == HIGH and declared.lasting == 1:
            made["attribution"] = attribution_table(
                futures, specs, declared.known, declared.variables
            )
    return _filled(made)


def _series(prepared: Prepared, futures: Futures) -> dict[str, pd.DataFrame]:
    if not _on_record(prepared):
        return {}
    series = annual_series(prepared.inputs.annual, futures)
    return {
        "series_tests": series_tests(series, together=TOGETHER),
        "breaks": break_table(series.drop(columns=RELATIVE)),  # a trend, by how it is made
    }


def _filled(made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {stem: table for stem, table in made.items() if not table.empty}
