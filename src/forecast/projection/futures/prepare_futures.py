"""Everything that is known and fitted before the first random number is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.arrays import Integers
from forecast.errors import DataError, ProjectionError
from forecast.estimation.record import Estimate
from forecast.income.conversion_rate import conversion_rate
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.sdr_deflator import sdr_inflation
from forecast.income.working_age import AgeStructure, splice_share
from forecast.panel import Panel
from forecast.projection.baseline.baseline import CatchUp, fit_densities
from forecast.projection.baseline.borrowed_densities import BORROWED, world_record
from forecast.projection.baseline.state import frontier
from forecast.projection.drivers.driver_deviations import DriverSpread, driver_spread
from forecast.projection.drivers.drivers import baseline_paths
from forecast.projection.futures.futures import Inputs, Plan, Setting
from forecast.projection.futures.serving import OUTPUT, lacks, said_once, today_gap
from forecast.projection.regressors import raw_drivers
from forecast.statistics.class_lines import class_line
from forecast.timeseries.density import Sampler

TOTAL = {
    "population_median": "median",
    "population_low80": "low80",
    "population_high80": "high80",
}

# An economy whose series break off or begin late needs this much of an unbroken record.
LEAST_YEARS = 20
# Years by which an economy's last published income may lag behind the last line.
LONGEST_LAG = 5


def prepare_futures(
    inputs: Inputs,
    plan: Plan,
    estimates: Mapping[str, Estimate],
    moved: Sequence[str],
    jobs: int = 1,
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
    jobs : int
        Processes for the density forecasts.
    departs : bool
        Whether a scenario moves drivers: models that lack something of the economy then give
        their weight to the others (`Setting.unserved`).

    Raises
    ------
    DataError, ProjectionError
        If the country lacks a series, no model can serve it where a scenario departs, the horizon
        is past, or a part cannot be fitted.
    """
    country, panel = plan.country, inputs.growth_panel
    history = _history(inputs, country)
    origin, years = history.base_year, _years(history.base_year, plan.horizon)
    recent = _growth(inputs.annual, country, history)
    models = {name: estimates[name] for name in plan.effect_weights}
    lost = lacks(inputs.annual, panel, models, country, recent, years) if departs else {}
    plan = _served(plan, lost)
    used = [estimates[name] for name in plan.effect_weights]
    convergence = estimates.get(plan.convergence_model)
    wanted = _drivers_of(used, convergence)
    drivers = _drivers(inputs.annual, country, wanted, moved, years)
    start = catch_up(convergence, drivers, panel, country, recent, origin)
    start = start or f"model {plan.convergence_model!r} was not estimated"
    starts = _starts(panel, used if departs else [], country, recent, origin)
    borrowed = _borrowed(inputs, plan, recent, origin)
    return Setting(
        plan=plan,
        years=years,
        densities=fit_densities(country, plan.growth_weights, recent, years, start, jobs, borrowed),
        estimates=estimates,
        drivers=drivers,
        history=history,
        share=_share(inputs, country, years, plan.population),
        growth_panel=panel,
        starts=starts,
        recent=recent,
        catch_up=start,
        leader=frontier(panel),
        spread=_spread(panel.through(origin), plan, used) if starts else None,
        unserved=lost,
    )


def _years(origin: int, horizon: int) -> Integers:
    if horizon <= origin:
        raise ProjectionError(f"horizon: found {horizon}, must be after {origin}")
    return np.arange(origin + 1, horizon + 1)


def catch_up(
    convergence: Estimate | None,
    drivers: pd.DataFrame,
    panel: Panel,
    country: str,
    recent: pd.Series,
    origin: int,
) -> CatchUp | str | None:
    """Return what the convergence density starts from, or why this country has none."""
    if convergence is None:
        return None
    model = f"model {convergence.spec.name!r}"
    absent = [name for name in raw_drivers(convergence.spec) if name not in drivers]
    if absent:
        return f"{model}: {country} has no value of driver {absent[0]!r} up to {origin}"
    if country not in convergence.anchors.index:
        return f"{model}: {country} is not in the estimation sample"
    return CatchUp(
        estimate=convergence,
        drivers=drivers,
        gap=today_gap(panel, country, OUTPUT, recent, origin),
        leader=frontier(panel),
        step=panel.step,
    )


