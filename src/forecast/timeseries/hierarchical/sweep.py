"""One sweep of the hierarchical growth model's sampler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from scipy.special import gammaln

from forecast.arrays import Array
from forecast.timeseries.hierarchical.factor import (
    FactorEvidence,
    factor_evidence,
    factor_system,
)
from forecast.timeseries.hierarchical.momentum import MomentumSystem, momentum_system
from forecast.timeseries.hierarchical.record import HierarchicalPrior, Spread
from forecast.timeseries.hierarchical.state import ChainState, GrowthData, volatility_by_year
from forecast.timeseries.hierarchical.targets import (
    SHAPE,
    Targets,
    draw_clubs,
    inverse_gamma_std,
    target_table,
)
from forecast.timeseries.hierarchical.volatility import (
    Shocks,
    draw_volatility,
    trade_volatility,
)

BLOCKS = ("pair", "persistence", "tilt", "factor", "volatility", "volatility_common")


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
    growth, gap = _around_factor(data, state)
    state, system, accepted["pair"] = _draw_scales(data, state, growth, gap, steps["pair"], rng)
    state, system, accepted["persistence"] = _draw_persistence(
        data, state, system, growth, gap, prior, steps["persistence"], rng
    )
    state, targets, accepted["tilt"] = _draw_tilt(
        state, system, (growth, gap), data.leader, prior, steps["tilt"], rng
    )
    growth, gap = _around_factor(data, state)
    residual = _residual(targets, growth, gap)
    state = replace(
        state,
        targets=targets,
        clubs=draw_clubs(targets, state.clubs, prior, data.leader, rng),
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
    state, moves = _draw_shocks(data, state, residual, prior, steps, rng)
    accepted |= moves
    state, accepted["factor"] = _draw_factor(data, state, prior, steps["factor"], rng)
    return state, accepted


def _around_factor(data: GrowthData, state: ChainState) -> tuple[Array, Array]:
    """Return growth less the factor's (N, T), and the level less the factor's a year before."""
    past = np.concatenate([[0.0], state.factor[:-1]])
    growth = np.where(data.seen, data.growth - (state.factor - past), 0.0)
    return growth, np.where(data.seen, data.before - past, 0.0)


def _weight(data: GrowthData, state: ChainState, noise: Array, volatility: Array) -> Array:
    return np.where(data.seen, 1 / ((noise[:, None] * volatility) ** 2 * state.mixing), 0.0)


def _residual(targets: Targets, growth: Array, gap: Array) -> Array:
    return np.asarray(growth + targets.speed[:, None] * (gap - targets.target[:, None]))


def _system(data: GrowthData, state: ChainState) -> MomentumSystem:
    std, noise = np.exp(state.scales)
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
        system.log_likelihood(residual) - years * s.scales[1] + _log_normal(s.scales, s.hyper)
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


def _draw_tilt(
    state: ChainState,
    system: MomentumSystem,
    around: tuple[Array, Array],
    leader: int,
    prior: HierarchicalPrior,
    step: float,
    rng: Generator,
) -> tuple[ChainState, Targets, float]:
    """Tilt the factor's path and the groups' means together, then draw targets.

    A steeper factor with lower targets says almost the same of growth: catching up is slower and
    the frontier faster. Drawn one after the other they would hardly move, so the tilt is judged
    with speeds, groups, targets and momentum integrated out.
    """
    tilt = step * rng.standard_normal()
    fall = tilt * float(np.exp(rng.uniform(np.log(30), np.log(300))))
    (growth, gap), clubs = around, state.clubs
    lower = replace(clubs, means=clubs.means - fall, centre=clubs.centre - fall)
    years = np.arange(growth.shape[1], dtype=np.float64)
    old = target_table(system, growth, gap, clubs, prior, leader)
    new = target_table(system, growth - tilt, gap - tilt * years, lower, prior, leader)
    drift = state.drift[0] - prior.drift
    ratio = new.log_evidence - old.log_evidence
    ratio -= ((drift + tilt) ** 2 - drift**2) / (2 * prior.drift_std**2)
    z = (np.array([lower.centre, clubs.centre]) - prior.target) / prior.target_std
    ratio -= 0.5 * float(z[0] ** 2 - z[1] ** 2)
    if np.log(rng.random()) >= ratio:
        return state, old.draw(rng), 0.0
    moved = replace(
        state, factor=state.factor + tilt * (years + 1), drift=state.drift + tilt, clubs=lower
    )
    return moved, new.draw(rng), 1.0


def _draw_spread(values: Array, old: Array, prior: Spread, rng: Generator) -> Array:
    """Draw centre and spread of values that are normal over economies."""
    precision = len(values) / old[1] ** 2 + 1 / prior.centre_std**2
    mean = (values.sum() / old[1] ** 2 + prior.centre / prior.centre_std**2) / precision
    centre = mean + rng.standard_normal() / np.sqrt(precision)
    return np.array([centre, inverse_gamma_std(values - centre, prior.spread, rng)])


def _draw_shocks(
    data: GrowthData,
    state: ChainState,
    residual: Array,
    prior: HierarchicalPrior,
    steps: Mapping[str, float],
    rng: Generator,
) -> tuple[ChainState, dict[str, float]]:
    """Draw degrees of freedom and volatility, then the mixing variances of annual shocks.

    The first two with the mixing variances integrated out.
    """
    std, noise = np.exp(state.scales)
    m, phi = state.momentum, state.persistence
    kicks = m / std[:, None]
    kicks[:, 1:] = (m[:, 1:] - phi * m[:, :-1]) / (std[:, None] * np.sqrt(1 - phi**2))
    raw = np.where(data.seen, ((residual - m) / noise[:, None]) ** 2, 0.0)
    place = _move_tails((raw / volatility_by_year(data, state) ** 2)[data.seen], state, prior, rng)
    tails = prior.tails[place]
    shocks = Shocks(kicks=kicks**2, noise=raw, seen=data.seen, tails=tails, block=data.block)
    pair = steps["volatility"], steps["volatility_common"]
    volatility, own, common = draw_volatility(state.volatility, shocks, prior, pair, rng)
    volatility, scales = trade_volatility(volatility, state.scales, state.hyper, rng)
    state = replace(state, volatility=volatility, scales=scales, tails_place=place, tails=tails)
    scale = (np.exp(scales[1])[:, None] * volatility_by_year(data, state))[data.seen]
    squares = ((residual - m)[data.seen] / scale) ** 2
    mixing = np.ones_like(m)
    gamma = rng.standard_gamma((tails + 1) / 2, size=len(squares))
    mixing[data.seen] = (tails + squares) / (2 * gamma)
    return (
        replace(state, mixing=mixing),
        {"volatility": own, "volatility_common": common},
    )


def _move_tails(squares: Array, state: ChainState, prior: HierarchicalPrior, rng: Generator) -> int:
    """Return the place of the degrees of freedom after a step on their grid."""
    place = state.tails_place
    # Mostly a step, sometimes anywhere.
    step = int(rng.integers(-4, 5))
    moved = place + step if rng.random() < 0.75 else int(rng.integers(len(prior.tails)))
    if not 0 <= moved < len(prior.tails):
        return place
    old, new = (_log_t(squares, prior.tails[i]) for i in (place, moved))
    return moved if np.log(rng.random()) < new - old else place


def _log_t(squares: Array, degrees: float) -> float:
    constant = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees)
    body = 0.5 * (degrees + 1) * np.log1p(squares / degrees).sum()
    return float(len(squares) * constant - body)


def _draw_factor(
    data: GrowthData, state: ChainState, prior: HierarchicalPrior, step: float, rng: Generator
) -> tuple[ChainState, float]:
    """Move the two standard deviations with the factor integrated out, then draw the factor."""
    targets = state.targets
    noise = np.exp(state.scales[1])
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
    system = systems[int(yes)]
    factor, drift = system.draw(rng)
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
