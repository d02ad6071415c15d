"""What the hierarchical growth model's chain reads, and what it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Integers, Mask
from forecast.timeseries.hierarchical.record import HierarchicalPrior, LevelPanel
from forecast.timeseries.hierarchical.targets import Clubs, Targets, first_clubs, speeds
from forecast.timeseries.hierarchical.volatility import Volatility, blocks, first_volatility


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthData:
    """Growth (N, T) and the level a year before, zero where not seen; which are seen.

    ``block`` (T,) is each year's block of equal volatility.
    """

    growth: Array
    before: Array
    seen: Mask
    centre: float
    block: Integers
    leader: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """One sweep's end.

    ``scales`` (2, N) and ``hyper`` (2, 2: centre, spread) have rows momentum and noise, in logs.
    """

    factor: Array
    drift: Array
    factor_std: float
    change_std: float
    targets: Targets
    clubs: Clubs
    momentum: Array
    scales: Array
    hyper: Array
    persistence: float
    tails_place: int
    tails: float
    mixing: Array
    volatility: Volatility


def growth_data(panel: LevelPanel, block: int) -> GrowthData:
    """Return the arrays of the sampler, levels less the leader's first."""
    growth = np.diff(panel.levels, axis=1)
    seen = np.isfinite(growth)
    known = panel.levels[panel.row]
    centre = float(known[np.isfinite(known)][0])
    before = panel.levels[:, :-1] - centre
    return GrowthData(
        growth=np.where(seen, growth, 0.0),
        before=np.where(seen, before, 0.0),
        seen=seen,
        centre=centre,
        block=blocks(growth.shape[1], block),
        leader=panel.row,
    )


def first_state(data: GrowthData, prior: HierarchicalPrior) -> ChainState:
    """Return the state that the chain starts from: priors' centres, the factor at its drift."""
    n, t = data.growth.shape
    place = np.full(n, len(prior.half_lives) // 2)
    hyper = np.array([[s.centre, s.spread] for s in (prior.momentum, prior.noise)])
    return ChainState(
        factor=prior.drift * np.arange(1.0, t + 1),
        drift=np.full(t, prior.drift),
        factor_std=prior.factor_std,
        change_std=prior.drift_change_std,
        targets=Targets(
            place=place,
            speed=speeds(prior)[place],
            group=np.zeros(n, dtype=np.int64),
            target=np.full(n, prior.target),
        ),
        clubs=first_clubs(prior),
        momentum=np.zeros((n, t)),
        scales=np.repeat(hyper[:, :1], n, axis=1),
        hyper=hyper,
        persistence=prior.persistence,
        tails_place=len(prior.tails) // 2,
        tails=prior.tails[len(prior.tails) // 2],
        mixing=np.ones((n, t)),
        volatility=first_volatility(n, data.block, prior),
    )


def dispersed(state: ChainState, prior: HierarchicalPrior, rng: Generator) -> ChainState:
    """Return a state apart from others', for a chain that is to meet theirs.

    Sizes, persistence, tails, the factor's deviations and the groups' common mean are drawn as
    widely as the prior allows, which is wider than what data leave.
    """
    z = rng.standard_normal(6)
    place = int(rng.integers(len(prior.tails)))
    odds = prior.persistence / (1 - prior.persistence) * np.exp(prior.persistence_std * z[0])
    stds = np.array([prior.momentum.centre_std, prior.noise.centre_std])
    shift = (stds * z[1:3])[:, None]
    fall = prior.target_std * z[3]
    return replace(
        state,
        persistence=float(odds / (1 + odds)),
        tails_place=place,
        tails=prior.tails[place],
        scales=state.scales + shift,
        hyper=state.hyper + np.hstack([shift, np.zeros((2, 1))]),
        factor_std=prior.factor_std * float(np.exp(z[4])),
        change_std=prior.drift_change_std * float(np.exp(z[5])),
        targets=replace(state.targets, target=state.targets.target + fall),
        clubs=replace(
            state.clubs, means=state.clubs.means + fall, centre=state.clubs.centre + fall
        ),
    )


def volatility_by_year(data: GrowthData, state: ChainState) -> Array:
    """Return volatility (N, T)."""
    return np.asarray(np.exp(state.volatility.log)[:, data.block])
