"""A model's regressors along a country's driver path, by the derivations of its estimation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.derive.along_years import derive_along_years
from forecast.derive.initial import initial_along_years, initial_of
from forecast.derive.rd_stock import rd_stock_growth_along_years
from forecast.errors import DataError, ProjectionError, unknown
from forecast.specs.model import ModelSpec

STATES = ("gap_output_per_worker", "gap_tfp")
MADE = {"rd_stock_growth": "rd_gdp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressorPath:
    """Regressors as they depend on the state: ``x_t = level_t + slope_t * gap_t``.

    Attributes
    ----------
    terms : (k,) names, the model's order.
    level, slope : (t, k), or (..., t, k) for many paths.
    """

    terms: tuple[str, ...]
    level: Array
    slope: Array


def raw_drivers(spec: ModelSpec) -> list[str]:
    """Return the raw columns behind a model's regressors, states left out."""
    names: list[str] = []
    for term in spec.drivers:
        names += [made_of(name) for name in _inputs(term, spec)]
    return [n for n in dict.fromkeys(names) if n not in STATES]


def gap_outcome(spec: ModelSpec) -> str:
    """Return the outcome whose gap to the frontier moves a model's growth.

    The model's own, where one of its regressors is a gap or made of one; otherwise that of output
    per worker, which every economy has, and which then moves nothing.
    """
    states = {name for term in spec.drivers for name in _inputs(term, spec)} & set(STATES)
    return spec.outcome if states else "growth_output_per_worker"


def made_of(column: str) -> str:
    """Return the raw driver that a column of a period table is made of along annual paths.

    Initial values are made of the driver itself, growth of the R&D stock of R&D intensity; any
    other column is its own.
    """
    return initial_of(column) or MADE.get(column, column)


def regressor_path(
    spec: ModelSpec, drivers: pd.DataFrame, years: Integers, step: int
) -> RegressorPath:
    """Return ``spec``'s regressors in each of ``years`` along one path of the drivers.

    Parameters
    ----------
    drivers : pandas.DataFrame
        Raw drivers by year, history included.
    step : int
        The estimation panel's step.

    Raises
    ------
    DataError
        If a column is missing.
    ProjectionError
        If a driver or a lag is missing in a projected year, or a term is not linear in the state.
    """
    every = np.arange(drivers.index.min(), drivers.index.max() + 1)
    whole = drivers if len(every) == len(drivers) else drivers.reindex(every)
    columns = {str(name): whole[name].to_numpy(dtype=float) for name in whole}
    return regressor_paths(spec, columns, every, years, step)


def regressor_paths(
    spec: ModelSpec,
    columns: Mapping[str, Array],
    every: Integers,
    years: Integers,
    step: int,
) -> RegressorPath:
    """Return ``spec``'s regressors in each of ``years`` along many paths of the drivers at once.

    A relation between averages of ``step`` years is the average of the annual relation, so annual
    values enter in place of period means, and a lag of one period is ``step`` years; averaged over
    a period, the result is the regressor that estimation saw (exactly, for linear terms).

    Parameters
    ----------
    columns : mapping of raw driver to (..., T)
        Shapes that broadcast against each other; the last axis is ``every``.
    every : (T,) consecutive years, those that lags reach back to included.
    years : (t,) years of ``every`` that are wanted.
    step : int
        The estimation panel's step.

    Returns
    -------
    RegressorPath
        With the leading axes of ``columns``.

    Raises
    ------
    DataError, ProjectionError
        As `regressor_path`.
    """
    wanted = years - every[0]
    outside = (wanted < 0) | (wanted >= len(every))
    if outside.any():
        raise ProjectionError(f"model {spec.name!r}: no drivers for {years[outside][0]}")
    at = _evaluate(spec, columns, every, step)[..., wanted, :]
    slope = at[0] - at[1]
    if not np.allclose(at[1] - at[2], slope, rtol=1e-9, atol=1e-12, equal_nan=True):
        raise ProjectionError(f"model {spec.name!r}: a term is not linear in the gap")
    level = at[0] + slope
    if np.isnan(level).any():
        *_, row, column = np.argwhere(np.isnan(level))[0]
        raise ProjectionError(
            f"model {spec.name!r}: {spec.drivers[column]!r} is missing in {years[row]}"
        )
    return RegressorPath(terms=tuple(spec.drivers), level=level, slope=slope)


def _inputs(term: str, spec: ModelSpec) -> list[str]:
    if term not in spec.derive:
        return [term]
    return [raw for name in spec.derive[term].of for raw in _inputs(name, spec)]


def _evaluate(spec: ModelSpec, columns: Mapping[str, Array], every: Integers, step: int) -> Array:
    """Return regressors (3, ..., T, k) at the gaps -1, -2 and -3."""
    source = f"driver path of {spec.name}"
    shape = np.broadcast_shapes(*(values.shape for values in columns.values()), every.shape)
    gaps = np.array([-1.0, -2.0, -3.0]).reshape(3, *(1 for _ in shape))
    needed = {name: rule for name, rule in spec.derive.items() if _reachable(name, spec)}
    own = {name for term in spec.drivers for name in _inputs(term, spec)} - set(STATES)
    given = {**columns, **_made(own, columns, step), **dict.fromkeys(STATES, gaps)}
    derived = derive_along_years(given, needed, every, step, source)
    for name in spec.drivers:
        if name not in derived:
            raise DataError(f"{source}: {unknown(name, derived, 'column')}")
    terms = [np.broadcast_to(derived[name], (3, *shape)) for name in spec.drivers]
    return np.stack(terms, axis=-1)


def _made(names: Iterable[str], columns: Mapping[str, Array], step: int) -> dict[str, Array]:
    """Return the columns of a period table that are made of raw drivers, year by year."""
    found = {}
    for name in names:
        raw = made_of(name)
        if raw == name or raw not in columns:
            continue
        whole = columns[raw]
        stock = name in MADE
        found[name] = (
            rd_stock_growth_along_years(whole) if stock else initial_along_years(whole, step)
        )
    return found


def _reachable(name: str, spec: ModelSpec) -> bool:
    """Whether a derived column feeds a regressor (the outcome's derivations do not apply here)."""
    wanted = set(spec.drivers)
    for other in reversed(list(spec.derive)):
        if other in wanted:
            wanted |= set(spec.derive[other].of)
    return name in wanted
