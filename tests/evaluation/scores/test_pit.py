"""The test of even transforms holds its size under repetition and sees unevenness."""

from pathlib import Path

import numpy as np
from numpy.testing import assert_allclose
from scipy.stats import chisquare

from forecast.evaluation.scores.pit import pit_counts, pit_test


def test_counts_by_hand() -> None:
    """Ends belong to the first and last tenth."""
    assert pit_counts(np.array([0.0, 0.05, 0.55, 1.0])).tolist() == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_size_with_repeated_cases() -> None:
    """Each country's value five times over: 5 % of 1,000 tests reject, within 4 standard errors.

    Pearson's test, which takes the five as independent, would reject nearly always.
    """
    rng = np.random.default_rng(7)
    blocks = np.repeat(np.arange(150), 5)

    rejected = np.mean(
        [pit_test(np.repeat(rng.uniform(size=150), 5), blocks).p_value < 0.05 for _ in range(1000)]
    )

    assert abs(rejected - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1000)


def test_too_wide_forecasts_are_seen() -> None:
    """Transforms crowded in the middle are rejected."""
    pit = np.random.default_rng(8).beta(2, 2, 900)

    assert pit_test(pit, np.repeat(np.arange(180), 5)).p_value < 1e-6


def test_one_case_a_block_is_pearsons() -> None:
    """With one case a block the p-value is that of Pearson's chi-square (scipy).

    4,000 cases: the shares' covariance is estimated, which moves p by under 0.01.
    """
    pit = np.random.default_rng(9).uniform(size=4000)

    found = pit_test(pit, np.arange(4000))

    assert abs(found.p_value - chisquare(pit_counts(pit)).pvalue) < 0.01
    assert abs(found.degrees - 9) < 0.1


def test_repetition_is_divided_out() -> None:
    """Every case five times in its block: statistic and p-value are those of the cases once."""
    pit = np.random.default_rng(10).uniform(size=300)

    once = pit_test(pit, np.arange(300))
    often = pit_test(np.repeat(pit, 5), np.repeat(np.arange(300), 5))

    assert_allclose(often.statistic, once.statistic, rtol=1e-12)
    assert_allclose(often.p_value, once.p_value, rtol=1e-12)


def test_clusters_as_in_r(checkout: Path) -> None:
    """Blocks of unequal size give statistic, degrees and p of R's survey (printed to 1e-12)."""
    told = (checkout / "tests/reference/evaluation/pit_survey.txt").read_text().splitlines()[1:]
    expected = {name: float(value) for name, value in (line.split() for line in told)}
    state, blocks, pit = 1, [], []

    def unit() -> float:
        nonlocal state
        state = 16807 * state % 2147483647
        return state / 2147483647

    for g in range(1, 61):
        level = unit()
        for _ in range(2 + g % 5):
            blocks.append(g)
            pit.append((level + 0.3 * unit()) % 1)

    found = pit_test(np.array(pit), np.array(blocks))

    assert len(pit) == expected["n"]
    assert_allclose(found.statistic, expected["statistic"], rtol=1e-9)
    assert_allclose(found.degrees, expected["degrees"], rtol=1e-9)
    assert_allclose(found.p_value, expected["p"], rtol=1e-7)


def test_one_block_says_nothing() -> None:
    """One country cannot tell repetition from evenness."""
    assert np.isnan(pit_test(np.linspace(0, 1, 50), np.zeros(50)).p_value)


def test_two_blocks_in_closed_form() -> None:
    """Five cases in one tenth, five of another block in another: F(1, 1) of 0.8, an arctangent."""
    found = pit_test(np.repeat([0.05, 0.15], 5), np.repeat(["a", "b"], 5))

    assert_allclose([found.statistic, found.degrees], [0.8, 1.0])
    assert_allclose(found.p_value, 1 - 2 / np.pi * np.arctan(np.sqrt(0.8)))
