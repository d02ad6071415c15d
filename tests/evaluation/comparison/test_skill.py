"""Comparison of forecasts: the test's size and formula, the bootstrap's blocks."""

import numpy as np
from numpy.testing import assert_allclose
from scipy.stats import ttest_1samp

from forecast.evaluation.comparison.skill import diebold_mariano, skill_by_block


def test_one_step_ahead_is_the_t_test() -> None:
    """At horizon 1 the corrected statistic is the t test of the mean difference."""
    rng = np.random.default_rng(5)
    loss, other = rng.exponential(size=40), rng.exponential(size=40)

    found = diebold_mariano(loss, other, 1)

    expected = ttest_1samp(loss - other, 0)
    assert_allclose(found.statistic, expected.statistic, rtol=1e-12)
    assert_allclose(found.p_value, expected.pvalue, rtol=1e-10)


def test_size_under_overlapping_errors() -> None:
    """Five steps ahead the test rejects equal accuracy near 5 % of the time (600 series)."""
    rng = np.random.default_rng(6)
    shocks = rng.standard_normal((600, 204))
    gaps = sum(shocks[:, k : k + 200] for k in range(5))

    rejected = [diebold_mariano(g, np.zeros(200), 5).p_value < 0.05 for g in gaps]

    assert 0.02 < np.mean(rejected) < 0.11


def test_skill_by_hand() -> None:
    """Half the squared error saves 50 % of the mean and 1 - sqrt 0.5 of the root."""
    rival = np.random.default_rng(7).exponential(size=300)
    blocks = np.repeat(np.arange(30), 10)

    plain = skill_by_block(rival / 2, rival, blocks, np.random.default_rng(0))
    rooted = skill_by_block(rival / 2, rival, blocks, np.random.default_rng(0), root=True)

    assert_allclose([plain.value, plain.low, plain.high], 0.5)
    assert_allclose(rooted.value, 1 - np.sqrt(0.5))


def test_whole_blocks_widen_the_interval() -> None:
    """Where a block's cases are alike, drawing blocks gives a wider interval than drawing cases."""
    rng = np.random.default_rng(8)
    by_block = np.repeat(rng.normal(0.1, 0.5, 30), 20)
    rival = np.ones(600)
    blocks = np.repeat(np.arange(30), 20)

    whole = skill_by_block(rival - by_block, rival, blocks, np.random.default_rng(0))
    single = skill_by_block(rival - by_block, rival, np.arange(600), np.random.default_rng(0))

    assert whole.high - whole.low > 3 * (single.high - single.low)
