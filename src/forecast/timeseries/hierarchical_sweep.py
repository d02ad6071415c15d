"""One sweep of the hierarchical growth model's sampler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import gammaln

from forecast.timeseries.hierarchical_factor import (
    FactorEvidence,
    factor_evidence,
    factor_system,
)
from forecast.timeseries.hierarchical_momentum import MomentumSystem, momentum_system
from forecast.timeseries.hierarchical_record import HierarchicalPrior, Spread
from forecast.timeseries.hierarchical_state import ChainState, GrowthData
from forecast.timeseries.hierarchical_targets import (
    SHAPE,
    Targets,
    draw_clubs,
    draw_targets,
    inverse_gamma_std,
)
from forecast.timeseries.hierarchical_volatility import draw_volatility

Array = NDArray[np.float64]

BLOCKS = ("pair", "persistence", "factor", "volatility")
FLOOR = 1e-3  # smallest momentum or shock, % a year: keeps the precision in floating point


def sweep_once(
    data: GrowthData,
    state: ChainState,
    prior: HierarchicalPrior,
    steps: Mapping[str, float],
    rng: Generator,
) -> tuple[ChainState, dict[str, float]]:
    """Return the state after every block has been drawn once, and acceptance by block.

    Parameters
    ----------
    data : GrowthData
    state : ChainState
    prior : HierarchicalPrior
    steps : dict of block to the size of its proposals, keys ``BLOCKS``.
    rng : numpy.random.Generator
    """
    accepted: dict[str, float] = {}
    past = np.concatenate([[0.0], state.factor[:-1]])
    growth = np.where(data.seen, data.growth - (state.factor - past), 0.0)
    gap = np.where(data.seen, data.before - past, 0.0)
    state, system, accepted["pair"] = _draw_scales(data, state, growth, gap, steps["pair"], rng)
    state, system, accepted["persistence"] = _draw_persistence(
        data, state, system, growth, gap, prior, steps["persistence"], rng
    )
    targets = draw_targets(system, growth, gap, state.clubs, prior, rng)
    residual = _residual(targets, growth, gap)
    state = replace(
        state,
        targets=targets,
        clubs=draw_clubs(targets, state.clubs, prior, rng),
        momentum=system.draw(residual, rng),
        hyper=np.array(
            [
                _draw_spread(row, old, spread, rng)
                for row, old, spread in zip(
                    state.scales, state.hyper, (prior.momentum, prior.noise), strict=True
                )
            ]
        ),
    )
    state = _draw_tails(data, state, residual, prior, rng)
    state, accepted["volatility"] = _draw_volatility(
        data, state, residual, prior, steps["volatility"], rng
    )
    state, accepted["factor"] = _draw_factor(data, state, prior, steps["factor"], rng)
    return state, accepted


def volatility_by_year(data: GrowthData, state: ChainState) -> Array:
    """Return volatility (N, T)."""
    return np.asarray(np.exp(state.volatility.log)[:, data.block])


def _weight(data: GrowthData, state: ChainState, noise: Array, volatility: Array) -> Array:
    return np.where(data.seen, 1 / ((noise[:, None] * volatility) ** 2 * state.mixing), 0.0)


def _residual(targets: Targets, growth: Array, gap: Array) -> Array:
    return np.asarray(growth + targets.speed[:, None] * (gap - targets.target[:, None]))


def _system(data: GrowthData, state: ChainState) -> MomentumSystem:
    std, noise = np.exp(state.scales) + FLOOR
    volatility = volatility_by_year(data, state)
    weight = _weight(data, state, noise, volatility)
    return momentum_system(weight, std, volatility, state.persistence)


def _draw_scales(
    data: GrowthData, state: ChainState, growth: Array, gap: Array, step: float, rng: Generator
) -> tuple[ChainState, MomentumSystem, float]:
    """Move each economy's pair of sizes by a random walk in logs, momentum integrated out."""
    residual = _residual(state.targets, growth, gap)
    moved = state.scales + step * np.array([[1.0], [0.4]]) * rng.standard_normal(state.scales.shape)
    proposed = replace(state, scales=moved)
    systems = [_system(data, s) for s in (state, proposed)]
    years = data.seen.sum(axis=1)
    old, new = (
        system.log_likelihood(residual)
        - years * np.log(np.exp(s.scales[1]) + FLOOR)
        + _log_normal(s.scales, s.hyper)
        for system, s in zip(systems, (state, proposed), strict=True)
    )
    yes = np.log(rng.random(len(old))) < new - old
    chosen = replace(state, scales=np.where(yes, moved, state.scales))
    return chosen, systems[1].where(yes, systems[0]), float(yes.mean())


def _log_normal(scales: Array, hyper: Array) -> Array:
    z = (scales - hyper[:, :1]) / hyper[:, 1:]
    return np.asarray(-0.5 * (z**2).sum(axis=0))


