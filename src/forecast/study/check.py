"""What lets a reader check a run: tests of the models, the accounts, the scenarios, the series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

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
from forecast.randomness.tasks import called_in_parallel
from forecast.sources.readers.countries import Countries
from forecast.specs.line import HIGH
from forecast.statistics.income_classes.class_lines import class_line
from forecast.study.exhibits.shown import shown_exhibits
from forecast.study.prepare import Prepared
from forecast.timeseries.series.breaks import break_table
from forecast.timeseries.series.series_tests import series_tests

SECONDS = 4e-5  # a look, a path: 3.2 s for all at 10,000


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
    exhibits : those that the study asks for (`shown_exhibits`)
    places : Countries
        Names for those that the tables name by code.
    """

    effects: dict[str, pd.DataFrame]
    tests: dict[str, pd.DataFrame]
    accounts: dict[str, pd.DataFrame]
    scenarios: dict[str, pd.DataFrame]
    series: dict[str, pd.DataFrame]
    exhibits: tuple[dict[str, pd.DataFrame], dict[str, str], tuple[str, ...]]
    places: Countries


def run_checks(prepared: Prepared, futures: Futures, projections: Sequence[Projection]) -> Checks:
    """Return the tests of a run's models, accounts, scenarios and series, and its exhibits.

    What speaks of the regressions' effects is left out where another channel makes them, and the
    attribution, which is about passing the high-income line once, where the run is about another.
    """
    places = catalog.countries()
    study, package = prepared.declared.study, prepared.declared.package
    looks: dict[str, Callable[[], Any]] = {
        "attribution": partial(_attribution, prepared, futures, projections),
        "series": partial(_series, prepared, futures),
        "precedents": partial(_precedents, prepared, futures, projections, places),
        "exhibits": partial(shown_exhibits, study.exhibits, package, study.country),
        "tests": partial(_tests, prepared),
        "effects": partial(_effects, prepared, futures),
        "accounts": partial(_accounts, prepared, futures),
        "marks": partial(prepared.marks, futures, projections),
    }
    made = called_in_parallel(looks, seconds=SECONDS * len(futures.accounts.income))
    scenarios = {"marks": made["marks"], **made["precedents"], **made["attribution"]}
    return Checks(
        effects=made["effects"],
        tests={"tests": made["tests"]},
        accounts=made["accounts"],
        scenarios=_filled(scenarios),
        series=made["series"],
        exhibits=made["exhibits"],
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


def _precedents(
    prepared: Prepared, futures: Futures, projections: Sequence[Projection], places: Countries
) -> dict[str, pd.DataFrame]:
    declared = prepared.declared
    kinds = {one.scenario: declared.scenarios[one.scenario].kind for one in projections}
    paths = {
        one.scenario: one.drivers
        for one in projections
        if kinds[one.scenario] not in {"baseline", "mixture"}
    }
    found, ranges = plausibility(futures, paths, places.aggregates())
    made = {"precedents": found.shares, "precedents_nearest": found.nearest}
    return made | ({"sample_ranges": ranges} if declared.channel == PANEL else {})


def _attribution(
    prepared: Prepared, futures: Futures, projections: Sequence[Projection]
) -> dict[str, pd.DataFrame]:
    declared = prepared.declared
    if declared.channel != PANEL or declared.line != HIGH or declared.lasting != 1:
        return {}
    specs = [declared.scenarios[one.scenario] for one in projections]
    return {"attribution": attribution_table(futures, specs, declared.known, declared.variables)}


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
