"""Volatility of each economy, changing from one block of years to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Integers, Mask
from forecast.timeseries.hierarchical.record import HierarchicalPrior
from forecast.timeseries.hierarchical.targets import SHAPE, inverse_gamma_std


@dataclass(frozen=True, slots=True, kw_only=True)
class Volatility:
    """Log volatility by block: h_b = memory h_{b-1} + N(0, change^2), stationary around zero.

    Attributes
    ----------
    log : (N, B).
    place : of memory on its grid.
    memory, change : float
    """

    log: Array
    place: int
    memory: float
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shocks:
    """Squared shocks over their variances at volatility one, with each year's block.

    Attributes
    ----------
    kicks : (N, T) of the momentum, normal.
    noise : (N, T) of annual growth, Student t with ``tails`` degrees; zero where not seen.
    seen : (N, T).
    tails : float
    block : (T,).
    """

    kicks: Array
    noise: Array
    seen: Mask
    tails: float
    block: Integers

    def log_density(self, log: Array) -> Array:
        """Return each block's log density (N, B) given log volatility (N, B)."""
        inverse = np.exp(-2 * log)[:, self.block]
        terms = -0.5 * self.kicks * inverse
        terms -= 0.5 * (self.tails + 1) * np.log1p(self.noise * inverse / self.tails)
        starts = np.flatnonzero(np.diff(self.block, prepend=-1))
        count = np.add.reduceat(1.0 + self.seen, starts, axis=1)
        return np.asarray(np.add.reduceat(terms, starts, axis=1) - count * log)


def blocks(years: int, length: int) -> Integers:
    """Return the block of each of ``years`` years; the last block is whole."""
    return np.asarray((np.arange(years) + (-years) % length) // length, dtype=np.int64)


def first_volatility(n: int, block: Integers, prior: HierarchicalPrior) -> Volatility:
    """Return the volatility that a chain starts from: one throughout."""
    place = len(prior.volatility_memory) // 2
    return Volatility(
        log=np.zeros((n, int(block[-1]) + 1)),
        place=place,
        memory=prior.volatility_memory[place],
        change=prior.volatility_change,
    )


def draw_volatility(
    old: Volatility,
    shocks: Shocks,
    prior: HierarchicalPrior,
    steps: tuple[float, float],
    rng: Generator,
) -> tuple[Volatility, float, float]:
    """Move each block's log volatility, then its memory and the size of its changes.

    The last two move twice: given the volatilities, and given their standardised changes, the
    volatilities moving along (interweaving, Yu and Meng, 2011); either alone mixes slowly.

    Parameters
    ----------
    old : Volatility
    shocks : Shocks
    steps : standard deviations of the proposals of a block's and of the common move.

    Returns
    -------
    Volatility
    float, float
        Shares of the two kinds of proposals accepted.
    """
    log, density = old.log.copy(), shocks.log_density(old.log)
    accepted = []
    for first in (0, 1):
        part = slice(first, None, 2)
        moved = log.copy()
        moved[:, part] += steps[0] * rng.standard_normal(moved[:, part].shape)
        after = shocks.log_density(moved)
        gain = (after + _links(moved, old) - density - _links(log, old))[:, part]
        yes = np.log(rng.random(gain.shape)) < gain
        log[:, part] = np.where(yes, moved[:, part], log[:, part])
        density[:, part] = np.where(yes, after[:, part], density[:, part])
        accepted.append(float(yes.mean()) if yes.size else 0.0)
    place = _draw_memory(log, old.change, prior, rng)
    memory = prior.volatility_memory[place]
    change = inverse_gamma_std(_changes(log, memory).ravel(), prior.volatility_change, rng)
    given = Volatility(log=log, place=place, memory=memory, change=change)
    found, common = _move_along(given, shocks, float(density.sum()), prior, steps[1], rng)
    return found, float(np.mean(accepted)), common


def _move_along(
    old: Volatility,
    shocks: Shocks,
    density: float,
    prior: HierarchicalPrior,
    step: float,
    rng: Generator,
) -> tuple[Volatility, float]:
    """Move memory and change with the standardised changes held: volatilities move along."""
    place = old.place + int(rng.integers(-1, 2))
    if not 0 <= place < len(prior.volatility_memory):
        return old, 0.0
    memory = prior.volatility_memory[place]
    change = old.change * float(np.exp(step * rng.standard_normal()))
    z = _changes(old.log, old.memory) / old.change
    log = np.empty_like(old.log)
    log[:, 0] = change * z[:, 0] / np.sqrt(1 - memory**2)
    for b in range(1, log.shape[1]):
        log[:, b] = memory * log[:, b - 1] + change * z[:, b]
    rate = (SHAPE - 1) * prior.volatility_change**2
    ratio = float(shocks.log_density(log).sum()) - density
    ratio -= 2 * SHAPE * np.log(change / old.change) + rate * (change**-2 - old.change**-2)
    if np.log(rng.random()) < ratio:
        return Volatility(log=log, place=place, memory=memory, change=change), 1.0
    return old, 0.0


def _changes(log: Array, memory: float) -> Array:
    """Return the changes (N, B), the first block's brought to the others' variance."""
    first = log[:, :1] * np.sqrt(1 - memory**2)
    return np.concatenate([first, log[:, 1:] - memory * log[:, :-1]], axis=1)


def _links(log: Array, old: Volatility) -> Array:
    """Return each block's prior terms: its links to the blocks beside it."""
    squares = -0.5 * (_changes(log, old.memory) / old.change) ** 2
    squares[:, :-1] += squares[:, 1:]
    return squares


def _draw_memory(log: Array, change: float, prior: HierarchicalPrior, rng: Generator) -> int:
    grid = np.array(prior.volatility_memory)
    first, cross = float((log[:, 0] ** 2).sum()), float((log[:, 1:] * log[:, :-1]).sum())
    past = float((log[:, :-1] ** 2).sum())
    fit = (1 - grid**2) * first - 2 * grid * cross + grid**2 * past
    density = 0.5 * len(log) * np.log1p(-(grid**2)) - 0.5 * fit / change**2
    return int((density + rng.gumbel(size=len(grid))).argmax())


def trade_volatility(
    volatility: Volatility, scales: Array, hyper: Array, rng: Generator
) -> tuple[Volatility, Array]:
    """Move part of each economy's volatility between its blocks' mean and its sizes.

    Shocks' variances do not change, so that the draw is from the prior: normal, exactly.

    Parameters
    ----------
    volatility : Volatility
    scales : (2, N) logs of the sizes.
    hyper : (2, 2) centre and spread of each row of ``scales``.
    """
    ones = _changes(np.ones_like(volatility.log), volatility.memory)
    changes = _changes(volatility.log, volatility.memory)
    precision = (ones**2).sum(axis=1) / volatility.change**2 + (1 / hyper[:, 1] ** 2).sum()
    pull = (ones * changes).sum(axis=1) / volatility.change**2
    pull += ((hyper[:, :1] - scales) / hyper[:, 1:] ** 2).sum(axis=0)
    moved = pull / precision + rng.standard_normal(len(pull)) / np.sqrt(precision)
    return (
        Volatility(
            log=volatility.log - moved[:, None],
            place=volatility.place,
            memory=volatility.memory,
            change=volatility.change,
        ),
        scales + moved,
    )
