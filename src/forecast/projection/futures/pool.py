"""A pool of growth densities and what its price systems need, fitted for one economy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from forecast.arrays import Integers
from forecast.errors import DataError
from forecast.estimation.record import Estimate
from forecast.income.working_age import AgeStructure, splice_share
from forecast.panel import Panel
from forecast.projection.baseline.baseline import CatchUp, Densities, fit_densities
from forecast.projection.baseline.borrowed_densities import BORROWED, world_record
from forecast.projection.baseline.state import GROWTH_OF, frontier
from forecast.projection.futures.futures import Inputs, Plan
from forecast.projection.futures.serving import today_gap
from forecast.projection.regressors import raw_drivers
from forecast.timeseries.density import Sampler

OUTPUT = next(iter(GROWTH_OF))
TOTAL = {
    "population_median": "median",
    "population_low80": "low80",
    "population_high80": "high80",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPool:
    """What a pool is drawn from; see `Setting` for the fields."""

    densities: Densities
    share: pd.Series | AgeStructure = field(default_factory=lambda: pd.Series(dtype=float))
    catch_up: CatchUp | str | None = None


NO_POOL = FittedPool(densities=Densities(samplers={}, weights={}, failures={}))


def fit_pool(
    inputs: Inputs,
    plan: Plan,
    convergence: Estimate | None,
    drivers: pd.DataFrame,
    recent: pd.Series,
    years: Integers,
) -> FittedPool:
    """Return the densities that a plan pools, fitted, and the working-age share.

    Parameters
    ----------
    inputs : Inputs
    plan : Plan
    convergence : Estimate or None
        The model behind the convergence density.
    drivers : pandas.DataFrame
        Baseline driver paths by year.
    recent : pandas.Series
        Annual growth of output per worker by year, %, unbroken to the last known year.
    years : (t,)

    Raises
    ------
    DataError, ProjectionError
        If the economy has no age projection, or a density is unknown or none can be fitted.
    """
    country, origin = plan.country, int(years[0]) - 1
    start = catch_up(convergence, drivers, inputs.growth_panel, country, recent, origin)
    start = start or f"model {plan.convergence_model!r} was not estimated"
    borrowed, caveat = _borrowed(inputs, plan, recent, origin)
    fitted = fit_densities(country, plan.growth_weights, recent, years, start, borrowed)
    return FittedPool(
        densities=replace(fitted, caveat=caveat),
        share=_share(inputs, country, years, plan.population),
        catch_up=start,
    )


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
) -> tuple[dict[str, Sampler | str], str]:
    """Return the densities of the pool learnt from all economies, or why not, and a caveat."""
    names = [name for name in plan.growth_weights if name in BORROWED]
    own = {plan.country: recent}
    record = world_record(
        names, inputs.world, inputs.annual, origin, plan.seed, own, posterior_of=inputs.posterior_of
    )
    found = {name: record.sampler(name, plan.country, recent) for name in names}
    return found, record.caveat(plan.country)
