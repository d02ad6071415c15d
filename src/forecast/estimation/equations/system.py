"""The equations of a system: each a least-squares problem on the same rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_sizes
from forecast.estimation.algebra.least_squares import Fit, least_squares
from forecast.estimation.algebra.sweeping import swept_regression
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec
from forecast.statistics.variation import REMAINDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One equation, and its own least squares.

    Attributes
    ----------
    name : the country, or the outcome.
    problem : y (t,), X (t, k), effects swept out.
    fit : Fit
    """

    name: str
    problem: Regression
    fit: Fit


def equations_of(rows: Sample, spec: ModelSpec) -> list[Equation]:
    """Return the equations of a model: one a country, or those that it lists.

    Rows of all are the same: years where an equation is a country, rows of the sample otherwise.

    Raises
    ------
    EstimationError
        If there are fewer than two, a country lacks a year that another has, or an equation has
        too few rows, collinear drivers or an outcome that they fit exactly; the message names it.
    """
    listed = spec.sur is not None and spec.sur.equations
    problems = _listed(rows, spec) if listed else _by_country(rows)
    if len(problems) < 2:
        raise EstimationError(f"sur: found {len(problems)} equation, at least 2 are needed")
    found = []
    for name, problem in problems.items():
        try:
            fit = least_squares(problem)
        except EstimationError as error:
            raise EstimationError(f"equation {name!r}: {error}") from None
        if np.sqrt(fit.rss) <= REMAINDER * np.linalg.norm(problem.y):
            raise EstimationError(
                f"equation {name!r}: the outcome is constant, or the drivers fit it exactly: "
                f"leave it out"
            )
        found.append(Equation(name=name, problem=problem, fit=fit))
    return found


def _by_country(rows: Sample) -> dict[str, Regression]:
    countries, years = group_count(rows.country), group_count(rows.year)
    labels = rows.index.get_level_values("country").to_numpy()
    sizes = group_sizes(rows.country, countries)
    if (sizes < years).any():
        short = int(np.argmin(sizes))
        raise EstimationError(
            f"sur: equations need the same years; {labels[rows.country == short][0]!r} has "
            f"{int(sizes[short])} of {years}: leave it out, or set sample.first_year and last_year"
        )
    problems = {}
    for country in range(countries):
        mine = np.flatnonzero(rows.country == country)
        problems[str(labels[mine[0]])] = Regression(
            y=rows.y[mine],
            x=np.column_stack([np.ones(len(mine)), rows.x[mine]]),
            terms=("const", *rows.terms),
            country=rows.country[mine],
            year=rows.year[mine],
            index=rows.index[mine],
        )
    return problems


def _listed(rows: Sample, spec: ModelSpec) -> dict[str, Regression]:
    assert spec.sur is not None
    frame, problems = rows.history.frame, {}
    all_of_them = {spec.outcome: spec.drivers}
    all_of_them |= {one.outcome: one.drivers for one in spec.sur.equations}
    for outcome, drivers in all_of_them.items():
        values = frame.loc[rows.index, [outcome, *drivers]].to_numpy(dtype=float)
        own = replace(rows, y=values[:, 0], x=values[:, 1:], terms=tuple(drivers))
        try:
            problems[outcome] = swept_regression(
                own, spec.effects, constant=set(spec.effects) <= {"year"}
            )
        except EstimationError as error:
            raise EstimationError(f"equation {outcome!r}: {error}") from None
    return problems
