"""Which effects models can serve an economy: those whose drivers and gap are known for it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.arrays import Integers
from forecast.errors import DataError, ProjectionError
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.projection.baseline.state import GROWTH_OF, frontier, gap_at
from forecast.projection.drivers.drivers import baseline_paths
from forecast.projection.regressors import gap_outcome, raw_drivers, regressor_path

OUTPUT, TFP = GROWTH_OF


def today_gap(
    growth_panel: Panel, country: str, outcome: str, recent: pd.Series, origin: int
) -> float:
    """Return today's log gap to the frontier of an outcome that effects are estimated on.

    Raises
    ------
    ProjectionError
        If the outcome has no gap, or the country has no period with both.
    """
    leader = frontier(growth_panel)
    if outcome == OUTPUT:
        # A period that ends after the last known year would be knowledge of the future.
        known = growth_panel.through(origin)
        return gap_at(known, country, OUTPUT, recent, origin, leader)
    if outcome != TFP:
        raise ProjectionError(f"effects: outcome {outcome!r} is not {OUTPUT!r} or {TFP!r}")
    return gap_at(growth_panel, country, TFP, recent, 0, leader)


def lacks(
    annual: Panel,
    growth_panel: Panel,
    models: Mapping[str, Estimate],
    country: str,
    recent: pd.Series,
    years: Integers,
) -> dict[str, str]:
    """Return what keeps each model from turning the economy's drivers into growth.

    Parameters
    ----------
    annual, growth_panel : Panel
    models : mapping of name to Estimate
    country : str
    recent : pandas.Series
        Annual growth of output per worker by year, %, through the year before ``years``.
    years : (t,) projected years.

    Returns
    -------
    dict of model to sentence
        Models that can serve are not in it.
    """
    found = {}
    origin, horizon = int(years[0]) - 1, int(years[-1])
    for name, model in models.items():
        spec = model.spec
        try:
            paths = baseline_paths(annual, country, raw_drivers(spec), origin, horizon)
            regressor_path(spec, paths, years, growth_panel.step)
            # every outcome's gap moves with that in output per worker
            for outcome in dict.fromkeys((OUTPUT, gap_outcome(spec))):
                today_gap(growth_panel, country, outcome, recent, origin)
        except (DataError, ProjectionError) as error:
            found[name] = str(error)
    return found


def said_once(lost: Mapping[str, str]) -> str:
    """Return what models lack, those that lack the same together."""
    names: dict[str, list[str]] = {}
    for name, why in lost.items():
        names.setdefault(why, []).append(name)
    return "; ".join(f"{', '.join(models)}: {why}" for why, models in names.items())
