"""The Atlas factor by hand, and its invariances."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from forecast.income.atlas import atlas_factor, rounded_income


def test_factor_equals_the_formula_by_hand() -> None:
    """Three years worked by hand: (8 x 1.21/1.0404 + 9 x 1.10/1.02 + 10) / 3."""
    rate = np.array([8.0, 9.0, 10.0])
    deflator = np.array([100.0, 110.0, 121.0])
    sdr = np.array([100.0, 102.0, 104.04])
    # 8 x 1.16301422 = 9.30411380; 9 x 1.07843137 = 9.70588235; sum with 10 = 29.00999616.
    expected = 29.009996155 / 3

    assert_allclose(atlas_factor(rate, deflator, sdr), [expected], rtol=1e-9)


def test_factor_is_the_exchange_rate_when_that_follows_relative_prices() -> None:
    """Where the rate moves with the inflation differential nothing is smoothed."""
    deflator = 1.07 ** np.arange(8)
    sdr = 1.02 ** np.arange(8)
    rate = 5 * deflator / sdr

    assert_allclose(atlas_factor(rate, deflator, sdr), rate[2:], rtol=1e-12)


def test_bases_of_the_deflators_do_not_matter_and_draws_are_rows() -> None:
    """Rescaled deflators give the same factor, draw by draw."""
    rng = np.random.default_rng(1)
    rate, deflator, sdr = np.exp(0.1 * rng.standard_normal((3, 5, 9)))
    factor = atlas_factor(rate, deflator, sdr)

    assert factor.shape == (5, 7)
    assert_allclose(atlas_factor(rate, 100 * deflator, sdr / 7), factor, rtol=1e-12)
    assert_allclose(atlas_factor(rate[2], deflator[2], sdr[2]), factor[2], rtol=1e-12)


def test_income_is_rounded_to_ten_halves_up() -> None:
    """14,225 is published as 14,230 and 14,224.9 as 14,220."""
    assert_array_equal(
        rounded_income(np.array([14_225.0, 14_224.9, 14_234.9, 14_235.0])),
        [14_230, 14_220, 14_230, 14_240],
    )
