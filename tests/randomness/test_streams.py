"""Streams: what shares numbers, and what does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forecast.errors import ForecastError
from forecast.randomness.streams import FACTORS, Streams, paired


def _numbers(streams: Streams, factor: str = "shocks", part: str = "a") -> np.ndarray:
    return streams.generator(factor, part).standard_normal(200)


def test_a_generator_asked_for_twice_starts_afresh() -> None:
    """Factor, part and block say it all: no state is kept between calls."""
    streams = Streams.of_seed(3)

    np.testing.assert_array_equal(_numbers(streams), _numbers(streams))


def test_factors_parts_blocks_and_seeds_are_independent() -> None:
    """Any one that differs gives other numbers: 200 normals correlate by under 0.3 (4 s.e.)."""
    streams = Streams.of_seed(3)
    others = [
        _numbers(streams, "coefficients"),
        _numbers(streams, part="b"),
        _numbers(streams.at(1)),
        _numbers(Streams.of_seed(4)),
    ]

    for other in others:
        assert abs(np.corrcoef(_numbers(streams), other)[0, 1]) < 0.3


def test_a_new_seed_for_one_factor_leaves_the_others() -> None:
    """Drawing one factor anew changes its numbers and no other's."""
    streams = Streams.of_seed(3)
    anew = replace(streams, seeds={**streams.seeds, "shocks": 99})

    assert not np.array_equal(_numbers(streams), _numbers(anew))
    for factor in set(FACTORS) - {"shocks"}:
        np.testing.assert_array_equal(_numbers(streams, factor), _numbers(anew, factor))


def test_an_unknown_factor_is_named() -> None:
    """The message lists the factors."""
    with pytest.raises(ForecastError, match="did you mean 'shocks'"):
        Streams.of_seed(1).generator("shock", "a")


def test_a_pair_stays_a_pair_and_a_generator_is_split() -> None:
    """Parameters and shocks never share numbers."""
    pair = paired(np.random.default_rng(1))

    assert paired(pair) is pair
    assert pair.parameters.random() != pair.shocks.random()
