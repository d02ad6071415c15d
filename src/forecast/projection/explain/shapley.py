"""Shapley values by exact enumeration, and the variance that groups of inputs explain."""

from __future__ import annotations

from math import comb

import numpy as np

from forecast.arrays import Array, Mask
from forecast.errors import ProjectionError

MOST_PLAYERS = 8


def shapley_values(worth: Array) -> Array:
    """Return each player's Shapley value from the worth of every coalition.

    The mean over all orders in which players join of what a player adds (Shapley 1953):
    sum over u without i of |u|! (k - |u| - 1)! / k! (v(u + i) - v(u)). The values sum to
    v(all) - v(none), a player that never adds anything gets zero, and players that can be
    exchanged get the same.

    Parameters
    ----------
    worth : (2^k, ...)
        Row u holds the worth of the coalition whose members are the bits set in u.

    Returns
    -------
    (k, ...)

    Raises
    ------
    ProjectionError
        If the number of rows is not a power of two, or above 2^`MOST_PLAYERS`.
    """
    players = players_of(worth)
    subsets = np.arange(len(worth))
    size = members(players).sum(axis=1)
    values = np.empty((players, *worth.shape[1:]))
    for player in range(players):
        without = subsets[(subsets >> player) & 1 == 0]
        weight = np.array([1 / (players * comb(players - 1, size[u])) for u in without])
        values[player] = np.tensordot(weight, worth[without | 1 << player] - worth[without], 1)
    return values


def members(players: int) -> Mask:
    """Return which players are in each coalition, (2^k, k)."""
    return np.asarray((np.arange(2**players)[:, None] >> np.arange(players)) & 1 == 1)


def players_of(worth: Array) -> int:
    """Return k for 2^k rows; ProjectionError if there is none up to `MOST_PLAYERS`."""
    players = len(worth).bit_length() - 1
    if len(worth) != 2**players or players > MOST_PLAYERS:
        raise ProjectionError(
            f"Shapley values: {len(worth)} coalitions, must be 2^k with k up to {MOST_PLAYERS}"
        )
    return players


def closed_variance(products: Array) -> Array:
    """Return the variance of the conditional mean given each group of inputs.

    v(u) = Var(E[Y | X_u]) is the covariance of two evaluations that share the inputs in u and
    have independent copies of the others (pick-freeze: Sobol 2001, Janon et al. 2014). With two
    copies of every input, Y_a takes the first copy of the inputs in a and the second of the
    others; Y_a and Y_b share the inputs on which a and b agree, so that all 2^k evaluations
    together give 2^k ordered pairs for every u, whose mean is returned. v(none) is zero by its
    definition, not by its estimate.

    Parameters
    ----------
    products : (2^k, 2^k, ...)
        Covariances of the evaluations Y_a and Y_b.

    Returns
    -------
    (2^k, ...)
        The last row is the variance of Y.
    """
    players = players_of(products)
    every = np.arange(2**players)
    unshared = every[-1] - every
    worth = np.stack([products[every, every ^ other].mean(axis=0) for other in unshared])
    worth[0] = 0.0
    return worth
