"""The tables of a run in memory, by the file stems that a written one has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from forecast.errors import ForecastError, choose
from forecast.estimation.averaging.with_prior import beside_data_alone
from forecast.estimation.record import Estimate
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


def _of_models(made: Callable[[Sequence[Estimate]], pd.DataFrame], run: Results) -> pd.DataFrame:
    """Return a table of the models, what the data alone say beside those with a prior."""
    return made(beside_data_alone(run.estimates))


# Of a run's models and projections as they are; the others are worked out of its futures.
AT_HAND: Mapping[str, Callable[[Results], pd.DataFrame]] = {
    "estimates": partial(_of_models, build.estimates_table),
    "models": partial(_of_models, build.models_table),
    "signs": partial(_of_models, build.signs_table),
    "inclusion": partial(_of_models, build.inclusion_table),
    "income_fan": lambda run: build.fan_table(run.projections),
    "crossing_probability": lambda run: build.crossing_probability_table(run.projections),
    "crossing_summary": lambda run: build.crossing_summary_table(run.projections),
    "income_change": lambda run: build.income_change_table(run.projections),
    "drivers": lambda run: build.driver_table(run.projections),
    "history": _history,
}
RUN_TABLES: Mapping[str, Callable[[Results], pd.DataFrame]] = {
    **AT_HAND,
    "attribution": _attribution,
    "responses": _responses,
}
