"""Figures of records by name: what ``.plot()`` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from forecast import catalog
from forecast.errors import ForecastError, choose
from forecast.estimation.record import Estimate
from forecast.faces import Face
from forecast.projection.record import Projection
from forecast.reporting.figures.exhibits import EXHIBITS, draw_exhibit
from forecast.reporting.figures.style import PUBLISHERS, Lettering
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.run_folder import tables as build
from forecast.study.faces.tables import RUN_TABLES, run_table
from forecast.study.run import Results

RUN_FIGURES = tuple(
    name for name, one in EXHIBITS.items() if all(stem in RUN_TABLES for stem in one.tables)
)
PATH_FIGURES = ("income_fan",)


def plot_record(record: Face, name: str | None = None) -> Any:
    """Return a figure of a run, a projection or an estimate.

    Parameters
    ----------
    record : Face
    name : str or None
        One of `RUN_FIGURES`, of `PATH_FIGURES`, or ``coefficients`` (``inclusion`` of an average
        of models); None: the first.

    Raises
    ------
    ForecastError
        If records of the kind have no such figure, or it has nothing to show.
    """
    if isinstance(record, Results):
        figures: tuple[str, ...] = RUN_FIGURES
    elif isinstance(record, Projection):
        figures = PATH_FIGURES
    elif isinstance(record, Estimate):
        figures = ("coefficients", *(() if record.average is None else ("inclusion",)))
    else:
        raise ForecastError(f"{type(record).__name__}: has no figure")
    chosen = name or figures[0]
    choose(chosen, dict.fromkeys(figures), f"figure of {type(record).__name__}", ForecastError)
    tables = {stem: _table(record, stem) for stem in EXHIBITS[chosen].tables}
    if tables[EXHIBITS[chosen].tables[0]].empty:
        raise ForecastError(f"figure {chosen!r}: this {type(record).__name__} has nothing to show")
    return draw_exhibit(chosen, tables, _words(record))


def plot_effects(estimates: Sequence[Estimate], effects: pd.DataFrame) -> Any:
    """Return the figure of effects along a column (`effects_along`), a panel each.

    Parameters
    ----------
    estimates : sequence of Estimate
    effects : pandas.DataFrame

    Raises
    ------
    ForecastError
        If there are none, or they are by the values of a factor.
    """
    if effects.empty or not pd.api.types.is_numeric_dtype(effects["at"]):
        raise ForecastError("effects: a figure shows them along a column of numbers")
    words = _words(estimates[0])
    specs = [one.spec for one in estimates]
    words = replace(
        words,
        models={spec.name: spec.label for spec in specs},
        terms=term_labels(specs, words.variables),
    )
    return draw_exhibit("marginal_effects", {"marginal_effects": effects}, words)


def _table(record: Results | Projection | Estimate, stem: str) -> pd.DataFrame:
    if isinstance(record, Results):
        return run_table(record, stem)
    if isinstance(record, Estimate):
        made = build.inclusion_table if stem == "inclusion" else build.estimates_table
        return made([record])
    if stem == "history":  # which a projection does not hold
        return build.history_table(record.country, pd.DataFrame())
    return build.fan_table([record])


def _words(record: Results | Projection | Estimate) -> Lettering:
    if isinstance(record, Results):
        return _of_run(record)
    variables = catalog.variables()
    if isinstance(record, Estimate):
        spec = record.spec
        return Lettering(
            source=f"{record.source}; own calculations", country="", scenarios={}, kinds={},
            models={spec.name: spec.label}, terms=term_labels([spec], variables),
            variables=variables, first_projected=record.last_year + 1,
        )  # fmt: skip
    known = catalog.scenarios()
    spec_of = catalog.scenario(record.scenario) if record.scenario in known else None
    names: Mapping[str, str] = catalog.countries().name
    return Lettering(
        source="own calculations",
        country=names.get(record.country, record.country),
        scenarios={record.scenario: spec_of.label if spec_of else record.scenario},
        kinds={record.scenario: spec_of.kind if spec_of else "policy"},
        models={},
        terms={},
        variables=variables,
        first_projected=int(record.years[0]),
        line=record.line,
    )


def _of_run(run: Results) -> Lettering:
    specs = [one.spec for one in run.estimates]
    shown = {one.scenario: run.scenarios[one.scenario] for one in run.projections}
    package = f"data package {run.package.name}, vintage {run.package.vintage}"
    return Lettering(
        source=f"{PUBLISHERS}; {package}; own calculations",
        country=run.study.country_label or run.study.country,
        scenarios={name: spec.label for name, spec in shown.items()},
        kinds={name: spec.kind for name, spec in shown.items()},
        models={spec.name: spec.label for spec in specs},
        terms=term_labels(specs, run.variables),
        variables=run.variables,
        first_projected=int(run.projections[0].years[0]),
        line=run.projections[0].line,
    )
