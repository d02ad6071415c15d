"""Paths of output from draws of the hierarchical growth model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Integers
from forecast.errors import EstimationError, unknown
from forecast.randomness.streams import Randomness, paired
from forecast.timeseries.hierarchical.record import HierarchicalPosterior


def hierarchical_paths(
    posterior: HierarchicalPosterior,
    countries: Sequence[str],
    horizon: int,
    draws: int,
    rng: Randomness,
) -> Array:
    """Return joint paths of log output from the posterior's last year on.

    Each path takes one posterior draw; where more are asked for than there are, all are used
    equally often, up to one, each time with new shocks. Economies share the factor's path.

    Parameters
    ----------
    posterior : HierarchicalPosterior
    countries : sequence of str
        N economies of the posterior.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks

    Returns
    -------
    numpy.ndarray
        (draws, N, horizon + 1) log output x 100; the first is the last year's level.

    Raises
    ------
    EstimationError
        If an economy is not in the posterior.
    """
    for code in countries:
        if code not in posterior.countries:
            raise EstimationError(f"hierarchical: {unknown(code, posterior.countries, 'economy')}")
    columns = np.array([posterior.countries.index(code) for code in countries])
    streams = paired(rng)
    picked = streams.parameters.permutation(np.arange(draws) % posterior.size)
    return _simulate(posterior, columns, picked, horizon, streams.shocks)


def _simulate(
    posterior: HierarchicalPosterior,
    columns: Integers,
    picked: Integers,
    horizon: int,
    rng: Generator,
) -> Array:
    """Return paths (draws, N, horizon + 1) of the economies in ``columns``, one a picked draw."""
    level, momentum, std, noise, volatility, speed, target = (
        values[np.ix_(picked, columns)]
        for values in (
            posterior.level,
            posterior.momentum,
            posterior.momentum_std,
            posterior.noise,
            posterior.volatility,
            posterior.speed,
            posterior.target,
        )
    )
    persistence, memory, change, tails = (
        values[picked][:, None]
        for values in (
            posterior.persistence,
            posterior.volatility_memory,
            posterior.volatility_change,
            posterior.tails,
        )
    )
    factor, drift = posterior.factor[picked], posterior.drift[picked]
    innovation = std * np.sqrt(1 - persistence**2)
    # Gammas take as many numbers as they please: apart, or they would shift the normals.
    mixing = rng.spawn(1)[0]
    shape = level.shape
    out = np.empty((*shape, horizon + 1))
    out[:, :, 0] = level
    for h in range(1, horizon + 1):
        if (h - 1) % posterior.block == 0:
            volatility = memory * volatility + change * rng.standard_normal(shape)
        now = np.exp(volatility)
        common = rng.standard_normal((2, shape[0]))
        drift = drift + posterior.drift_change_std[picked] * common[0]
        step = drift + posterior.factor_std[picked] * common[1]
        momentum = persistence * momentum + innovation * now * rng.standard_normal(shape)
        chi = 2 * mixing.standard_gamma(np.broadcast_to(tails / 2, shape)) / tails
        shock = noise * now * rng.standard_normal(shape) / np.sqrt(chi)
        pull = speed * (level - factor[:, None] - target)
        level = level + step[:, None] + momentum - pull + shock
        factor = factor + step
        out[:, :, h] = level
    return out
