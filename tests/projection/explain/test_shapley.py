"""Shapley values: axioms, games with known solutions, and what is refused."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from forecast.errors import ProjectionError
from forecast.projection.explain.shapley import closed_variance, members, shapley_values


def _by_orders(worth: np.ndarray) -> np.ndarray:
    """Return the mean addition of each player over all orders, one order after the other."""
    players = len(worth).bit_length() - 1
    added = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        inside = 0
        for player in order:
            added[player] += worth[inside | 1 << player] - worth[inside]
            inside |= 1 << player
    return added / len(orders)


def test_values_are_the_mean_over_all_orders() -> None:
    """The formula by coalition sizes equals the definition by orders, for a game of five."""
    worth = np.random.default_rng(1).standard_normal(32)

    np.testing.assert_allclose(shapley_values(worth), _by_orders(worth), rtol=1e-12)


def test_values_sum_to_the_whole() -> None:
    """Efficiency: what all together add is divided without rest, in every column."""
    worth = np.random.default_rng(2).standard_normal((64, 3))

    np.testing.assert_allclose(shapley_values(worth).sum(axis=0), worth[-1] - worth[0], rtol=1e-12)


def test_a_player_that_adds_nothing_gets_nothing() -> None:
    """Dummy: player 1 changes no coalition's worth, so its value is zero exactly."""
    pairs = np.random.default_rng(3).standard_normal(4)
    worth = np.array([pairs[(u & 1) + 2 * (u >> 2)] for u in range(8)])

    assert shapley_values(worth)[1] == 0


def test_exchangeable_players_get_the_same() -> None:
    """Symmetry: worth by size alone gives equal values."""
    worth = members(4).sum(axis=1).astype(float) ** 2

    np.testing.assert_allclose(shapley_values(worth), 4.0, rtol=1e-12)


def test_glove_game() -> None:
    """One left and two right gloves, a pair being worth one: 2/3, 1/6 and 1/6."""
    worth = np.array([float((u & 1) and u > 1) for u in range(8)])

    np.testing.assert_allclose(shapley_values(worth), [2 / 3, 1 / 6, 1 / 6], rtol=1e-12)


def test_airport_game() -> None:
    """A runway costs what its largest user needs: each part is shared by those who need it.

    Littlechild and Owen (1973): player i pays sum over j <= i of (c_j - c_{j-1}) / (n - j + 1).
    """
    costs = np.array([1.0, 3.0, 4.0, 9.0])
    worth = np.array([max([0.0, *costs[row]]) for row in members(4)])

    expected = np.cumsum(np.diff(costs, prepend=0.0) / np.arange(4, 0, -1))
    np.testing.assert_allclose(shapley_values(worth), expected, rtol=1e-12)


@pytest.mark.parametrize("rows", [3, 512])
def test_wrong_counts_are_refused(rows: int) -> None:
    """A number of coalitions that is no power of two, or more than eight players, is an error."""
    with pytest.raises(ProjectionError, match="must be 2\\^k with k up to 8"):
        shapley_values(np.zeros(rows))


def test_closed_variance_of_exact_covariances() -> None:
    """From the exact covariances of Y = X1 + X2 X3 it is exact.

    Y_a and Y_b share X1 where bit 0 agrees (variance 1) and the product where bits 1 and 2 do.
    """
    agree = ~(np.arange(8)[:, None] ^ np.arange(8)) & 7
    products = (agree & 1) + (agree >> 1 == 3).astype(float)

    np.testing.assert_array_equal(closed_variance(products), [0, 1, 0, 1, 0, 1, 1, 2])