def _draw_persistence(
    data: GrowthData,
    state: ChainState,
    system: MomentumSystem,
    growth: Array,
    gap: Array,
    prior: HierarchicalPrior,
    step: float,
    rng: Generator,
) -> tuple[ChainState, MomentumSystem, float]:
    """Move the common autocorrelation by a random walk in logits, momentum integrated out."""
    residual = _residual(state.targets, growth, gap)
    old = np.log(state.persistence / (1 - state.persistence))
    new = old + step * rng.standard_normal()
    moved = float(np.clip(1 / (1 + np.exp(-new)), 1e-6, 1 - 1e-6))
    proposed = _system(data, replace(state, persistence=moved))
    centre = np.log(prior.persistence / (1 - prior.persistence))
    ratio = (
        (proposed.log_likelihood(residual) - system.log_likelihood(residual)).sum()
        - 0.5 * ((new - centre) / prior.persistence_std) ** 2
        + 0.5 * ((old - centre) / prior.persistence_std) ** 2
    )
    if np.log(rng.random()) < ratio:
        return replace(state, persistence=moved), proposed, 1.0
    return state, system, 0.0


def _draw_spread(values: Array, old: Array, prior: Spread, rng: Generator) -> Array:
    """Draw centre and spread of values that are normal over economies."""
    precision = len(values) / old[1] ** 2 + 1 / prior.centre_std**2
    mean = (values.sum() / old[1] ** 2 + prior.centre / prior.centre_std**2) / precision
    centre = mean + rng.standard_normal() / np.sqrt(precision)
    return np.array([centre, inverse_gamma_std(values - centre, prior.spread, rng)])


def _draw_tails(
    data: GrowthData, state: ChainState, residual: Array, prior: HierarchicalPrior, rng: Generator
) -> ChainState:
    """Draw degrees of freedom with the mixing variances integrated out, then those."""
    noise = np.exp(state.scales[1]) + FLOOR
    scale = noise[:, None] * volatility_by_year(data, state)
    squares = ((residual - state.momentum) / scale) ** 2
    shocks = squares[data.seen]
    place = state.tails_place
    # A step to a neighbour on the grid; one off its end is refused.
    moved = place + (1 if rng.random() < 0.5 else -1)
    if 0 <= moved < len(prior.tails):
        old, new = (_log_t(shocks, prior.tails[i]) for i in (place, moved))
        place = moved if np.log(rng.random()) < new - old else place
    tails = prior.tails[place]
    mixing = np.ones_like(squares)
    gamma = rng.standard_gamma((tails + 1) / 2, size=len(shocks))
    mixing[data.seen] = (tails + shocks) / (2 * gamma)
    return replace(state, tails_place=place, tails=tails, mixing=mixing)


def _draw_volatility(
    data: GrowthData,
    state: ChainState,
    residual: Array,
    prior: HierarchicalPrior,
    step: float,
    rng: Generator,
) -> tuple[ChainState, float]:
    """Move volatility given the shocks to growth and to its momentum."""
    std, noise = np.exp(state.scales) + FLOOR
    m, phi = state.momentum, state.persistence
    kicks = m / std[:, None]
    kicks[:, 1:] = (m[:, 1:] - phi * m[:, :-1]) / (std[:, None] * np.sqrt(1 - phi**2))
    shocks = (residual - m) / noise[:, None]
    squares = kicks**2 + np.where(data.seen, shocks**2 / state.mixing, 0.0)
    starts = np.flatnonzero(np.diff(data.block, prepend=-1))
    volatility, accepted = draw_volatility(
        state.volatility,
        np.add.reduceat(squares, starts, axis=1),
        np.add.reduceat(1.0 + data.seen, starts, axis=1),
        prior,
        step,
        rng,
    )
    return replace(state, volatility=volatility), accepted


def _log_t(squares: Array, degrees: float) -> float:
    constant = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees)
    body = 0.5 * (degrees + 1) * np.log1p(squares / degrees).sum()
    return float(len(squares) * constant - body)


def _draw_factor(
    data: GrowthData, state: ChainState, prior: HierarchicalPrior, step: float, rng: Generator
) -> tuple[ChainState, float]:
    """Move the two standard deviations with the factor integrated out, then draw the factor."""
    targets = state.targets
    noise = np.exp(state.scales[1]) + FLOOR
    weight = _weight(data, state, noise, volatility_by_year(data, state))
    u = data.growth + targets.speed[:, None] * (data.before - targets.target[:, None])
    evidence = factor_evidence(np.where(data.seen, u - state.momentum, 0.0), weight, targets.speed)
    first = (prior.drift, prior.drift_std)
    old = np.array([state.factor_std, state.change_std])
    new = old * np.exp(step * rng.standard_normal(2))
    systems = [factor_system(evidence, s, q, first) for s, q in (old, new)]
    ratio = _log_factor(evidence, new, prior, systems[1].log_likelihood) - _log_factor(
        evidence, old, prior, systems[0].log_likelihood
    )
    yes = bool(np.log(rng.random()) < ratio)
    std = new if yes else old
    factor, drift = systems[int(yes)].draw(rng)
    return (
        replace(
            state,
            factor=factor,
            drift=drift,
            factor_std=float(std[0]),
            change_std=float(std[1]),
        ),
        float(yes),
    )


def _log_factor(
    evidence: FactorEvidence, std: Array, prior: HierarchicalPrior, log_likelihood: float
) -> float:
    """Return the log posterior of the logs of the two standard deviations."""
    rate = (SHAPE - 1) * np.array([prior.factor_std, prior.drift_change_std]) ** 2
    # Inverse gamma in the variance; in logs of the standard deviation its power is 2 * shape.
    return float(log_likelihood - (2 * SHAPE * np.log(std) + rate / std**2).sum())
