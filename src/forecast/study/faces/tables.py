"""The tables of a run in memory, by the file stems that a written one has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from forecast.errors import ForecastError, choose
from forecast.projection.drivers.drivers import moved
from forecast.projection.explain.attribution import attribution_table
from forecast.projection.explain.responses import responses
from forecast.reporting.run_folder import tables as build
from forecast.specs.line import HIGH
from forecast.statistics.income_classes.class_lines import class_line
from forecast.study.gather import published_income
from forecast.study.run import Results


def run_table(run: Results, name: str) -> pd.DataFrame:
    """Return a table of a run.

    Raises
    ------
    ForecastError
        If there is none of that name, with those that there are.
    """
    return choose(name, RUN_TABLES, "table", ForecastError)(run)


def _history(run: Results) -> pd.DataFrame:
    package, country = run.package, run.study.country
    published = {"gni_pc_atlas": published_income(package.annual(), country, run.futures)}
    if run.projections[0].line == HIGH.label:
        published["threshold"] = class_line(package.table("thresholds"))
    return build.history_table(country, pd.DataFrame(published))


def _attribution(run: Results) -> pd.DataFrame:
    specs = [run.scenarios[one.scenario] for one in run.projections]
    return attribution_table(run.futures, specs, run.scenarios, run.variables)


def _responses(run: Results) -> pd.DataFrame:
    specs = [run.scenarios[one.scenario] for one in run.projections]
    moves = [driver for spec in specs for driver in moved(spec, run.scenarios)]
    return responses(run.futures, list(dict.fromkeys(moves)))


RUN_TABLES: Mapping[str, Callable[[Results], pd.DataFrame]] = {
    "crossing_summary": lambda run: build.crossing_summary_table(run.projections),
    "crossing_probability": lambda run: build.crossing_probability_table(run.projections),
    "income_fan": lambda run: build.fan_table(run.projections),
    "income_change": lambda run: build.income_change_table(run.projections),
    "drivers": lambda run: build.driver_table(run.projections),
    "history": _history,
    "estimates": lambda run: build.estimates_table(run.estimates),
    "models": lambda run: build.models_table(run.estimates),
    "signs": lambda run: build.signs_table(run.estimates),
    "inclusion": lambda run: build.inclusion_table(run.estimates),
    "attribution": _attribution,
    "responses": _responses,
}
