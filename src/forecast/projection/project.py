"""One scenario's income and crossing year, on draws that all scenarios share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forecast.errors import ProjectionError
from forecast.income.atlas import rounded_income
from forecast.projection.crossing import crossing
from forecast.projection.drivers import scenario_paths
from forecast.projection.effects import growth_difference
from forecast.projection.futures import Futures
from forecast.projection.record import Projection
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables


def project(
    futures: Futures,
    scenario: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
) -> Projection:
    """Return the distribution of income and of the crossing year under a scenario.

    The scenario's drivers pass through the estimated models, draw by draw, into a difference in
    growth from the baseline (`growth_difference`); prices, exchange rate, employment and the line
    are the baseline's own draws, so that two scenarios differ by their drivers alone.

    Parameters
    ----------
    futures : Futures
        From `draw_futures`.
    scenario : ScenarioSpec
    known : mapping of name to ScenarioSpec
        Scenarios that a composition may name.
    variables : Variables

    Returns
    -------
    Projection
        GNI per capita and the line in current US$, Atlas method; growth in % a year.

    Raises
    ------
    ProjectionError
        If the scenario is about another country or cannot be laid out (see `scenario_paths`).
    """
    if scenario.country != futures.country:
        raise ProjectionError(
            f"scenario {scenario.name!r} is about {scenario.country}; "
            f"the study is about {futures.country}"
        )
    paths = scenario_paths(
        scenario, known, futures.drivers, futures.growth_panel, futures.origin, variables
    )
    delta = growth_difference(
        futures.coefficients,
        futures.estimates,
        futures.drivers,
        paths,
        futures.gaps,
        futures.years,
        futures.growth_panel.step,
    )
    accounts = futures.accounts
    income = rounded_income(accounts.income * np.exp(np.cumsum(delta, axis=1) / 100))
    return Projection(
        scenario=scenario.name,
        country=futures.country,
        years=futures.years,
        growth=futures.baseline.growth + delta,
        income=income,
        threshold=accounts.threshold_published,
        drivers=paths,
        crossing=crossing(income, accounts.threshold_published, futures.years),
    )
