"""Bands of what right probabilities would show."""

import numpy as np
from numpy.testing import assert_allclose

from forecast.evaluation.scores.consistency import consistency_bands


def test_resampled_band_is_near_the_binomial_one() -> None:
    """Of independent cases both bands say the same, but for the bin's number of cases varying.

    4000 cases, about 400 a bin: a band is about 0.08 wide in the middle, and 0.02 is a quarter.
    """
    rng = np.random.default_rng(0)
    said = rng.uniform(size=4000)
    event = (rng.uniform(size=4000) < said).astype(float)

    found = consistency_bands(event, said, np.arange(4000), rng).table

    for side in ("low", "high"):
        assert_allclose(found[f"resampled_{side}"], found[f"band_{side}"], atol=0.02)
        assert_allclose(found[f"block_{side}"], found[f"band_{side}"], atol=0.02)


def test_cases_that_repeat_widen_the_block_band() -> None:
    """Each case nine times over: the band by blocks is three times as wide as the free one.

    Within a quarter: the bands are quantiles of 2000 samples of 100 episodes a bin.
    """
    rng = np.random.default_rng(1)
    said = rng.uniform(size=1000)
    event = (rng.uniform(size=1000) < said).astype(float)
    copies = [np.repeat(values, 9) for values in (event, said, np.arange(1000))]

    found = consistency_bands(*copies, rng).table.iloc[2:8]

    width = {n: found[f"{n}_high"] - found[f"{n}_low"] for n in ("resampled", "block")}
    assert_allclose(width["block"].mean() / width["resampled"].mean(), 3, rtol=0.25)


def test_chance_of_all_bins_is_that_of_independent_bins() -> None:
    """Ten bins, each inside with 90 %: all are with about 0.9^10, being nearly independent.

    Discreteness makes each band hold somewhat more than 90 %.
    """
    rng = np.random.default_rng(2)
    said = rng.uniform(size=5000)
    event = (rng.uniform(size=5000) < said).astype(float)

    found = consistency_bands(event, said, np.arange(5000), rng)

    assert 0.9**10 - 0.04 < found.chance_all < 0.9**10 + 0.12


def test_wrong_probabilities_lie_outside() -> None:
    """Probabilities twice as high as the truth leave every full bin's bands."""
    rng = np.random.default_rng(3)
    said = rng.uniform(0.2, 1.0, size=3000)
    event = (rng.uniform(size=3000) < said / 2).astype(float)

    found = consistency_bands(event, said, np.arange(3000), rng).table

    assert (found["observed"] < found["resampled_low"]).all()
    assert (found["observed"] < found["block_low"]).all()


def test_joint_bands_hold_all_tenths_at_once() -> None:
    """Right probabilities of independent blocks lie in every joint band nine times in ten.

    200 worlds: four binomial standard errors of .9 are .085. Each band reaches beyond the tenth's
    own in the mean.
    """
    rng = np.random.default_rng(8)
    inside, wider = [], []
    for _ in range(200):
        said = rng.uniform(0, 1, 1000)
        event = (rng.random(1000) < said).astype(float)
        found = consistency_bands(event, said, np.arange(1000) // 5, rng, samples=200).table
        held = found["observed"].between(found["joint_low"], found["joint_high"])
        inside.append(held.all())
        wider.append((found["joint_high"] - found["block_high"]).mean())

    assert 0.9 - 0.085 <= np.mean(inside) <= 0.9 + 0.085
    assert np.mean(wider) > 0


def test_three_blocks_in_closed_form() -> None:
    """Misses a, 0, -a: their mean is a in 1/27 of the draws and 2a/3 in 3/27, the 95 % point."""
    event = np.concatenate([np.arange(20) < share for share in (15, 10, 5)]).astype(float)

    rng = np.random.default_rng(4)
    found = consistency_bands(event, np.full(60, 0.5), np.repeat(["a", "b", "c"], 20), rng).table

    assert_allclose(found[["block_low", "block_high"]], [[0.5 - 1 / 6, 0.5 + 1 / 6]])


def test_a_bin_of_thirty_cases_has_a_block_band() -> None:
    """Thirty are enough, twenty-nine are not, and count for nothing in the chance of all."""
    said = np.repeat([0.25, 0.75], [29, 30])
    event = (np.arange(59) % 4 < 4 * said).astype(float)

    found = consistency_bands(event, said, np.arange(59), np.random.default_rng(5))

    assert found.table["block_low"].isna().tolist() == [True, False]
    assert found.table["block_high"].isna().tolist() == [True, False]
    free = found.table["resampled_high"] - found.table["resampled_low"]
    assert (free > 0).all()
    assert 0.9 <= found.chance_all < 1  # of one bin, its band being closed


def test_a_bin_of_one_case() -> None:
    """A sure case: where it is not drawn its bin is empty, and left out; in one block it stays."""
    said, event = np.full(41, 0.25), (np.arange(41) % 4 == 0).astype(float)
    said[-1] = event[-1] = 1.0

    free, tied = (
        consistency_bands(event, said, blocks, np.random.default_rng(6), at_least=1).table.iloc[-1]
        for blocks in (np.arange(41), np.zeros(41))
    )

    assert free[["resampled_low", "resampled_high"]].tolist() == [1, 1]
    assert tied[["block_low", "block_high"]].tolist() == [1, 1]
