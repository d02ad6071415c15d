"""Instruments of dynamic panels: lags of columns, and columns that instrument themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Cube, Labels, Mask, Matrix
from forecast.errors import EstimationError
from forecast.estimation.dynamic.period_grid import moved_by, transformed
from forecast.specs.options.gmm import Equations, GmmSpec, InstrumentSpec

# Numbers that the instruments of all countries, periods and equations may take up.
LARGEST = 100_000_000
# The group of the year effects among the instruments.
YEARS = "year_effects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Instruments of one group.

    Attributes
    ----------
    group : name of the column, ``const`` or ``year_effects``.
    lags : equation that they are lags for; "" if they are none.
    values : (N, R, q), zero where there is no equation.
    """

    group: str
    lags: str
    values: Cube


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """The equations that instruments are for: how to transform, and (N, T) where each exists."""

    transform: Cube
    parts: list[Mask]

    def stack(self, group: str, lags: str, differenced: Cube | None, level: Cube | None) -> Block:
        """Return instruments of both equations as one block."""
        shape = (differenced if differenced is not None else level).shape  # type: ignore[union-attr]
        found = []
        for part, values in zip(self.parts, (differenced, level), strict=False):
            block = np.zeros(shape) if values is None else values * part[:, :, None]
            found.append(block)
        return Block(group=group, lags=lags, values=np.concatenate(found, axis=1))

    def own(self, group: str, columns: Cube, where: Equations) -> list[Block]:
        """Return columns (N, T, q) as instruments of themselves."""
        changed = transformed(self.transform, columns)
        if len(self.parts) == 1:
            return [self.stack(group, "", changed, None)]
        if where == "both":
            return [self.stack(group, "", changed, columns)]
        blocks = []
        if where in {"separate", "transformed"}:
            blocks.append(self.stack(group, "", changed, None))
        if where in {"separate", "level"}:
            blocks.append(self.stack(group, "", None, columns))
        return blocks


def side_by_side(blocks: list[Block]) -> tuple[Cube, Labels, Labels]:
    """Return the instruments (N, R, L) that are not zero throughout, their groups and equations."""
    sizes = [block.values.shape[2] for block in blocks]
    z = np.concatenate([block.values for block in blocks], axis=2)
    groups = np.repeat([block.group for block in blocks], sizes)
    lags = np.repeat([block.lags for block in blocks], sizes)
    used = z.any(axis=(0, 1))
    return z[:, :, used], groups[used], lags[used]


def lag_blocks(
    columns: Mapping[str, Matrix], options: GmmSpec, instruments: Instruments
) -> list[Block]:
    """Return the lags of columns (N, T), NaN where missing, as instruments of their equations.

    Levels for the transformed equation, zero where the panel has no value (Holtz-Eakin, Newey and
    Rosen 1988); differences for the one in levels (Blundell and Bond 1998).

    Raises
    ------
    EstimationError
        If they would not fit into memory.
    """
    equations: list[Mask] = [np.any(part, axis=0) for part in instruments.parts]
    blocks: list[Block] = []
    taken = 0
    for name, rule in options.instruments.items():
        collapse = options.collapse if rule.collapse is None else rule.collapse
        taken += _size(columns[name], rule, len(equations), collapse=collapse)
        if taken > LARGEST:
            raise EstimationError(
                f"gmm.instruments: with {name!r} the instruments take up {taken:,} numbers, more "
                f"than {LARGEST:,}; give fewer 'lags', or 'collapse = true'"
            )
        if rule.eq != "level":
            last = rule.last
            block = _lags(columns[name], equations[0], rule.first, last, collapse=collapse)
            blocks.append(instruments.stack(name, "difference", block, None))
        if len(equations) == 2 and rule.eq != "difference":
            change = columns[name] - moved_by(columns[name], 1, np.nan)
            # beside lags for the transformed equation, further ones are redundant
            first, last = (
                (rule.first, rule.last) if rule.eq == "level" else (rule.first - 1, rule.first - 1)
            )
            block = _lags(change, equations[1], first, last, collapse=collapse)
            blocks.append(instruments.stack(name, "level", None, block))
    return blocks


def _size(column: Matrix, rule: InstrumentSpec, equations: int, *, collapse: bool) -> int:
    countries, periods = column.shape
    last = periods if rule.last is None else rule.last
    lags = max(min(last, periods) - rule.first + 1, 0)
    return int(countries * periods * equations * lags * (1 if collapse else periods))


def _lags(column: Matrix, equation: Mask, first: int, last: int | None, *, collapse: bool) -> Cube:
    """Return lags of a column, (N, T, L); all that there are where ``last`` is None."""
    oldest = len(equation) - 1
    last = oldest if last is None else min(last, oldest)
    present = np.where(np.isnan(column), 0.0, column)
    by_lag = [moved_by(present, lag, 0.0) for lag in range(first, last + 1)]
    if not by_lag:
        return np.zeros((*column.shape, 0))
    lags = np.stack(by_lag, axis=2)
    return lags if collapse else _by_period(lags, equation)


def _by_period(lags: Cube, equation: Mask) -> Cube:
    """Return one column a lag and period, those that are zero throughout left out."""
    period, lag = np.nonzero(lags.any(axis=0) & equation[:, None])
    spread = np.zeros((*lags.shape[:2], len(period)))
    spread[:, period, np.arange(len(period))] = lags[:, period, lag]
    return spread
