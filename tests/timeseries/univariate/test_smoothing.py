"""The fit over a grid against LAPACK's decomposition at each of its points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from forecast.timeseries.univariate.smoothing import form_params, recursion
from smoothed import smoothed_at


def _decomposed(level: np.ndarray, grid: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return squares, log determinant, state and root of one point, by numpy's QR."""
    k = min(len(grid), 2)
    alpha, beta, phi = grid if k == 2 else (grid[0], 0.0, 0.0)

    def run(series: np.ndarray, now: float, slope: float) -> tuple[np.ndarray, np.ndarray]:
        errors = []
        for value in series:
            slope = phi * slope
            errors.append(value - now - slope)
            now, slope = now + slope + alpha * errors[-1], slope + beta * errors[-1]
        return np.array(errors), np.array([now, slope])[:k]

    y, state = run(level, 0.0, 0.0)
    units = [run(np.zeros(len(level)), *start) for start in ((1.0, 0.0), (0.0, 1.0))[:k]]
    x, effect = (np.column_stack(parts) for parts in zip(*units, strict=True))
    q, r = np.linalg.qr(x)
    first = -np.linalg.solve(r, q.T @ y)
    return (
        np.sum((y + x @ first) ** 2),
        2 * np.log(np.abs(np.diag(r))).sum(),
        state + effect @ first,
        effect @ np.linalg.inv(r),
    )


@settings(max_examples=60, deadline=None)
@given(
    st.integers(11, 60),
    st.floats(0.01, 0.99),
    st.floats(0.01, 0.99),
    st.floats(0.8, 1.0),
    st.booleans(),
)
def test_a_point_is_what_a_decomposition_gives(
    n: int, alpha: float, share: float, phi: float, sloped: bool
) -> None:
    """Squares, determinant, state and root, signs included, equal QR's to 1e-9.

    Both lose what the two columns' angle costs: some four digits of sixteen.
    """
    level = np.cumsum(np.random.default_rng(n).normal(2.0, 3.0, n))
    point = np.array([alpha, alpha * share, phi]) if sloped else np.array([alpha])
    found = smoothed_at(level, point[None, :])
    sse, log_det, state, root = _decomposed(level, point)

    assert_allclose(found.sse[0], sse, rtol=1e-9)
    assert_allclose(found.log_det[0], log_det, atol=1e-9)
    assert_allclose(found.state[0], state, rtol=1e-9, atol=1e-9)
    assert_allclose(found.root[0], root, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("form", ["ANN", "AAN", "AAdN"])
def test_points_do_not_disturb_each_other(form: str) -> None:
    """A point alone and among others has one answer, to rounding."""
    level = np.cumsum(np.random.default_rng(2).normal(2.0, 3.0, 40))
    shares = np.random.default_rng(3).uniform(0.05, 0.95, (3, 1, 7))
    grid = form_params(shares, (form,))[: 1 if form == "ANN" else 3, 0].T
    together = smoothed_at(level, grid)

    for row in range(7):
        alone = smoothed_at(level, grid[[row]])
        assert_allclose(alone.sse[0], together.sse[row], rtol=1e-12)
        assert_allclose(alone.root[0], together.root[row], rtol=1e-10, atol=1e-14)


def test_without_slope_the_short_way_is_the_long_one() -> None:
    """Points without slope give the same numbers beside points that have one."""
    level = np.cumsum(np.random.default_rng(2).normal(2.0, 3.0, 40))[:, None]
    alone = np.array([[0.3], [0.0], [0.0]])
    beside = np.array([[0.3, 0.4], [0.0, 0.1], [0.0, 0.9]])
    start = np.array([[1.0], [0.5]])
    short, last = recursion(level, start, alone)
    long, final = recursion(level, start, beside)

    assert (short[:, 0] == long[:, 0]).all()
    assert (last[:, 0] == final[:, 0]).all()
