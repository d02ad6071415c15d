"""Where each economy is heading and how fast: speed, group and target, drawn jointly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Codes, read_only
from forecast.timeseries.hierarchical.momentum import MomentumSystem
from forecast.timeseries.hierarchical.record import HierarchicalPrior

SHAPE = 3.0  # of every inverse gamma prior: a finite variance needs more than 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Clubs:
    """Groups of long-run relative levels, and how speeds are spread over economies.

    Attributes
    ----------
    means, shares : (K,) each group's mean (log points x 100) and share of economies.
    within : standard deviation of targets within a group.
    centre, between : mean and standard deviation of the groups' means.
    half_life, half_life_spread : median half-life over economies, and its spread in logs;
        ``half_life_place`` are their places on the grids.
    """

    means: Array
    shares: Array
    within: float
    centre: float
    between: float
    half_life: float
    half_life_spread: float
    half_life_place: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Of each economy: place on the half-life grid, speed, group and target (all (N,))."""

    place: Codes
    speed: Array
    group: Codes
    target: Array


def speeds(prior: HierarchicalPrior) -> Array:
    """Return the share of a gap closed in a year for each half-life of the grid."""
    return np.asarray(1 - 0.5 ** (1 / np.array(prior.half_lives)))


def first_clubs(prior: HierarchicalPrior) -> Clubs:
    """Return the groups that a chain starts from: the prior's centres."""
    place = (len(_half_life_table(prior)[0]) // 2, len(prior.half_life_spreads) // 2)
    return Clubs(
        means=prior.target + np.linspace(-1, 1, prior.groups) * prior.between_std,
        shares=np.full(prior.groups, 1 / prior.groups),
        within=prior.within_std,
        centre=prior.target,
        between=prior.between_std,
        half_life=prior.half_life,
        half_life_spread=prior.half_life_spreads[place[1]],
        half_life_place=place,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTable:
    """All combinations of speed and group of each economy, target and momentum integrated out.

    Attributes
    ----------
    log : (N, G, K) log of joint density of growth and the combination, up to a constant.
    mean, std : (N, G, K) of the target given the combination.
    speed : (G,).
    """

    log: Array
    mean: Array
    std: Array
    speed: Array

    @property
    def log_evidence(self) -> float:
        """Log density of growth, all integrated out."""
        flat = self.log.reshape(len(self.log), -1)
        top = flat.max(axis=1)
        return float((top + np.log(np.exp(flat - top[:, None]).sum(axis=1))).sum())

    def draw(self, rng: Generator) -> Targets:
        """Return a joint draw of speed, group and target of each economy."""
        n, _, k = self.log.shape
        place, group = np.divmod(_choose(self.log.reshape(n, -1), rng), k)
        each = np.arange(n)
        noise = self.std[each, place, group] * rng.standard_normal(n)
        return Targets(
            place=place,
            speed=self.speed[place],
            group=group,
            target=self.mean[each, place, group] + noise,
        )


def target_table(
    system: MomentumSystem,
    growth: Array,
    gap: Array,
    clubs: Clubs,
    prior: HierarchicalPrior,
    leader: int,
) -> TargetTable:
    """Return the table that speed, group and target of each economy are drawn from.

    Growth less the factor's is -speed (gap - target) + momentum + noise, so that given the speed
    it is linear in the target: both target and momentum are integrated out exactly.

    Parameters
    ----------
    system : MomentumSystem
    growth : (N, T) growth less the factor's, % a year; anything where weight is zero.
    gap : (N, T) log level less the factor's at the end of the year before, x 100.
    clubs : Clubs
    prior : HierarchicalPrior
    leader : row of the economy whose target is near zero, whatever the groups are.
    """
    rows = np.stack([growth, gap, np.ones_like(growth)])
    # For each economy x' M y of the three rows with each other.
    moments = rows.transpose(1, 0, 2) @ system.through(rows).transpose(1, 2, 0)
    rate = speeds(prior)[None, :, None]
    a, b, c = (moments[:, i, j][:, None, None] for i, j in ((0, 0), (0, 1), (1, 1)))
    d, e, f = (moments[:, 2, j][:, None, None] for j in range(3))
    centre = np.tile(clubs.means, (len(growth), 1, 1))
    spread = np.full(centre.shape, clubs.within)
    centre[leader], spread[leader] = 0.0, prior.leader_std
    precision = rate**2 * f + 1 / spread**2
    pull = rate * (d + rate * e) + centre / spread**2
    log = (
        -0.5 * (a + 2 * rate * b + rate**2 * c)
        + 0.5 * pull**2 / precision
        - 0.5 * np.log(precision * spread**2)
        - 0.5 * (centre / spread) ** 2
        + np.log(clubs.shares)
        + _half_life_table(prior)[1][clubs.half_life_place][None, :, None]
    )
    return TargetTable(
        log=log,
        mean=pull / precision,
        std=np.broadcast_to(1 / np.sqrt(precision), log.shape),
        speed=speeds(prior),
    )


def draw_clubs(
    targets: Targets, clubs: Clubs, prior: HierarchicalPrior, leader: int, rng: Generator
) -> Clubs:
    """Draw the groups' means and shares and the hyperparameters, given every economy's.

    The leader belongs to no group; its speed is one of all.
    """
    k = prior.groups
    group, target = np.delete(targets.group, leader), np.delete(targets.target, leader)
    count = np.bincount(group, minlength=k)
    total = np.bincount(group, weights=target, minlength=k)
    precision = count / clubs.within**2 + 1 / clubs.between**2
    mean = (total / clubs.within**2 + clubs.centre / clubs.between**2) / precision
    means = mean + rng.standard_normal(k) / np.sqrt(precision)
    precision_c = k / clubs.between**2 + 1 / prior.target_std**2
    centre = (means.sum() / clubs.between**2 + prior.target / prior.target_std**2) / precision_c
    centre += rng.standard_normal() / np.sqrt(precision_c)
    around = target - means[group]
    place = _draw_half_life(targets.place, prior, rng)
    return Clubs(
        means=means,
        shares=rng.dirichlet(1.0 + count),
        within=inverse_gamma_std(around, prior.within_std, rng),
        centre=float(centre),
        between=inverse_gamma_std(means - centre, prior.between_std, rng),
        half_life=float(_half_life_table(prior)[0][place[0]]),
        half_life_spread=prior.half_life_spreads[place[1]],
        half_life_place=place,
    )


def inverse_gamma_std(deviations: Array, prior_std: float, rng: Generator) -> float:
    """Draw a standard deviation: prior mean of its square ``prior_std`` squared, shape 3."""
    shape = SHAPE + len(deviations) / 2
    rate = (SHAPE - 1) * prior_std**2 + 0.5 * float(deviations @ deviations)
    return float(np.sqrt(rate / rng.standard_gamma(shape)))


@lru_cache(maxsize=8)
def _half_life_table(prior: HierarchicalPrior) -> tuple[Array, Array]:
    """Return the grid of medians, and log probabilities (medians, spreads, half-lives)."""
    medians = prior.half_life * np.exp(np.linspace(-3, 3, 25) * prior.half_life_std)
    spreads = np.array(prior.half_life_spreads)[:, None]
    log = -0.5 * ((np.log(prior.half_lives) - np.log(medians)[:, None, None]) / spreads) ** 2
    return read_only((medians, log - np.logaddexp.reduce(log, axis=2, keepdims=True)))


def _draw_half_life(place: Codes, prior: HierarchicalPrior, rng: Generator) -> tuple[int, int]:
    """Draw the places of median and spread of half-lives on their grids."""
    medians, table = _half_life_table(prior)
    log = table @ np.bincount(place, minlength=table.shape[2])
    log += (-0.5 * (np.log(medians / prior.half_life) / prior.half_life_std) ** 2)[:, None]
    i, j = np.divmod(_choose(log.reshape(1, -1), rng), log.shape[1])
    return int(i[0]), int(j[0])


def _choose(log: Array, rng: Generator) -> Codes:
    """Return a column of each row, drawn with probability proportional to exp(log)."""
    noise = rng.gumbel(size=log.shape)
    return np.asarray((log + noise).argmax(axis=1), dtype=np.int64)
