"""The sampler of the hierarchical growth model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.timeseries.hierarchical.record import (
    HierarchicalPosterior,
    HierarchicalPrior,
    LevelPanel,
    Sampling,
)
from forecast.timeseries.hierarchical.state import (
    ChainState,
    GrowthData,
    dispersed,
    first_state,
    growth_data,
)
from forecast.timeseries.hierarchical.sweep import BLOCKS, sweep_once

DEFAULT_PRIOR = HierarchicalPrior()
DEFAULT_SAMPLING = Sampling()
# Acceptance that step sizes adapt to, for a few coordinates at once or one (Gelman, Roberts and
# Gilks, 1996).
ACCEPT = dict(zip(BLOCKS, (0.3, 0.4, 0.4, 0.3, 0.4, 0.4), strict=True))


def hierarchical_posterior(
    panel: LevelPanel,
    rng: Generator,
    prior: HierarchicalPrior = DEFAULT_PRIOR,
    sampling: Sampling = DEFAULT_SAMPLING,
    *,
    apart: bool = False,
) -> HierarchicalPosterior:
    """Return posterior draws of the hierarchical growth model.

    y_it = f_t + c_it, with the common factor f a random walk whose drift is one too, and

    c_it - c_i,t-1 = -speed_i (c_i,t-1 - target_i) + m_it + e_it,
    m_it = persistence m_i,t-1 + u_it, e_it ~ t(tails) noise_i.

    u_it and e_it are multiplied by a volatility that changes from block to block of years.
    Targets are normal around the mean of a latent group, groups' means around a common one;
    half-lives, momentum's and shocks' sizes are log-normal over economies with unknown means and
    spreads. In the spirit of Müller, Stock and Watson (2022, Review of Economics and Statistics
    104), not their model: see docs/methods/hierarchical_growth.md.

    Gibbs sampling; sizes, persistence, speeds, groups and targets are drawn with the momentum
    integrated out, the factor's standard deviations with the factor integrated out. Years before
    an economy's first and after its last are integrated out; a level after a hole is taken as
    given, as the first one is.

    Parameters
    ----------
    panel : LevelPanel
        Its last year is the one that states are returned for.
    rng, prior, sampling
    apart : bool
        Whether the chain starts from a random place in place of the priors' centres.

    Returns
    -------
    HierarchicalPosterior

    Raises
    ------
    EstimationError
        If a linear system is not positive definite.
    """
    data = growth_data(panel, prior.block)
    state = first_state(data, prior)
    if apart:
        state = dispersed(state, prior, rng)
    steps = dict.fromkeys(ACCEPT, 0.4)
    kept: list[tuple[ChainState, Array]] = []
    for sweep in range(sampling.burn + sampling.draws * sampling.thin):
        state, accepted = sweep_once(data, state, prior, steps, rng)
        if sweep < sampling.burn:
            _adapt(steps, accepted, sweep)
        elif (sweep - sampling.burn + 1) % sampling.thin == 0:
            # Arrays by year are a hundred times the rest, and only momentum's last year is asked.
            slim = replace(
                state, momentum=state.momentum[:, -1:].copy(), mixing=state.mixing[:, :0].copy()
            )
            kept.append((slim, _last_level(panel, data, state, rng)))
    return _collect(panel, kept, data.centre, prior.block)


def _adapt(steps: dict[str, float], accepted: dict[str, float], sweep: int) -> None:
    """Move step sizes towards the aims of acceptance (Robbins and Monro, 1951)."""
    for name, share in accepted.items():
        gain = min(0.5, 5 / (sweep + 1) ** 0.6)
        steps[name] = float(np.clip(steps[name] * np.exp(gain * (share - ACCEPT[name])), 1e-3, 3.0))


def _last_level(panel: LevelPanel, data: GrowthData, state: ChainState, rng: Generator) -> Array:
    """Return levels (N,) in the last year; where not known, run on from the last known year."""
    known = np.isfinite(panel.levels)
    n, size = known.shape
    last = size - 1 - known[:, ::-1].argmax(axis=1)
    # The level is linear in what has come since: no loop over years.
    row, t = np.nonzero(np.arange(1, size) > last[:, None])
    past = np.concatenate([[0.0], state.factor[:-1]])
    chi = 2 * rng.standard_gamma(state.tails / 2, size=len(row)) / state.tails
    scale = np.exp(state.scales[1])[row] * np.exp(state.volatility.log[row, data.block[t]])
    shock = scale * rng.standard_normal(len(row)) / np.sqrt(chi)
    speed, target = state.targets.speed, state.targets.target
    step = state.factor[t] - past[t] + state.momentum[row, t] + shock
    step += speed[row] * (past[t] + target[row])
    kept = (1 - speed[row]) ** (size - 2 - t)
    start = panel.levels[np.arange(n), last] - data.centre
    level = start * (1 - speed) ** (size - 1 - last)
    return np.asarray(level + np.bincount(row, weights=kept * step, minlength=n) + data.centre)


def _collect(
    panel: LevelPanel, kept: list[tuple[ChainState, Array]], centre: float, block: int
) -> HierarchicalPosterior:
    states = [state for state, _ in kept]
    if not states:
        raise EstimationError("hierarchical: no draws were asked for")
    scales = np.array([np.exp(s.scales) for s in states])
    factor = np.array([s.factor for s in states]) + centre
    drift = np.array([s.drift for s in states])
    hyper = {
        "momentum_centre": np.array([s.hyper[0, 0] for s in states]),
        "momentum_spread": np.array([s.hyper[0, 1] for s in states]),
        "noise_centre": np.array([s.hyper[1, 0] for s in states]),
        "noise_spread": np.array([s.hyper[1, 1] for s in states]),
        "half_life": np.array([s.clubs.half_life for s in states]),
        "half_life_spread": np.array([s.clubs.half_life_spread for s in states]),
        "target_mean": np.array([s.targets.target.mean() for s in states]),
        "target_std": np.array([s.targets.target.std() for s in states]),
        "within": np.array([s.clubs.within for s in states]),
        "between": np.array([s.clubs.between for s in states]),
    }
    return HierarchicalPosterior(
        countries=panel.countries,
        last_year=int(panel.years[-1]),
        factor=factor[:, -1],
        drift=drift[:, -1],
        factor_std=np.array([s.factor_std for s in states]),
        drift_change_std=np.array([s.change_std for s in states]),
        persistence=np.array([s.persistence for s in states]),
        tails=np.array([s.tails for s in states]),
        level=np.array([level for _, level in kept]),
        momentum=np.array([s.momentum[:, -1] for s in states]),
        momentum_std=scales[:, 0],
        noise=scales[:, 1],
        volatility=np.array([s.volatility.log[:, -1] for s in states]),
        volatility_memory=np.array([s.volatility.memory for s in states]),
        volatility_change=np.array([s.volatility.change for s in states]),
        block=block,
        speed=np.array([s.targets.speed for s in states]),
        target=np.array([s.targets.target for s in states]),
        hyper=hyper,
        years=panel.years[1:],
    )
