"""Where each economy is heading and how fast: speed, group and target, drawn jointly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.timeseries.hierarchical_momentum import MomentumSystem
from forecast.timeseries.hierarchical_record import HierarchicalPrior

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

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
        means=np.linspace(-1, 1, prior.groups) * prior.between_std,
        shares=np.full(prior.groups, 1 / prior.groups),
        within=prior.within_std,
        centre=0.0,
        between=prior.between_std,
        half_life=prior.half_life,
        half_life_spread=prior.half_life_spreads[place[1]],
        half_life_place=place,
    )


def draw_targets(
    system: MomentumSystem,
    growth: Array,
    gap: Array,
    clubs: Clubs,
    prior: HierarchicalPrior,
    rng: Generator,
) -> Targets:
    """Draw speed, group and target of each economy, its momentum integrated out.

    Growth less the factor's is -speed (gap - target) + momentum + noise, so that given the speed
    it is linear in the target: both target and momentum are integrated out exactly, and the pair
    (speed, group) is drawn from all combinations.

    Parameters
    ----------
    system : MomentumSystem
    growth : (N, T) growth less the factor's, % a year; anything where weight is zero.
    gap : (N, T) log level less the factor's at the end of the year before, x 100.
    """
    rows = np.stack([growth, gap, np.ones_like(growth)])
    # For each economy x' M y of the three rows with each other.
    moments = rows.transpose(1, 0, 2) @ system.through(rows).transpose(1, 2, 0)
    rate = speeds(prior)[None, :, None]
    a, b, c = (moments[:, i, j][:, None, None] for i, j in ((0, 0), (0, 1), (1, 1)))
    d, e, f = (moments[:, 2, j][:, None, None] for j in range(3))
    precision = rate**2 * f + 1 / clubs.within**2
    pull = rate * (d + rate * e) + clubs.means / clubs.within**2
    log = (
        -0.5 * (a + 2 * rate * b + rate**2 * c)
        + 0.5 * pull**2 / precision
        - 0.5 * np.log(precision)
        - 0.5 * (clubs.means / clubs.within) ** 2
        + np.log(clubs.shares)
        + _half_life_table(prior)[1][clubs.half_life_place][None, :, None]
    )
    n, _, k = log.shape
    chosen = _choose(log.reshape(n, -1), rng)
    place, group = np.divmod(chosen, k)
    each = np.arange(n)
    mean = (pull / precision)[each, place, group]
    std = 1 / np.sqrt(np.broadcast_to(precision, log.shape)[each, place, group])
    return Targets(
        place=place,
        speed=speeds(prior)[place],
        group=group,
        target=mean + std * rng.standard_normal(n),
    )


def draw_clubs(targets: Targets, clubs: Clubs, prior: HierarchicalPrior, rng: Generator) -> Clubs:
    """Draw the groups' means and shares and the hyperparameters, given every economy's."""
    k = prior.groups
    count = np.bincount(targets.group, minlength=k)
    total = np.bincount(targets.group, weights=targets.target, minlength=k)
    precision = count / clubs.within**2 + 1 / clubs.between**2
    mean = (total / clubs.within**2 + clubs.centre / clubs.between**2) / precision
    means = mean + rng.standard_normal(k) / np.sqrt(precision)
    precision_c = k / clubs.between**2 + 1 / prior.target_std**2
    centre = means.sum() / clubs.between**2 / precision_c
    centre += rng.standard_normal() / np.sqrt(precision_c)
    around = targets.target - means[targets.group]
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
    return medians, log - np.logaddexp.reduce(log, axis=2, keepdims=True)


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