def _drivers(
    annual: Panel, country: str, wanted: Sequence[str], moved: Sequence[str], years: Integers
) -> pd.DataFrame:
    """Return the drivers' paths: what models want as far as on record, what is moved in any case.

    Models that want more are left out before, or are the convergence density's, which says so.
    """
    origin, horizon = int(years[0]) - 1, int(years[-1])
    known = annual.through(origin)
    held = [name for name in wanted if not known.series(country, name).empty]
    return baseline_paths(annual, country, [*held, *moved], origin, horizon)


def _drivers_of(used: Sequence[Estimate], convergence: Estimate | None) -> list[str]:
    known = [*used, convergence] if convergence else used
    return [name for estimate in known for name in raw_drivers(estimate.spec)]


def _history(inputs: Inputs, country: str) -> NominalHistory:
    inflation = sdr_inflation(inputs.sdr_parts, inputs.annual)
    threshold = class_line(inputs.thresholds)
    rows = inputs.annual.rows(country)
    rows = rows.assign(exchange_rate=conversion_rate(rows))
    try:
        found = nominal_history(rows, threshold, inflation, least_years=LEAST_YEARS)
    except DataError as error:
        raise DataError(f"{country}: {error}") from error
    last = int(threshold.index.max())
    if last - found.base_year > LONGEST_LAG:
        raise DataError(
            f"{country}: income, growth, prices and the exchange rate are all known up to "
            f"{found.base_year} only; the line is known for {last}, at most {LONGEST_LAG} years on"
        )
    return replace(found, frontier=frontier(inputs.growth_panel).mean)


def _growth(annual: Panel, country: str, history: NominalHistory) -> pd.Series:
    """Return growth of output per worker, %, through the base year, unbroken at its end."""
    recorded = 100 * np.log(annual.rows(country)["output_per_worker"]).diff()
    later = history.rates["growth"]
    joined: pd.Series = pd.concat([recorded[recorded.index < later.index[0]], later])
    holes = joined.index[joined.isna()]
    return joined[joined.index > holes.max()] if len(holes) else joined


def _share(
    inputs: Inputs, country: str, years: Integers, population: str
) -> pd.Series | AgeStructure:
    """Return the share of ages 15-64; certain where the study or the projection has it so."""
    table, origin = inputs.population, int(years[0]) - 1
    wide = table[table["country"] == country].pivot(
        index="year", columns="variable", values="value"
    )
    if "share_15_64" not in wide:
        raise DataError(f"{country}: the population projection has no 'share_15_64'")
    known = inputs.annual.through(origin).series(country, "share_15_64")
    share = splice_share(known, wide["share_15_64"].dropna())
    people = wide.reindex(columns=list(TOTAL)).rename(columns=TOTAL).dropna()
    covered = set(people.index) >= {origin, *years.tolist()}
    if population == "median" or not covered:
        return share
    return AgeStructure(share=share, people=people)


def _borrowed(
    inputs: Inputs, plan: Plan, recent: pd.Series, origin: int
) -> dict[str, Sampler | str]:
    """Return the densities of the pool that are learnt from all economies, or why not."""
    names = [name for name in plan.growth_weights if name in BORROWED]
    own = {plan.country: recent}
    record = world_record(names, inputs.world, inputs.annual, origin, plan.seed, own)
    return {name: record.sampler(name, plan.country, recent) for name in names}


def _spread(known: Panel, plan: Plan, used: Sequence[Estimate]) -> DriverSpread | None:
    if not plan.driver_uncertainty:
        return None
    return driver_spread(known, plan.country, list(dict.fromkeys(_drivers_of(used, None))))


def _starts(
    growth_panel: Panel, used: Sequence[Estimate], country: str, recent: pd.Series, origin: int
) -> dict[str, float]:
    """Return today's gap of every outcome that the effects are estimated on."""
    outcomes = dict.fromkeys([OUTPUT, *(e.spec.outcome for e in used)]) if used else {}
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
