"""Several chains of the hierarchical growth model, and how well they have met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array
from forecast.randomness.tasks import in_parallel
from forecast.timeseries.hierarchical.chain_diagnostics import bulk_size, split_r_hat, tail_size
from forecast.timeseries.hierarchical.posterior import DEFAULT_PRIOR, hierarchical_posterior
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling

SWEEP_SECONDS = 0.005
GROWTH_AHEAD = "growth_10_years"
SCALARS = (
    "drift", "factor_std", "drift_change_std", "persistence", "tails", "volatility_memory",
    "volatility_change",
)  # fmt: skip


def hierarchical_chains(panel: LevelPanel, seed: int, sampling: Sampling) -> HierarchicalPosterior:
    """Return the draws of ``sampling.chains`` chains, one chain after the other, and their mixing.

    One chain starts from the priors' centres; several from places as far apart as the priors say.
    Each has its own stream of random numbers, so that the number of processes changes nothing.

    Parameters
    ----------
    panel : LevelPanel
    seed : int
    sampling : Sampling

    Returns
    -------
    HierarchicalPosterior
        ``mixing`` holds every common parameter and, as ``growth_10_years``, each economy's
        expected growth over ten years.

    Raises
    ------
    EstimationError
        If a linear system is not positive definite.
    """
    rng = np.random.default_rng(seed)
    if sampling.chains == 1:
        return hierarchical_posterior(panel, rng, sampling=sampling)
    streams = rng.spawn(sampling.chains)
    seconds = SWEEP_SECONDS * (sampling.burn + sampling.draws * sampling.thin)
    tasks = [(panel, stream, sampling) for stream in streams]
    # A chain returns ten megabytes: they stay on this machine.
    merged = _merged(in_parallel(_one, tasks, seconds=seconds, here=True))
    return replace(merged, mixing=_mixing(merged, sampling.chains))


def _one(panel: LevelPanel, stream: Generator, sampling: Sampling) -> HierarchicalPosterior:
    return hierarchical_posterior(panel, stream, DEFAULT_PRIOR, sampling, apart=True)


def _merged(chains: list[HierarchicalPosterior]) -> HierarchicalPosterior:
    first = chains[0]
    drawn: dict[str, Any] = {
        field.name: np.concatenate([getattr(one, field.name) for one in chains])
        for field in fields(first)
        if field.name != "years" and isinstance(getattr(first, field.name), np.ndarray)
    }
    hyper = {name: np.concatenate([one.hyper[name] for one in chains]) for name in first.hyper}
    return replace(first, **drawn, hyper=hyper)


def _mixing(posterior: HierarchicalPosterior, chains: int) -> dict[str, Array]:
    """Return split R-hat and effective draws in the bulk and in the tails, by quantity."""
    read: Mapping[str, Array] = {
        **{name: getattr(posterior, name) for name in SCALARS},
        **posterior.hyper,
    }
    told = {name: mixing_of(draws.reshape(chains, -1)) for name, draws in read.items()}
    growth = expected_growth(posterior, 10)
    return {
        **told,
        GROWTH_AHEAD: np.array([mixing_of(one.reshape(chains, -1)) for one in growth.T]),
    }


def mixing_of(draws: Array) -> Array:
    """Return split R-hat and effective draws in the bulk and in the tails, of (chains, draws)."""
    return np.array([split_r_hat(draws), bulk_size(draws), tail_size(draws)])


def expected_growth(posterior: HierarchicalPosterior, horizon: int) -> Array:
    """Return average growth (draws, N), % a year, that each draw expects without new shocks."""
    level, momentum = posterior.level.copy(), posterior.momentum
    gap = level - posterior.factor[:, None] - posterior.target
    kept, drift = posterior.persistence[:, None], posterior.drift[:, None]
    for _ in range(horizon):
        momentum = kept * momentum
        step = momentum - posterior.speed * gap
        level, gap = level + drift + step, gap + step
    return np.asarray((level - posterior.level) / horizon)
