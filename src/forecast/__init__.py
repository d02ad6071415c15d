"""When, how surely and under which policies an economy's income passes the high-income line.

Public names load on first use, so that ``import forecast`` costs nothing::

    import forecast as fc
    results = fc.run()                                   # the embedded study
    estimate = fc.estimate(panel, fc.read_model(path))   # any model on any panel
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forecast.catalog import model, scenario
    from forecast.derive.apply import add_derived
    from forecast.diagnostics.influence import leave_one_out_table
    from forecast.diagnostics.wald import wald
    from forecast.errors import ForecastError
    from forecast.estimation.confidence_intervals import confidence_intervals
    from forecast.estimation.delta_method import delta_method
    from forecast.estimation.estimate import estimate
    from forecast.estimation.predict import predict
    from forecast.estimation.record import Estimate
    from forecast.evaluation.published_board import Board, scoreboard
    from forecast.panel import Panel
    from forecast.projection.attribution import attribute, attribution_table
    from forecast.projection.crossing import crossing
    from forecast.projection.decomposition import Decomposition, decompose
    from forecast.projection.draw_futures import draw_futures
    from forecast.projection.futures import Futures, Setting
    from forecast.projection.precedent import Precedents, precedent
    from forecast.projection.prepare_futures import prepare_futures
    from forecast.projection.project import project
    from forecast.projection.project_mixture import project_mixture
    from forecast.projection.record import Crossing, Projection
    from forecast.projection.required_drivers import required_drivers
    from forecast.projection.required_growth import required_growth
    from forecast.projection.requirement import Question, Requirement
    from forecast.projection.sample_range import sample_range
    from forecast.projection.sensitivity import sensitivity
    from forecast.projection.subject_line import subject_line
    from forecast.reporting.figure_frontier import draw_frontier
    from forecast.reporting.figures import draw_exhibit
    from forecast.reporting.precedent_text import precedent_section
    from forecast.reporting.requirement_text import requirement_lines
    from forecast.reporting.single_figure import plain_lettering
    from forecast.reporting.style import Lettering, render
    from forecast.reporting.tables import (
        crossing_probability_table,
        crossing_summary_table,
        fan_table,
        history_table,
        income_change_table,
        signs_table,
    )
    from forecast.run import Results, run
    from forecast.sources.countries import read_countries
    from forecast.sources.inputs import projection_inputs
    from forecast.sources.package import DataPackage
    from forecast.sources.published_forecasts import read_published_forecasts
    from forecast.sources.user_panel import read_panel
    from forecast.specs.line import LineSpec
    from forecast.specs.model import ModelSpec
    from forecast.specs.read import read_line, read_model, read_scenario, read_study
    from forecast.specs.scenario import ScenarioSpec
    from forecast.specs.study import StudySpec
    from forecast.timeseries.bvar import BvarDraws, BvarPosterior, bvar_posterior, draw_bvar
    from forecast.timeseries.bvar_growth import system_prior
    from forecast.timeseries.bvar_prior import BvarPrior
    from forecast.timeseries.bvar_simulate import simulate_bvar
    from forecast.timeseries.bvar_tightness import choose_bvar_prior, draw_bvar_tightness
    from forecast.timeseries.conditional_forecast import conditional_forecast
    from forecast.timeseries.conditions import Condition, on
    from forecast.timeseries.streams import Streams

_WHERE = {
    "Board": "evaluation.published_board",
    "BvarDraws": "timeseries.bvar",
    "BvarPosterior": "timeseries.bvar",
    "BvarPrior": "timeseries.bvar_prior",
    "Condition": "timeseries.conditions",
    "Crossing": "projection.record",
    "DataPackage": "sources.package",
    "Decomposition": "projection.decomposition",
    "Estimate": "estimation.record",
    "ForecastError": "errors",
    "Futures": "projection.futures",
    "Lettering": "reporting.style",
    "LineSpec": "specs.line",
    "ModelSpec": "specs.model",
    "Panel": "panel",
    "Precedents": "projection.precedent",
    "Projection": "projection.record",
    "Question": "projection.requirement",
    "Requirement": "projection.requirement",
    "Results": "run",
    "ScenarioSpec": "specs.scenario",
    "Setting": "projection.futures",
    "Streams": "timeseries.streams",
    "StudySpec": "specs.study",
    "add_derived": "derive.apply",
    "attribute": "projection.attribution",
    "attribution_table": "projection.attribution",
    "bvar_posterior": "timeseries.bvar",
    "choose_bvar_prior": "timeseries.bvar_tightness",
    "conditional_forecast": "timeseries.conditional_forecast",
    "confidence_intervals": "estimation.confidence_intervals",
    "crossing": "projection.crossing",
    "crossing_probability_table": "reporting.tables",
    "crossing_summary_table": "reporting.tables",
    "decompose": "projection.decomposition",
    "delta_method": "estimation.delta_method",
    "draw_bvar": "timeseries.bvar",
    "draw_bvar_tightness": "timeseries.bvar_tightness",
    "draw_exhibit": "reporting.figures",
    "draw_frontier": "reporting.figure_frontier",
    "draw_futures": "projection.draw_futures",
    "estimate": "estimation.estimate",
    "fan_table": "reporting.tables",
    "history_table": "reporting.tables",
    "income_change_table": "reporting.tables",
    "leave_one_out_table": "diagnostics.influence",
    "model": "catalog",
    "on": "timeseries.conditions",
    "plain_lettering": "reporting.single_figure",
    "precedent": "projection.precedent",
    "precedent_section": "reporting.precedent_text",
    "predict": "estimation.predict",
    "prepare_futures": "projection.prepare_futures",
    "project": "projection.project",
    "project_mixture": "projection.project_mixture",
    "projection_inputs": "sources.inputs",
    "read_countries": "sources.countries",
    "read_line": "specs.read",
    "read_model": "specs.read",
    "read_panel": "sources.user_panel",
    "read_published_forecasts": "sources.published_forecasts",
    "read_scenario": "specs.read",
    "read_study": "specs.read",
    "render": "reporting.style",
    "required_drivers": "projection.required_drivers",
    "required_growth": "projection.required_growth",
    "requirement_lines": "reporting.requirement_text",
    "run": "run",
    "sample_range": "projection.sample_range",
    "scenario": "catalog",
    "scoreboard": "evaluation.published_board",
    "sensitivity": "projection.sensitivity",
    "signs_table": "reporting.tables",
    "simulate_bvar": "timeseries.bvar_simulate",
    "subject_line": "projection.subject_line",
    "system_prior": "timeseries.bvar_growth",
    "wald": "diagnostics.wald",
}

__all__ = [
    "Board",
    "BvarDraws",
    "BvarPosterior",
    "BvarPrior",
    "Condition",
    "Crossing",
    "DataPackage",
    "Decomposition",
    "Estimate",
    "ForecastError",
    "Futures",
    "Lettering",
    "LineSpec",
    "ModelSpec",
    "Panel",
    "Precedents",
    "Projection",
    "Question",
    "Requirement",
    "Results",
    "ScenarioSpec",
    "Setting",
    "Streams",
    "StudySpec",
    "add_derived",
    "attribute",
    "attribution_table",
    "bvar_posterior",
    "choose_bvar_prior",
    "conditional_forecast",
    "confidence_intervals",
    "crossing",
    "crossing_probability_table",
    "crossing_summary_table",
    "decompose",
    "delta_method",
    "draw_bvar",
    "draw_bvar_tightness",
    "draw_exhibit",
    "draw_frontier",
    "draw_futures",
    "estimate",
    "fan_table",
    "history_table",
    "income_change_table",
    "leave_one_out_table",
    "model",
    "on",
    "plain_lettering",
    "precedent",
    "precedent_section",
    "predict",
    "prepare_futures",
    "project",
    "project_mixture",
    "projection_inputs",
    "read_countries",
    "read_line",
    "read_model",
    "read_panel",
    "read_published_forecasts",
    "read_scenario",
    "read_study",
    "render",
    "required_drivers",
    "required_growth",
    "requirement_lines",
    "run",
    "sample_range",
    "scenario",
    "scoreboard",
    "sensitivity",
    "signs_table",
    "simulate_bvar",
    "subject_line",
    "system_prior",
    "wald",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(import_module(f"forecast.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
