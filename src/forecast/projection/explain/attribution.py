"""Which drivers a scenario's effect comes from: Shapley values over those that it moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.errors import ProjectionError
from forecast.income.income_lift import income_lift
from forecast.projection.drivers.drivers import moved
from forecast.projection.drivers.effects import model_growth
from forecast.projection.explain.shapley import MOST_PLAYERS, members, shapley_values
from forecast.projection.futures.futures import Futures
from forecast.projection.regressors import RegressorPath, gap_outcome, regressor_paths
from forecast.projection.scenarios.scenario_drivers import scenario_drivers
from forecast.randomness.draw_quantiles import draw_quantiles
from forecast.randomness.tasks import in_parallel
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables

YEARS = (2030, 2035, 2040)
TOTAL = "total"
SPAN = 5  # years that are worked on together: less memory than all
SECONDS = 1e-5  # a path of one scenario
VARIABLES = ("income_mean", "income_median", "p_crossed")
COLUMNS = ["scenario", "country", "year", "variable", "driver", "value"]


def attribute(
    futures: Futures,
    scenario: ScenarioSpec,
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    years: Sequence[int] = YEARS,
) -> pd.DataFrame:
    """Return how much of a scenario's effect each driver that it moves accounts for.

    The scenario is projected with every subset of its drivers moved and the others held, on the
    same draws; a driver's part is its Shapley value (`shapley_values`), which depends on no order
    and sums to the whole. Drivers of a composed scenario are attributed whole, whichever part
    moves them.

    Parameters
    ----------
    futures : Futures
    scenario : ScenarioSpec
    known : mapping of name to ScenarioSpec
    variables : Variables
    years : sequence of int
        Projected years.

    Returns
    -------
    pandas.DataFrame
        ``scenario, country, year, variable, driver, value``: the change against the baseline of
        ``income_mean`` and ``income_median`` (current US$, Atlas, rounded as published) and of
        ``p_crossed`` (share of paths above the line in the year or before). The row of driver
        ``total`` is the scenario's whole effect. No rows for a scenario that moves nothing.

    Raises
    ------
    ProjectionError
        If the scenario is about another country, is a mixture, moves more than `MOST_PLAYERS`
        drivers, or a year is not projected.
    """
    _check(futures, scenario, years)
    moved_to = scenario_drivers(futures, scenario, known, variables)
    drivers = [
        str(name) for name in moved_to if not moved_to[name].equals(futures.setting.drivers[name])
    ]
    if not drivers:
        return _table([])
    if len(drivers) > MOST_PLAYERS:
        raise ProjectionError(
            f"scenario {scenario.name!r} moves {len(drivers)} drivers; effects can be attributed "
            f"to {MOST_PLAYERS} at most"
        )
    worth = _worth(futures, moved_to, drivers, years)
    values = shapley_values(worth)
    parts = [*zip(drivers, values, strict=True), (TOTAL, worth[-1] - worth[0])]
    rows: list[tuple[object, ...]] = [
        (scenario.name, futures.country, year, variable, driver, part[i, j])
        for j, variable in enumerate(VARIABLES)
        for i, year in enumerate(years)
        for driver, part in parts
    ]
    return _table(rows)


def attribution_table(
    futures: Futures,
    scenarios: Iterable[ScenarioSpec],
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    years: Sequence[int] = YEARS,
) -> pd.DataFrame:
    """Return `attribute` of several scenarios in one table.

    Years beyond the horizon are left out; so are a mixture of scenarios and one that moves more
    than `MOST_PLAYERS` drivers, rather than fail a run for a table of it.
    """
    shown = [year for year in years if year in futures.years]
    if not shown:
        return _table([])
    few = [one for one in scenarios if not one.mixture and len(moved(one, known)) <= MOST_PLAYERS]
    of_one = partial(attribute, futures, known=known, variables=variables, years=shown)
    seconds = SECONDS * len(futures.accounts.income)
    tables = in_parallel(of_one, [(one,) for one in few], seconds=seconds, here=True)
    return pd.concat([_table([]), *tables], ignore_index=True)


def _table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"year": int, "value": float})


def _check(futures: Futures, scenario: ScenarioSpec, years: Sequence[int]) -> None:
    if scenario.country != futures.country:
        raise ProjectionError(
            f"scenario {scenario.name!r} is about {scenario.country}; "
            f"the study is about {futures.country}"
        )
    if scenario.mixture:
        raise ProjectionError(
            f"scenario {scenario.name!r} is a mixture and has no one path: name its parts"
        )
    beyond = [year for year in years if year not in futures.years]
    if beyond or not years:
        raise ProjectionError(
            f"years: found {list(years)}, must be from {futures.years[0]} to {futures.years[-1]}"
        )


def _worth(
    futures: Futures, moved_to: pd.DataFrame, drivers: Sequence[str], years: Sequence[int]
) -> Array:
    """Return `VARIABLES` by year with every subset of the drivers moved, (2^k, years, 3)."""
    length = int(max(years) - futures.origin)
    alone, joint = _alone(futures, moved_to, drivers, length)
    at = {int(year - futures.years[0]): place for place, year in enumerate(years)}
    worth = np.empty((2 ** len(drivers), len(years), len(VARIABLES)))
    passed = np.zeros((len(worth), alone.shape[2]), dtype=np.bool_)
    span = length if joint else SPAN
    for begun in range(0, length, span):
        ahead = slice(begun, min(begun + span, length))
        income = np.ascontiguousarray(futures.accounts.income[:, ahead].T)
        line = np.ascontiguousarray(futures.accounts.line[:, ahead].T)
        for subset, product in _products(alone[:, ahead], 0, 0, np.ones(income.shape)):
            factor = product.copy() if joint else product
            for name, rows, gap, paths in joint:
                factor[:, rows] = _factor(futures, name, gap, paths, subset)
            reached = futures.accounts.compared(np.multiply(income, factor))
            for t, (here, there) in enumerate(zip(reached, line, strict=True), start=begun):
                passed[subset] |= here > there
                if t in at:
                    half = draw_quantiles(here[:, None], (0.5,))[0, 0]
                    worth[subset, at[t]] = (here.mean(), half, passed[subset].mean())
    return worth


def _alone(
    futures: Futures, moved_to: pd.DataFrame, drivers: Sequence[str], length: int
) -> tuple[Array, list[tuple[str, Integers, Array, RegressorPath]]]:
    """Return what each driver alone multiplies income by, (drivers, length, draws), and the rest.

    A model whose regressors add up over the drivers, the response to the gap unmoved, has effects
    that multiply too: the subsets follow from the single drivers. Others, with their draws, gaps
    and regressors, are run subset by subset.
    """
    joint = []
    alone = np.ones((len(drivers), length, len(futures.coefficients.assignment)))
    for code, name in enumerate(futures.coefficients.models):
        paths = _regressors(futures, name, moved_to, drivers, length)
        rows = np.flatnonzero(futures.coefficients.assignment == code)
        gap = futures.gaps[gap_outcome(futures.setting.estimates[name].spec)][rows, :length]
        if not _additive(paths):
            joint.append((name, rows, gap, paths))
            continue
        for driver in range(len(drivers)):
            alone[driver][:, rows] = _factor(futures, name, gap, paths, 1 << driver)
    return alone, joint


def _products(alone: Array, driver: int, subset: int, factor: Array) -> Iterator[tuple[int, Array]]:
    """Yield every subset's product, depth first: one multiplication a subset, few arrays kept."""
    if driver == len(alone):
        yield subset, factor
        return
    yield from _products(alone, driver + 1, subset, factor)
    yield from _products(alone, driver + 1, subset | 1 << driver, factor * alone[driver])


