"""The moment conditions of a dynamic panel: regressors, instruments, transformations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Mask, Matrix
from forecast.errors import EstimationError
from forecast.estimation.dynamic.period_grid import (
    PeriodGrid,
    column_grid,
    differencing,
    lagged,
    orthogonal_deviations,
    period_grid,
)
from forecast.estimation.problem import Sample
from forecast.specs.model import ModelSpec
from forecast.specs.options.gmm import Equations, GmmSpec, InstrumentSpec

# Numbers that the instruments of all countries, periods and equations may take up.
LARGEST = 100_000_000


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
    levels : (N, T, p) the regressors before any transformation.
    terms : (p,) drivers, the constant where there is a level equation, then year effects.
    years : number of year effects.
    nearest : (L,) whether an instrument is a lag for the level equation.
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
    nearest: Mask
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

    Parameters
    ----------
    grid : PeriodGrid
    columns : mapping of str to (N, T)
        What instruments, by name; NaN where missing.
    spec, options, system
        As for ``moments``.

    Raises
    ------
    EstimationError
        As ``moments`` does.
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
    instruments = _Instruments(transform=transform, parts=parts)
    blocks = _lag_blocks(columns, options, instruments)
    blocks += _own_blocks(grid, columns, spec, options, levels, years, instruments)
    z = np.concatenate([block for block, _ in blocks], axis=2)
    used = z.any(axis=(0, 1))
    nearest = np.concatenate([np.full(block.shape[2], flag) for block, flag in blocks])
    return Moments(
        grid=grid,
        y=(maps @ grid.y[:, :, None])[:, :, 0],
        x=maps @ levels,
        z=z[:, :, used],
        maps=maps,
        exists=np.concatenate(parts, axis=1),
        differences=differences,
        levels=levels,
        terms=terms,
        years=years,
        nearest=nearest[used],
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Instruments:
    transform: Cube
    parts: list[Mask]

    def stack(self, transformed: Cube | None, level: Cube | None) -> Cube:
        """Return instruments of both equations as one block, zero where there is no equation."""
        shape = (transformed if transformed is not None else level).shape  # type: ignore[union-attr]
        found = []
        for part, values in zip(self.parts, (transformed, level), strict=False):
            block = np.zeros(shape) if values is None else values * part[:, :, None]
            found.append(block)
        return np.concatenate(found, axis=1)

    def own(self, columns: Cube, where: Equations) -> list[Cube]:
        """Return columns (N, T, q) as instruments of themselves."""
        changed = self.transform @ columns
        if len(self.parts) == 1:
            return [self.stack(changed, None)]
        if where == "both":
            return [self.stack(changed, columns)]
        blocks = []
        if where in {"separate", "transformed"}:
            blocks.append(self.stack(changed, None))
        if where in {"separate", "level"}:
            blocks.append(self.stack(None, columns))
        return blocks


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


def _lag_blocks(
    columns: Mapping[str, Matrix], options: GmmSpec, instruments: _Instruments
) -> list[tuple[Cube, bool]]:
    equations: list[Mask] = [np.any(part, axis=0) for part in instruments.parts]
    blocks: list[tuple[Cube, bool]] = []
    taken = 0
    for name, rule in options.instruments.items():
        collapse = options.collapse if rule.collapse is None else rule.collapse
        taken += _size(columns[name], rule, len(equations), collapse=collapse)
        if taken > LARGEST:
            raise EstimationError(
                f"gmm.instruments: with {name!r} the instruments take up {taken:,} numbers, more "
                f"than {LARGEST:,}; give fewer 'lags', or 'collapse = true'"
            )
        block = _lags(columns[name], equations[0], rule, collapse=collapse)
        blocks.append((instruments.stack(block, None), False))
        if len(equations) == 2:
            near = _nearest(columns[name], equations[1], rule, collapse=collapse)
            blocks.append((instruments.stack(None, near), True))
    return blocks


def _size(column: Matrix, rule: InstrumentSpec, equations: int, *, collapse: bool) -> int:
    countries, periods = column.shape
    last = periods if rule.last is None else rule.last
    lags = max(min(last, periods) - rule.first + 1, 0)
    return int(countries * periods * equations * lags * (1 if collapse else periods))


def _lags(column: Matrix, equation: Mask, rule: InstrumentSpec, *, collapse: bool) -> Cube:
    """Return lags in levels, (N, T, L); zero where the panel has no value (Holtz-Eakin 1988)."""
    last = len(equation) - 1 if rule.last is None else min(rule.last, len(equation) - 1)
    present = np.where(np.isnan(column), 0.0, column)
    by_lag = [lagged(present, lag, 0.0) for lag in range(rule.first, last + 1)]
    if not by_lag:
        return np.zeros((*column.shape, 0))
    lags = np.stack(by_lag, axis=2)
    return lags if collapse else _by_period(lags, equation)


def _nearest(column: Matrix, equation: Mask, rule: InstrumentSpec, *, collapse: bool) -> Cube:
    """Return the difference that is valid in levels, (N, T, L): Blundell and Bond (1998)."""
    change = column - lagged(column, 1, np.nan)
    near = lagged(np.where(np.isnan(change), 0.0, change), rule.first - 1, 0.0)[:, :, None]
    return near if collapse else _by_period(near, equation)


def _by_period(lags: Cube, equation: Mask) -> Cube:
    """Return one column a lag and period, those that are zero throughout left out."""
    period, lag = np.nonzero(lags.any(axis=0) & equation[:, None])
    spread = np.zeros((*lags.shape[:2], len(period)))
    spread[:, period, np.arange(len(period))] = lags[:, period, lag]
    return spread


def _own_blocks(
    grid: PeriodGrid,
    columns: Mapping[str, Matrix],
    spec: ModelSpec,
    options: GmmSpec,
    levels: Cube,
    years: int,
    instruments: _Instruments,
) -> list[tuple[Cube, bool]]:
    """Return what instruments itself: exogenous columns, the constant, year effects."""
    names = exogenous(spec, options)
    blocks: list[Cube] = []
    if names:
        values = np.stack([columns[name] for name in names], axis=2)
        lacking = np.isnan(values).any(axis=2) & grid.inside
        if lacking.any():
            raise EstimationError(
                f"gmm.exogenous: {int(lacking.sum())} rows of the sample lack a value of one of "
                f"{', '.join(names)}"
            )
        values = np.where(grid.inside[:, :, None], values, 0.0)
        blocks += instruments.own(values, options.exogenous_in)
    first = grid.x.shape[2]
    if levels.shape[2] > first + years:  # the constant
        blocks += instruments.own(levels[:, :, first : first + 1], "level")
    if years:
        blocks += instruments.own(levels[:, :, -years:], options.year_effects_in)
    return [(block, False) for block in blocks]
