"""Everything that is known and fitted before the first random number is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.arrays import Integers
from forecast.errors import ALL_ECONOMIES, DataError, ProjectionError
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.projection.baseline.income_chain import ChainSource
from forecast.projection.baseline.state import frontier
from forecast.projection.drivers.driver_deviations import (
    DEMOGRAPHY,
    DriverSpread,
    driver_spread,
)
from forecast.projection.drivers.drivers import baseline_paths
from forecast.projection.futures.anchor import (
    anchor,
    chain_source,
    published_history,
    recent_growth,
)
from forecast.projection.futures.futures import Inputs, Plan, Setting
from forecast.projection.futures.pool import NO_POOL, fit_pool
from forecast.projection.futures.serving import OUTPUT, lacks, said_once, today_gap
from forecast.projection.regressors import gap_outcome, raw_drivers


def prepare_futures(
    inputs: Inputs,
    plan: Plan,
    estimates: Mapping[str, Estimate],
    moved: Sequence[str],
    departs: bool = True,
) -> Setting:
    """Fit and lay out all that the study's futures are drawn from.

    Parameters
    ----------
    inputs : Inputs
    plan : Plan
    estimates : mapping of model to Estimate
        Those that the plan's effects and convergence density name.
    moved : sequence of str
        Raw drivers that scenarios move, besides the models' own.
    departs : bool
        Whether a scenario moves drivers: models that lack something give their weight to others.

    Raises
    ------
    DataError, ProjectionError
        If the country lacks a series, no model can serve it where a scenario departs, the horizon
        is past, or a part cannot be fitted.
    """
    country, panel = plan.country, inputs.growth_panel
    source = _source(inputs, plan)
    history = published_history(inputs, country) if source is None else anchor(inputs, country)
    origin, years = history.base_year, _years(history.base_year, plan.horizon)
    recent = recent_growth(inputs.annual, country, history)
    models = _asked(inputs, plan, estimates) if departs else {}
    lost = lacks(inputs.annual, panel, models, country, recent, years)
    plan = _served(plan, lost)
    used = [estimates[name] for name in plan.effect_weights]
    convergence = estimates.get(plan.convergence_model)
    drivers = _drivers(inputs.annual, country, _drivers_of(used, convergence), moved, years)
    given = (inputs, plan, convergence, drivers, recent, years)
    pool = fit_pool(*given) if source is None else NO_POOL
    starts = _starts(panel, used if departs else [], country, recent, origin)
    return Setting(
        plan=plan,
        years=years,
        densities=pool.densities,
        estimates=estimates,
        drivers=drivers,
        history=history,
        share=pool.share,
        growth_panel=panel,
        starts=starts,
        recent=recent,
        catch_up=pool.catch_up,
        leader=frontier(panel),
        spread=_spread(panel.through(origin), plan, used) if starts else None,
        chain=source,
        unserved=lost,
    )


def _asked(inputs: Inputs, plan: Plan, estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Return the models that turn departures into growth."""
    if plan.country not in inputs.annual.countries():
        raise DataError(
            f"{plan.country} can have no scenario, only its baseline: the data package has no "
            f"annual record of it; {ALL_ECONOMIES}"
        )
    return {name: estimates[name] for name in plan.effect_weights}


def _source(inputs: Inputs, plan: Plan) -> ChainSource | None:
    if plan.baseline != "chain":
        return None
    return chain_source(inputs, plan.country, plan.known, plan.base_revision)


def _years(origin: int, horizon: int) -> Integers:
    if horizon <= origin:
        raise ProjectionError(f"horizon: found {horizon}, must be after {origin}")
    return np.arange(origin + 1, horizon + 1)


def _drivers(
    annual: Panel, country: str, wanted: Sequence[str], moved: Sequence[str], years: Integers
) -> pd.DataFrame:
    """Return the drivers' paths: what models want as far as on record, what is moved in any case.

    Models that want more are left out before, or are the convergence density's, which says so.
    """
    origin, horizon = int(years[0]) - 1, int(years[-1])
    if country not in annual.countries():
        return baseline_paths(annual, country, moved, origin, horizon)
    known = annual.through(origin)
    held = [name for name in wanted if not known.series(country, name).empty]
    return baseline_paths(annual, country, [*held, *moved], origin, horizon)


def _drivers_of(used: Sequence[Estimate], convergence: Estimate | None) -> list[str]:
    known = [*used, convergence] if convergence else used
    return [name for estimate in known for name in raw_drivers(estimate.spec)]


def _spread(known: Panel, plan: Plan, used: Sequence[Estimate]) -> DriverSpread | None:
    if not plan.driver_uncertainty:
        return None
    drivers = [name for name in dict.fromkeys(_drivers_of(used, None)) if name not in DEMOGRAPHY]
    return driver_spread(known, plan.country, drivers)


def _starts(
    growth_panel: Panel, used: Sequence[Estimate], country: str, recent: pd.Series, origin: int
) -> dict[str, float]:
    """Return today's gap of every outcome that the effects are estimated on."""
    outcomes = dict.fromkeys([OUTPUT, *(gap_outcome(e.spec) for e in used)]) if used else {}
    return {one: today_gap(growth_panel, country, one, recent, origin) for one in outcomes}


def _served(plan: Plan, lost: Mapping[str, str]) -> Plan:
    """Return the plan with the weights shared among the models that can serve the economy."""
    weights = {name: w for name, w in plan.effect_weights.items() if name not in lost}
    if not weights:
        raise ProjectionError(
            f"{plan.country} can have no scenario, none of the models in [effects] serves it: "
            + said_once(lost)
        )
    total = sum(weights.values()) if lost else 1.0
    return replace(plan, effect_weights={name: w / total for name, w in weights.items()})
