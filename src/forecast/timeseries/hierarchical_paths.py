"""Paths of output from draws of the hierarchical growth model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.errors import EstimationError, unknown
from forecast.timeseries.hierarchical_record import HierarchicalPosterior

Array = NDArray[np.float64]


def hierarchical_paths(
    posterior: HierarchicalPosterior,
    countries: Sequence[str],
    horizon: int,
    draws: int,
    rng: Generator,
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
    rng : numpy.random.Generator

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
    columns = [posterior.countries.index(code) for code in countries]
    picked = rng.permutation(np.arange(draws) % posterior.size)
    n = len(columns)
    factor, drift = posterior.factor[picked], posterior.drift[picked]
    level, momentum, std, noise, volatility, speed, target = (
        values[picked][:, columns]
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
    persistence, tails = posterior.persistence[picked], posterior.tails[picked]
    memory = posterior.volatility_memory[picked][:, None]
    change = posterior.volatility_change[picked][:, None]
    innovation = std * np.sqrt(1 - persistence**2)[:, None]
    out = np.empty((draws, n, horizon + 1))
    out[:, :, 0] = level
    for h in range(1, horizon + 1):
        if (h - 1) % posterior.block == 0:
            volatility = memory * volatility + change * rng.standard_normal((draws, n))
        now = np.exp(volatility)
        common = rng.standard_normal((2, draws))
        drift = drift + posterior.drift_change_std[picked] * common[0]
        step = drift + posterior.factor_std[picked] * common[1]
        kick = innovation * now * rng.standard_normal((draws, n))
        momentum = persistence[:, None] * momentum + kick
        chi = 2 * rng.standard_gamma(np.broadcast_to(tails[:, None] / 2, (draws, n)))
        shock = noise * now * rng.standard_normal((draws, n)) / np.sqrt(chi / tails[:, None])
        pull = speed * (level - factor[:, None] - target)
        level = level + step[:, None] + momentum - pull + shock
        factor = factor + step
        out[:, :, h] = level
    return out
