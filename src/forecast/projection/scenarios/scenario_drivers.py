"""A scenario's driver paths beside the baseline's of shared draws."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.projection.drivers.drivers import scenario_paths
from forecast.projection.futures.futures import Futures
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables


def scenario_drivers(
    futures: Futures,
    scenario: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
) -> pd.DataFrame:
    """Return a scenario's driver paths by year, in the drivers' units (`scenario_paths`).

    Raises
    ------
    ProjectionError
        As `scenario_paths`.
    """
    setting = futures.setting
    return scenario_paths(
        scenario, known, setting.drivers, setting.growth_panel, futures.origin, variables
    )
