"""Volatility of each economy, changing from one block of years to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.timeseries.hierarchical_record import HierarchicalPrior
from forecast.timeseries.hierarchical_targets import inverse_gamma_std

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatility:
    """Log volatility by block: h_b = memory h_{b-1} + N(0, change^2), stationary around zero.

    Attributes
    ----------
    log : (N, B).
    memory, change : float
    """

    log: Array
    memory: float
    change: float


def blocks(years: int, length: int) -> NDArray[np.int64]:
    """Return the block of each of ``years`` years; the last block is whole."""
    return np.asarray((np.arange(years) + (-years) % length) // length, dtype=np.int64)


def draw_volatility(
    old: Volatility,
    squares: Array,
    count: Array,
    prior: HierarchicalPrior,
    step: float,
    rng: Generator,
) -> tuple[Volatility, float]:
    """Move each block's log volatility, then draw its memory and the size of its changes.

    Parameters
    ----------
    old : Volatility
    squares, count : (N, B)
        Sum of squared shocks, each over its variance at volatility one, and how many there are.
    step : float
        Standard deviation of the proposal.

    Returns
    -------
    Volatility
    float
        Share of proposals accepted.
    """
    log, accepted = old.log.copy(), []
    for first in (0, 1):
        part = slice(first, None, 2)
        moved = log.copy()
        moved[:, part] += step * rng.standard_normal(moved[:, part].shape)
        before, after = (_log_density(h, old, squares, count)[:, part] for h in (log, moved))
        yes = np.log(rng.random(before.shape)) < after - before
        log[:, part] = np.where(yes, moved[:, part], log[:, part])
        accepted.append(float(yes.mean()) if yes.size else 0.0)
    memory = _draw_memory(log, old.change, prior, rng)
    change = np.concatenate(
        [log[:, 0] * np.sqrt(1 - memory**2), (log[:, 1:] - memory * log[:, :-1]).ravel()]
    )
    return (
        Volatility(
            log=log, memory=memory, change=inverse_gamma_std(change, prior.volatility_change, rng)
        ),
        float(np.mean(accepted)),
    )


def _log_density(log: Array, old: Volatility, squares: Array, count: Array) -> Array:
    """Return each block's own terms: its shocks and its links to the blocks beside it."""
    density = -count * log - 0.5 * squares * np.exp(-2 * log)
    links = np.empty((log.shape[0], log.shape[1] + 1))
    links[:, 0] = log[:, 0] * np.sqrt(1 - old.memory**2)
    links[:, 1:-1] = log[:, 1:] - old.memory * log[:, :-1]
    links[:, -1] = 0.0
    links = -0.5 * (links / old.change) ** 2
    return np.asarray(density + links[:, :-1] + links[:, 1:])


def _draw_memory(log: Array, change: float, prior: HierarchicalPrior, rng: Generator) -> float:
    grid = np.array(prior.volatility_memory)
    n = len(log)
    first, cross = float((log[:, 0] ** 2).sum()), float((log[:, 1:] * log[:, :-1]).sum())
    past = float((log[:, :-1] ** 2).sum())
    fit = (1 - grid**2) * first - 2 * grid * cross + grid**2 * past
    density = 0.5 * n * np.log1p(-(grid**2)) - 0.5 * fit / change**2
    return float(grid[(density + rng.gumbel(size=len(grid))).argmax()])
