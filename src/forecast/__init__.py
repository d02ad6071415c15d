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
    from forecast.panel import Panel
    from forecast.projection.crossing import crossing
    from forecast.projection.draw_futures import draw_futures
    from forecast.projection.project import project
    from forecast.projection.record import Crossing, Projection
    from forecast.projection.subject_line import subject_line
    from forecast.run import Results, run
    from forecast.sources.package import DataPackage
    from forecast.sources.user_panel import read_panel
    from forecast.specs.line import LineSpec
    from forecast.specs.model import ModelSpec
    from forecast.specs.read import read_line, read_model, read_scenario, read_study
    from forecast.specs.scenario import ScenarioSpec
    from forecast.specs.study import StudySpec

_WHERE = {
    "Crossing": "projection.record",
    "DataPackage": "sources.package",
    "Estimate": "estimation.record",
    "ForecastError": "errors",
    "LineSpec": "specs.line",
    "ModelSpec": "specs.model",
    "Panel": "panel",
    "Projection": "projection.record",
    "Results": "run",
    "ScenarioSpec": "specs.scenario",
    "StudySpec": "specs.study",
    "add_derived": "derive.apply",
    "confidence_intervals": "estimation.confidence_intervals",
    "crossing": "projection.crossing",
    "delta_method": "estimation.delta_method",
    "draw_futures": "projection.draw_futures",
    "estimate": "estimation.estimate",
    "leave_one_out_table": "diagnostics.influence",
    "model": "catalog",
    "predict": "estimation.predict",
    "project": "projection.project",
    "read_line": "specs.read",
    "read_model": "specs.read",
    "read_panel": "sources.user_panel",
    "read_scenario": "specs.read",
    "read_study": "specs.read",
    "run": "run",
    "scenario": "catalog",
    "subject_line": "projection.subject_line",
    "wald": "diagnostics.wald",
}

__all__ = [
    "Crossing",
    "DataPackage",
    "Estimate",
    "ForecastError",
    "LineSpec",
    "ModelSpec",
    "Panel",
    "Projection",
    "Results",
    "ScenarioSpec",
    "StudySpec",
    "add_derived",
    "confidence_intervals",
    "crossing",
    "delta_method",
    "draw_futures",
    "estimate",
    "leave_one_out_table",
    "model",
    "predict",
    "project",
    "read_line",
    "read_model",
    "read_panel",
    "read_scenario",
    "read_study",
    "run",
    "scenario",
    "subject_line",
    "wald",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'forecast' has no attribute {name!r}")
    return getattr(import_module(f"forecast.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
