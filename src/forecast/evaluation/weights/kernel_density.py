"""Log density of a sample of draws at what came."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array


def log_kernel_density(outcome: Array, draws: Array) -> Array:
    """Return the log of a normal kernel estimate at each outcome.

    The bandwidth is 0.9 min(standard deviation, interquartile range / 1.34) m^(-1/5) (Silverman
    1986, equation 3.31).

    Parameters
    ----------
    outcome : (n,)
    draws : (n, m)

    Returns
    -------
    log_density : (n,)
        Nats; of the density per unit of the draws.
    """
    low, high = np.quantile(draws, [0.25, 0.75], axis=1)
    spread = np.minimum(draws.std(axis=1, ddof=1), (high - low) / 1.34)
    width = 0.9 * spread * draws.shape[1] ** -0.2
    exponent = -0.5 * ((outcome[:, None] - draws) / width[:, None]) ** 2
    top = exponent.max(axis=1)
    kernel = np.exp(exponent - top[:, None]).mean(axis=1) / (width * np.sqrt(2 * np.pi))
    return np.asarray(top + np.log(kernel))
