"""One scenario's income and crossing year, on draws that all scenarios share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forecast.arrays import Integers
from forecast.errors import ProjectionError
from forecast.income.lines import Line
from forecast.income.threshold import above
from forecast.projection.futures.futures import Futures
from forecast.projection.record import Crossing, Projection
from forecast.projection.scenarios.crossing import crossing
from forecast.projection.scenarios.effect_channel import Difference, panel_channel
from forecast.projection.scenarios.scenario_drivers import scenario_drivers
from forecast.specs.line import HIGH
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables


def project(
    futures: Futures,
    scenario: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    line: Line | None = None,
    lasting: int = 1,
    difference: Difference | None = None,
) -> Projection:
    """Return the distribution of income and of the crossing year under a scenario.

    The scenario's drivers pass through the estimated models, draw by draw, into a difference in
    growth from the baseline (`growth_difference`), or through another channel; all else is the
    baseline's own draws, so that two scenarios differ by their drivers alone.

    Parameters
    ----------
    futures : Futures, from `draw_futures`
    scenario : ScenarioSpec
    known : mapping of name to ScenarioSpec, those that a composition may name
    variables : Variables
    line : Line, optional
        From `subject_line`; None: the World Bank's high-income line of the accounts.
    lasting : int
        Years in a row that income must stand above it, the first of them being the crossing.
    difference : callable, optional
        From `effect_channel`; None: the estimated models.

    Returns
    -------
    Projection
        Compared as published where the line is the World Bank's, otherwise unrounded.

    Raises
    ------
    ProjectionError
        If the scenario is about another country or cannot be laid out, or its channel refuses it.
    """
    _check_country(futures, scenario)
    paths = scenario_drivers(futures, scenario, known, variables)
    delta = (difference or panel_channel(futures))(paths)
    line = line or _high(futures)
    found = Projection(
        scenario=scenario.name,
        country=futures.country,
        years=futures.years,
        difference=delta,
        baseline_growth=futures.baseline.growth,
        baseline_income=futures.accounts.income,
        threshold=line.values,
        drivers=paths,
        crossing=Crossing(years=futures.years, first=np.zeros(len(delta), dtype=np.int64)),
        line=line.spec.label,
        price_elasticity=futures.setting.plan.price_elasticity,
        as_published=line.published,
        at_parity=line.spec.kind == "us_share",
        above_at_origin=bool(above(np.array(futures.setting.history.income), np.array(line.last))),
    )
    passed = crossing(found.compared, line.values, futures.years, lasting, _strata(futures))
    return replace(found, crossing=passed)


def _check_country(futures: Futures, scenario: ScenarioSpec) -> None:
    if scenario.country != futures.country:
        raise ProjectionError(
            f"scenario {scenario.name!r} is about {scenario.country}; "
            f"the study is about {futures.country}"
        )


def _high(futures: Futures) -> Line:
    return Line(
        spec=HIGH,
        values=futures.accounts.line,
        last=float(futures.setting.history.threshold[-1]),
        published=futures.accounts.rounded,
    )


def _strata(futures: Futures) -> list[Integers]:
    """Return the choices of model whose shares among the draws are exact."""
    codes = (futures.baseline.codes, futures.accounts.codes, futures.coefficients.assignment)
    return [code for code in codes if len(code) == len(futures.accounts.income)]
