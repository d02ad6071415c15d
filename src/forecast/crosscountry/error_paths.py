"""How a forecast's errors at several horizons move together."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array

MIN_VECTORS = 30


def path_shocks(errors: Array, degrees: Array, draws: int, rng: Generator) -> Array:
    """Return standardised joint errors (draws, P), each horizon's margin a Student t.

    A path of an economy is its point at each horizon plus its scale there times a row. Rows keep
    the ranks of past error vectors (one economy, one start, all horizons): their dependence is
    that of the past, their margins are those of the density forecasts.

    Parameters
    ----------
    errors : (P, M)
        Past errors over their scale, of M past pairs at P horizons; NaN where not known.
    degrees : (P,)
        Of the margins.
    draws : int
    rng : numpy.random.Generator
        Of which vectors are drawn; left advanced.

    Returns
    -------
    numpy.ndarray
        With fewer than 30 whole vectors, one shock for all horizons: averages over nested years
        move together.

    References
    ----------
    Clark, M. et al. (2004), The Schaake shuffle, Journal of Hydrometeorology 5.
    """
    from scipy.special import stdtrit

    whole = errors[:, np.isfinite(errors).all(axis=0)]
    if whole.shape[1] < MIN_VECTORS:
        chance = np.tile(rng.uniform(size=(draws, 1)), len(degrees))
        return np.asarray(stdtrit(degrees, chance))
    count = whole.shape[1]
    ranks = whole.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    chosen = rng.choice(count, size=draws, replace=count < draws)
    return np.asarray(stdtrit(degrees, (ranks[:, chosen].T + 0.5) / count))
