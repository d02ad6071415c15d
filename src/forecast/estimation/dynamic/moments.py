"""The moment conditions of a dynamic panel: regressors, instruments, transformations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Labels, Mask, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.dynamic.instruments import (
    YEARS,
    Block,
    Instruments,
    lag_blocks,
    side_by_side,
)
from forecast.estimation.dynamic.period_grid import (
    PeriodGrid,
    column_grid,
    differencing,
    orthogonal_deviations,
    period_grid,
    transformed,
)
from forecast.estimation.problem import Sample
from forecast.specs.model import ModelSpec
from forecast.specs.options.gmm import GmmSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The equations of N countries and their instruments; rows that do not exist are zero.

    R is T, the transformed equations, or 2 T: transformed, then level.

    Attributes
    ----------
    grid : the sample by country and period.
    y, x, z : (N, R), (N, R, p), (N, R, L).
    maps : (N, R, T) what turns a country's levels into its equations.
    exists : (N, R) whether the equation does.
    differences : (N, T, T) first differences, for the tests of serial correlation.
    levels : (N, T, p) the regressors before any transformation, less ``means``.
    terms : (p,) drivers, the constant where there is a level equation, then year effects.
    years : number of year effects.
    means : (p,) what was taken off each regressor's rows beside a constant, zeros without one.
    groups : (L,) what an instrument is made of: a column's name, ``const`` or ``year_effects``.
    lags : (L,) the equation that an instrument is a lag for, ``difference`` or ``level``; "" for
        what instruments itself.
    transformed : number of transformed equations of a country, T.
    """

    grid: PeriodGrid
    y: Matrix
    x: Cube
    z: Cube
    maps: Cube
    exists: Mask
    differences: Cube
    levels: Cube
    terms: tuple[str, ...]
    years: int
    means: Vector
    groups: Labels
    lags: Labels
    transformed: int


def moments(rows: Sample, spec: ModelSpec, options: GmmSpec, *, system: bool) -> Moments:
    """Return the moment conditions of difference GMM, or of system GMM, on a sample.

    Parameters
    ----------
    rows : Sample
    spec : ModelSpec
        Drivers, their derivations and year effects.
    options : GmmSpec
    system : bool
        Whether the equation in levels joins the transformed one.

    Raises
    ------
    EstimationError
        If no equation is left, an instrument does not exist or lacks values, or the instruments
        would not fit into memory.
    """
    grid = period_grid(rows)
    names = [*options.instruments, *exogenous(spec, options)]
    columns = column_grid(rows, grid, list(dict.fromkeys(names)))
    return moments_of(grid, columns, spec, options, system=system)


def moments_of(
    grid: PeriodGrid,
    columns: Mapping[str, Matrix],
    spec: ModelSpec,
    options: GmmSpec,
    *,
    system: bool,
) -> Moments:
    """Return the moment conditions of values on a grid; ``moments`` reads them from the panel.

    ``columns`` are what instruments, (N, T) by name, NaN where missing; all else, errors included,
    is as for ``moments``.
    """
    differences = differencing(grid.inside)
    transform = differences
    if options.transformation == "orthogonal_deviations":
        transform = orthogonal_deviations(grid.inside)
    exists = np.abs(transform).sum(axis=2) > 0
    if not exists.any():
        raise EstimationError(
            f"{spec.estimator}: no country has rows in two successive years of the sample"
        )
    maps, parts = transform, [exists]
    if system:
        identity = np.eye(grid.inside.shape[1])[None] * grid.inside[:, :, None]
        maps, parts = np.concatenate([transform, identity], axis=1), [exists, grid.inside]
    levels, terms, years = regressors(grid, spec, maps, constant=system)
    means = np.zeros(len(terms))
    if system:  # beside a constant, a mean only costs digits
        means[: len(spec.drivers)] = grid.x[grid.inside].mean(axis=0)
        levels = levels - means * grid.inside[:, :, None]
    instruments = Instruments(transform=transform, parts=parts)
    blocks = lag_blocks(columns, options, instruments)
    blocks += _own_blocks(grid, columns, spec, options, levels, years, instruments)
    z, groups, lags = side_by_side(blocks)
    return Moments(
        grid=grid,
        y=(maps @ grid.y[:, :, None])[:, :, 0],
        x=transformed(maps, levels),
        z=z,
        maps=maps,
        exists=np.concatenate(parts, axis=1),
        differences=differences,
        levels=levels,
        means=means,
        terms=terms,
        years=years,
        groups=groups,
        lags=lags,
        transformed=grid.inside.shape[1],
    )


