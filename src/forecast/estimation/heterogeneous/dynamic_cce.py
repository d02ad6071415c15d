"""Common correlated effects with a lagged outcome, or drivers that are not exogenous."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecast.arrays import Codes, Cube, Matrix
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.dynamic.period_grid import (
    PeriodGrid,
    column_grid,
    moved_by,
    period_grid,
)
from forecast.estimation.heterogeneous.mean_of_countries import mean_of_countries, table_of_means
from forecast.estimation.heterogeneous.some_rows import some_rows
from forecast.estimation.heterogeneous.unit_regressions import UnitRegressions, unit_regressions
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.heterogeneous import DynamicCceSpec


def dynamic_cce(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the mean of slopes with yearly averages and their lags (Chudik and Pesaran 2015).

    Each country's regression holds the averages over countries of the outcome and of the drivers
    that are not lags, of its year and of the years before; lags of the outcome among the drivers
    are what makes it dynamic. Years without the averages' lags are left out. Constants, trends and
    loadings are the countries' own and not reported.

    Returns
    -------
    Solution
        ``stats``: ``average_lags``. ``tables``: ``by_country``; with a lagged outcome ``long_run``,
        the mean over countries of b / (1 - phi), b summed over a driver and its lags (Chudik,
        Mohaddes, Pesaran and Raissi 2016).

    Raises
    ------
    EstimationError
        If there are fewer than two countries, no year has the lags, or a country has too few rows.
    """
    options = spec.dynamic_cce or DynamicCceSpec()
    lags = options.lags
    if lags is None:
        lags = int(np.cbrt(group_count(rows.year)))
    kept, averages = _averages(rows, spec, options, lags)
    inside = some_rows(rows, kept)
    each = unit_regressions(inside, inside.country, "country", averages)
    runs = _long_runs(each.params, spec)
    if options.jackknife:
        one, two = (_half(inside, averages, later=later).params for later in (False, True))
        runs = 2 * runs - (_long_runs(one, spec) + _long_runs(two, spec)) / 2
        each = replace(each, params=2 * each.params - (one + two) / 2)
    tables = {"long_run": table_of_means(_bases(spec), runs)} if spec.outcome_lags else {}
    return mean_of_countries(
        inside, each, rows.terms, stats={"average_lags": float(lags)}, tables=tables
    )


def _averages(
    rows: Sample, spec: ModelSpec, options: DynamicCceSpec, lags: int
) -> tuple[Codes, Matrix]:
    """Return the positions of rows that have all lags, and their (m, q) columns beside drivers."""
    grid = period_grid(rows)
    names = [spec.outcome, *_bases(spec)]
    now = _yearly(rows, grid, names, whole=options.averages == "panel")
    wide = np.concatenate([moved_by(now, by, np.nan) for by in range(lags + 1)], axis=2)[0]
    values = wide[grid.period]
    kept = np.flatnonzero(np.isfinite(values).all(axis=1))
    if not len(kept):
        raise EstimationError(f"no year has averages of the {lags} years before it")
    if options.trend:
        values = np.column_stack([values, grid.period.astype(float)])
    return kept, values[kept]


def _yearly(rows: Sample, grid: PeriodGrid, names: list[str], *, whole: bool) -> Cube:
    """Return (1, T, q) averages over countries of a period, NaN where there is none."""
    columns = np.stack(list(column_grid(rows, grid, names).values()), axis=2)
    counted = np.isfinite(columns) & (whole | grid.inside[:, :, None])
    sizes = counted.sum(axis=0)
    sums = np.where(counted, columns, 0.0).sum(axis=0)
    means: Cube = (sums / np.where(sizes > 0, sizes, np.nan))[None]
    return means


def _base(name: str, spec: ModelSpec) -> str:
    """Return the outcome or driver that a driver is a lag of; itself where it is none."""
    lag = spec.lag_of(name)
    return lag[0] if lag is not None and lag[0] in {spec.outcome, *spec.drivers} else name


def _bases(spec: ModelSpec) -> list[str]:
    return [name for name in spec.drivers if _base(name, spec) == name]


def _half(rows: Sample, averages: Matrix, *, later: bool) -> UnitRegressions:
    """Return the regressions on the first or second half of each country's rows."""
    first = np.flatnonzero(np.diff(rows.country, prepend=-1))
    sizes = np.diff(np.append(first, len(rows.y)))
    place = np.arange(len(rows.y)) - first[rows.country]
    kept = np.flatnonzero((place >= sizes[rows.country] // 2) == later)
    half = some_rows(rows, kept)
    try:
        return unit_regressions(half, half.country, "country", averages[kept])
    except EstimationError as error:
        raise EstimationError(f"jackknife, half of the years: {error}") from None


def _long_runs(params: Matrix, spec: ModelSpec) -> Matrix:
    """Return (N, drivers that are not lags) the long-run coefficients of each country."""
    slopes = params[:, 1:]
    of = np.array([_base(name, spec) for name in spec.drivers])
    left = 1 - slopes[:, of == spec.outcome].sum(axis=1)
    runs = [slopes[:, of == base].sum(axis=1) / left for base in _bases(spec)]
    return np.column_stack(runs) if runs else np.empty((len(params), 0))
