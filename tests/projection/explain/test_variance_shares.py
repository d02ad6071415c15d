"""Shapley effects by pick-freeze: closed forms, published indices, honest standard errors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from forecast.projection.explain.decomposition import VarianceShares, variance_shares
from forecast.projection.explain.shapley import members

Model = Callable[[np.ndarray], np.ndarray]


def _found(model: Model, inputs: np.ndarray, names: tuple[str, ...]) -> VarianceShares:
    """Return the shares of ``model``; ``inputs`` is (2 copies, factors, draws)."""
    values = [
        model(np.where(row[:, None], inputs[0], inputs[1])) for row in members(inputs.shape[1])
    ]
    return variance_shares(np.stack(values)[:, None, :], names)


def _ishigami(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def _within(found: VarianceShares, measure: str, expected: list[float]) -> None:
    """Hold shares within four of their own standard errors (one in 16,000 if normal)."""
    away = np.abs(found.shares[measure][:, 0] - expected)
    assert (away < 4 * found.errors[measure][:, 0]).all(), (measure, found.shares[measure][:, 0])
    assert (found.errors[measure][:, 0] < 0.03).all()  # an error so large would accept anything


def test_ishigami_function() -> None:
    """Indices of Ishigami and Homma (1990), a = 7, b = 0.1, on uniform(-pi, pi).

    First order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437; of V1 = (1 + b pi^4/5)^2 / 2,
    V2 = a^2/8 and V13 = 8 b^2 pi^8 / 225 Shapley gives half the interaction to each of its two.
    """
    x = np.random.default_rng(5).uniform(-np.pi, np.pi, (2, 3, 8000))

    found = _found(_ishigami, x, ("a", "b", "c"))

    _within(found, "alone", [0.3139, 0.4424, 0.0])
    _within(found, "total", [0.5576, 0.4424, 0.2437])
    _within(found, "shapley", [0.3139 + 0.2437 / 2, 0.4424, 0.2437 / 2])
    v1, v2, v13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
    assert abs(found.variance[0] / (v1 + v2 + v13) - 1) < 0.05  # of kurtosis 3.5: 1 % is one s.e.


def test_shares_sum_to_one() -> None:
    """Whatever the sample, the Shapley effects sum to one, rounding apart."""
    x = np.random.default_rng(6).standard_normal((2, 3, 80))

    found = _found(_ishigami, x, ("a", "b", "c"))

    np.testing.assert_allclose(found.shares["shapley"].sum(axis=0), 1.0, rtol=1e-12)


def test_additive_model() -> None:
    """Without interactions all three measures are the factor's share of the variance."""
    x = np.random.default_rng(7).standard_normal((2, 3, 8000))
    weights = np.sqrt([[0.6], [0.3], [0.1]])

    found = _found(lambda z: (weights * z).sum(axis=0), x, ("a", "b", "c"))

    for measure in ("shapley", "alone", "total"):
        _within(found, measure, [0.6, 0.3, 0.1])


def test_pure_interaction() -> None:
    """Of a product of two centred factors neither explains anything alone, each half in all."""
    x = np.random.default_rng(8).standard_normal((2, 2, 8000))

    found = _found(lambda z: z[0] * z[1], x, ("a", "b"))

    _within(found, "shapley", [0.5, 0.5])
    _within(found, "alone", [0.0, 0.0])
    _within(found, "total", [1.0, 1.0])


def test_standard_errors_are_those_of_repetition() -> None:
    """Over 100 repetitions the mean reported error is near the spread of the estimates.

    The spread of 100 repetitions is itself known to 7 %, and the jackknife is biased upward.
    """
    rng = np.random.default_rng(9)
    found = [
        _found(_ishigami, rng.uniform(-np.pi, np.pi, (2, 3, 400)), ("a", "b", "c"))
        for _ in range(100)
    ]
    spread = np.std([one.shares["shapley"][:, 0] for one in found], axis=0, ddof=1)
    reported = np.mean([one.errors["shapley"][:, 0] for one in found], axis=0)

    np.testing.assert_allclose(reported / spread, 1.0, atol=0.3)


def test_what_does_not_vary_has_no_shares_and_an_idle_factor_none() -> None:
    """A constant outcome has missing shares; a factor that is not active has zero."""
    x = np.random.default_rng(10).standard_normal((2, 1, 400))
    values = np.stack([np.stack([np.ones(400), z[0]]) for z in (x[1], x[0])])

    found = variance_shares(values, ("b",), ("a", "b"))

    assert np.isnan(found.shares["shapley"][:, 0]).all()
    np.testing.assert_array_equal(found.shares["shapley"][:, 1], [0.0, 1.0])
