"""Effects of any columns, against least squares with every dummy written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from forecast.errors import EstimationError
from forecast.estimation.algebra.absorbing import absorb
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.problem import EffectBlock


def _dense(blocks: list[EffectBlock], root: np.ndarray) -> np.ndarray:
    parts = []
    for block in blocks:
        dummies = (block.codes[:, None] == np.arange(group_count(block.codes))).astype(float)
        parts += [dummies, *(dummies * slope[:, None] for slope in block.slopes)]
    return np.hstack(parts) * root[:, None]


@st.composite
def _problems(draw: st.DrawFn) -> tuple[list[EffectBlock], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(12, 60))
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        groups = draw(st.integers(1, 8))
        codes = np.unique(rng.integers(0, groups, n), return_inverse=True)[1]
        slopes = (2000.0 + rng.integers(0, 9, n),) if draw(st.booleans()) else ()
        blocks.append(EffectBlock(codes=codes.astype(np.int64), slopes=slopes))
    if draw(st.booleans()):  # one whose groups are made of another's
        blocks.append(EffectBlock(codes=(blocks[0].codes // 2).astype(np.int64)))
    root = rng.uniform(0.2, 3.0, n) if draw(st.booleans()) else np.ones(n)
    return blocks, root, rng.normal(size=(n, 3))


@settings(max_examples=150, deadline=None)
@given(_problems())
def test_the_rest_is_that_of_least_squares_with_all_dummies(
    problem: tuple[list[EffectBlock], np.ndarray, np.ndarray],
) -> None:
    """Values and rank, also where effects are nested or unconnected; slopes around 2000: 1e-8."""
    blocks, root, values = problem
    dense = _dense(blocks, root)
    lengths = np.linalg.norm(dense, axis=0)
    dense = dense[:, lengths > 0] / lengths[lengths > 0]
    u, size, _ = np.linalg.svd(dense, full_matrices=False)
    u = u[:, size > 1e-9 * size[0]]

    found = absorb(values, blocks, root)

    assert found.absorbed == u.shape[1]
    assert_allclose(found.values, values - u @ (u.T @ values), atol=1e-8)


def test_too_many_further_groups_are_refused() -> None:
    """The square of the second largest effect would not fit."""
    codes = np.arange(9_000)
    with pytest.raises(EstimationError, match="at most 8,000"):
        absorb(np.ones((9_000, 1)), [EffectBlock(codes=codes), EffectBlock(codes=codes)])