def _regressors(
    futures: Futures, name: str, moved_to: pd.DataFrame, drivers: Sequence[str], length: int
) -> RegressorPath:
    """Return a model's regressors with every subset of the drivers moved, (2^k, length, terms)."""
    spec, held = futures.setting.estimates[name].spec, futures.setting.drivers
    sets = members(len(drivers))
    columns = {str(raw): held[raw].to_numpy(dtype=float) for raw in held}
    for driver, inside in zip(drivers, sets.T, strict=True):
        there = moved_to[driver].to_numpy(dtype=float)
        columns[driver] = np.where(inside[:, None], there, columns[driver])
    return regressor_paths(
        spec,
        columns,
        held.index.to_numpy(),
        futures.years[:length],
        futures.setting.growth_panel.step,
    )


def _additive(paths: RegressorPath) -> bool:
    count = len(paths.level)
    change = paths.level - paths.level[0]
    single = change[1 << np.arange(count.bit_length() - 1)]
    summed = np.tensordot(members(len(single)).astype(float), single, 1)
    return bool(
        np.allclose(change, summed, rtol=1e-9, atol=1e-9)
        and np.allclose(paths.slope, paths.slope[0], rtol=1e-9, atol=1e-12)
    )


def _factor(futures: Futures, name: str, gap: Array, paths: RegressorPath, subset: int) -> Array:
    here, there = (
        RegressorPath(terms=paths.terms, level=paths.level[u], slope=paths.slope[u])
        for u in (0, subset)
    )
    spec = futures.setting.estimates[name].spec
    growth = model_growth(futures.coefficients.beta[name], here, there, gap, spec.capital)
    lift = income_lift(growth, futures.setting.plan.price_elasticity)
    return np.asarray(np.exp(lift / 100).T)
