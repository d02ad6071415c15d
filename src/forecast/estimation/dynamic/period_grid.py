"""A sample on a grid of countries by periods, and the transformations that take effects out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Codes, Cube, Mask, Matrix
from forecast.errors import DataError, EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.sweeping import ABSORBED
from forecast.estimation.problem import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodGrid:
    """A sample of N countries on T successive periods, a step of the panel apart.

    The periods begin where the panel does, so that lags reach back behind the sample.

    Attributes
    ----------
    inside : (N, T) whether the sample has the row.
    y : (N, T) outcome, 0 outside.
    x : (N, T, k) drivers, 0 outside.
    years : (T,) labels of the periods.
    country, period : (n,) codes of the sample's rows.
    index : of the sample's rows.
    """

    inside: Mask
    y: Matrix
    x: Cube
    years: Codes
    country: Codes
    period: Codes
    index: pd.MultiIndex


def period_grid(rows: Sample) -> PeriodGrid:
    """Return a sample on its grid of periods.

    Raises
    ------
    EstimationError
        If two years of the sample are not a multiple of the panel's step apart.
    """
    step = rows.history.step
    years = rows.index.get_level_values("year").to_numpy(dtype=np.int64)
    apart = (years - years[0]) % step
    if apart.any():
        raise EstimationError(
            f"years {years[0]} and {years[int(np.argmax(apart > 0))]} are not a multiple of the "
            f"panel's step of {step} apart"
        )
    oldest = int(rows.history.frame.index.get_level_values("year").min())
    start = int(years.min()) - (int(years.min()) - oldest) // step * step
    labels = np.arange(start, int(years.max()) + 1, step)
    period = (years - start) // step
    shape = (group_count(rows.country), len(labels))
    inside = np.zeros(shape, dtype=bool)
    inside[rows.country, period] = True
    y, x = np.zeros(shape), np.zeros((*shape, rows.x.shape[1]))
    y[rows.country, period] = rows.y
    x[rows.country, period] = rows.x
    return PeriodGrid(
        inside=inside, y=y, x=x, years=labels, country=rows.country, period=period, index=rows.index
    )


def column_grid(rows: Sample, grid: PeriodGrid, names: list[str]) -> dict[str, Matrix]:
    """Return columns of the whole panel on the grid, (N, T) by name, NaN where missing.

    Raises
    ------
    EstimationError
        If the panel has no such column.
    """
    try:
        frame = rows.history.require(names)
    except DataError as error:
        raise EstimationError(f"gmm: {error}") from None
    first = np.flatnonzero(np.diff(grid.country, prepend=-1))
    labels = pd.Index(grid.index[first].get_level_values("country"))
    country = labels.get_indexer(frame.index.get_level_values("country"))
    years = frame.index.get_level_values("year").to_numpy(dtype=np.int64)
    period, between = np.divmod(years - grid.years[0], rows.history.step)
    kept = (country >= 0) & (between == 0) & (period >= 0) & (period < len(grid.years))
    found = np.full((len(names), *grid.inside.shape), np.nan)
    values = frame.to_numpy(dtype=float)
    found[:, country[kept], period[kept]] = values[kept].T
    return dict(zip(names, found, strict=True))


def differencing(inside: Mask) -> Cube:
    """Return the matrices (N, T, T) whose row t takes period t-1 from period t.

    A row is zero where one of the two is outside: nothing is differenced across a gap.
    """
    countries, periods = inside.shape
    matrices = np.zeros((countries, periods, periods))
    later = np.arange(1, periods)
    both = (inside[:, 1:] & inside[:, :-1]).astype(float)
    matrices[:, later, later] = both
    matrices[:, later, later - 1] = -both
    return matrices


def orthogonal_deviations(inside: Mask) -> Cube:
    """Return the matrices (N, T, T) of forward orthogonal deviations, each stored a period late.

    Row t+1 is sqrt(n / (n + 1)) times period t less the mean of the n later periods inside
    (Arellano and Bover 1995), so that row t may be instrumented with what row t of the first
    differences may. It exists for every period inside that has a later one, gap or not.
    """
    later: Codes = np.cumsum(inside[:, ::-1], axis=1)[:, ::-1] - inside
    exists = inside & (later > 0)
    count = np.maximum(later, 1)
    scale = np.where(exists, np.sqrt(later / (count + 1.0)), 0.0)
    ahead = np.triu(np.ones((inside.shape[1], inside.shape[1])), k=1)
    ahead = ahead[None] * inside[:, None, :] / count[:, :, None]
    matrices = (np.eye(inside.shape[1])[None] - ahead) * scale[:, :, None]
    return np.roll(matrices, 1, axis=1)  # the last row has no later period: it is zero


def within_maps(inside: Mask) -> Cube:
    """Return the matrices (N, T, T) that take a country's mean off, zero outside the sample."""
    rows = inside.astype(float)
    sizes = rows.sum(axis=1)[:, None, None]
    means = rows[:, :, None] * rows[:, None, :] / sizes
    matrices: Cube = np.eye(inside.shape[1])[None] * rows[:, :, None] - means
    return matrices


def transformed(maps: Cube, columns: Cube) -> Cube:
    """Return columns (N, T, q) as ``maps`` (N, R, T) turn them, exact zeros where nothing is left.

    Rounding must not pass for a column once columns are scaled to one length.
    """
    changed = maps @ columns
    left = np.linalg.norm(changed, axis=(0, 1)) > ABSORBED * np.linalg.norm(columns, axis=(0, 1))
    found: Cube = np.where(left, changed, 0.0)
    return found


def moved_by(values: Cube, by: int, fill: float) -> Cube:
    """Return ``values`` (N, T, ...) of ``by`` periods earlier, ``fill`` where there is none."""
    if by == 0:
        return values
    moved = np.full_like(values, fill)
    if by < values.shape[1]:
        moved[:, by:] = values[:, :-by]
    return moved