def exogenous(spec: ModelSpec, options: GmmSpec) -> list[str]:
    """Return the columns that instrument themselves."""
    if options.exogenous is not None:
        return options.exogenous
    return [name for name in spec.drivers if not _covered(name, spec, options)]


def _covered(name: str, spec: ModelSpec, options: GmmSpec) -> bool:
    lag = spec.lag_of(name)
    column = lag[0] if lag else name
    return name in options.instruments or column in options.instruments or column == spec.outcome


def regressors(
    grid: PeriodGrid, spec: ModelSpec, maps: Cube, *, constant: bool
) -> tuple[Cube, tuple[str, ...], int]:
    """Return drivers, constant and year effects in levels (N, T, p), their names, and the years.

    Year effects average to zero over the rows, so that the constant is that of the average year;
    those that ``maps`` (N, R, T) leaves a combination of others are dropped.
    """
    inside = grid.inside.astype(float)[:, :, None]
    columns, terms = [grid.x], list(spec.drivers)
    if constant:
        columns.append(inside)
        terms.append("const")
    if not spec.effects:
        return np.concatenate(columns, axis=2), tuple(terms), 0
    seen = np.flatnonzero(grid.inside.any(axis=0))[1:]
    share = grid.inside.sum(axis=0) / grid.inside.sum()
    dummies = (np.eye(len(grid.years))[:, seen] - share[seen])[None] * inside
    kept = _independent(maps @ dummies)
    columns.append(dummies[:, :, kept])
    terms += [f"year_{grid.years[t]}" for t in seen[kept]]
    return np.concatenate(columns, axis=2), tuple(terms), len(kept)


def _independent(columns: Cube) -> list[int]:
    """Return the columns (N, R, q) that are no combination of those before them."""
    flat = columns.reshape(-1, columns.shape[2])
    left = flat.T @ flat
    size = np.diag(left).copy()
    kept = []
    for j in range(len(size)):
        if left[j, j] > 1e-10 * size[j]:
            kept.append(j)
            left = left - np.outer(left[:, j], left[j]) / left[j, j]
    return kept


def _own_blocks(
    grid: PeriodGrid,
    columns: Mapping[str, Matrix],
    spec: ModelSpec,
    options: GmmSpec,
    levels: Cube,
    years: int,
    instruments: Instruments,
) -> list[Block]:
    """Return what instruments itself: exogenous columns, the constant, year effects."""
    blocks: list[Block] = []
    for name in exogenous(spec, options):
        lacking = int((np.isnan(columns[name]) & grid.inside).sum())
        if lacking:
            raise EstimationError(
                f"gmm.exogenous: {lacking} rows of the sample lack a value of {name!r}"
            )
        values = columns[name] - columns[name][grid.inside].mean()  # the constant has the mean
        values = np.where(grid.inside, values, 0.0)[:, :, None]
        blocks += instruments.own(name, values, options.exogenous_in)
    first = grid.x.shape[2]
    if levels.shape[2] > first + years:
        blocks += instruments.own("const", levels[:, :, first : first + 1], "level")
    if years:
        blocks += instruments.own(YEARS, levels[:, :, -years:], options.year_effects_in)
    return blocks
