"""Growth from a small system, as a density for the pool."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from forecast.errors import EstimationError
from forecast.timeseries.bvar.growth import bvar_system_growth


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Return growth that follows last year's investment share, 60 years."""
    rng = np.random.default_rng(1)
    share, rows = 25.0, []
    for _ in range(60):
        growth = 3 + 0.3 * (share - 25) + 0.3 * rng.standard_normal()
        share = 25 + 0.9 * (share - 25) + rng.standard_normal()
        rows.append((growth, share))
    return pd.DataFrame(rows, columns=["growth", "investment"], index=range(1965, 2025))


def test_density_has_the_shape_of_the_others(frame: pd.DataFrame) -> None:
    """Draws (draws, horizon), a point path near their mean, and notes of what was fitted."""
    found = bvar_system_growth(frame, 12, 500, np.random.default_rng(2), levels=["investment"])

    assert found.name == "bvar"
    assert found.draws.shape == (500, 12)
    assert np.isfinite(found.draws).all()
    # Five standard errors of a mean of 500 draws with deviation under 2, and the point is not it.
    assert np.abs(found.draws.mean(axis=0) - found.point).max() < 5 * 2 / np.sqrt(500) + 0.3
    assert found.notes["variables"] == "growth, investment"
    assert found.notes["n_obs"] == 58


def test_companions_carry_information(frame: pd.DataFrame) -> None:
    """Growth next year is forecast higher where investment stands higher."""
    high, low = frame.copy(), frame.copy()
    high.iloc[-1, 1], low.iloc[-1, 1] = 29.0, 21.0
    point = [
        bvar_system_growth(f, 1, 100, np.random.default_rng(3), levels=["investment"]).point[0]
        for f in (high, low)
    ]

    # The true difference is 0.3 x 8 = 2.4; the prior shrinks it.
    assert point[0] - point[1] > 1.0


def test_equal_generators_give_equal_draws(frame: pd.DataFrame) -> None:
    """Draws are a function of the generator's state; the frame is not touched."""
    before = frame.copy()
    one, two = (bvar_system_growth(frame, 3, 50, np.random.default_rng(4)).draws for _ in "ab")

    assert_array_equal(one, two)
    pd.testing.assert_frame_equal(frame, before)


def test_broken_frames_are_refused(frame: pd.DataFrame) -> None:
    """A missing year, a missing value and an unknown level are named."""
    hole = frame.copy()
    hole.loc[1990, "investment"] = np.nan
    rng = np.random.default_rng(5)
    with pytest.raises(EstimationError, match="gap after 1989"):
        bvar_system_growth(frame.drop(index=1990), 3, 10, rng)
    with pytest.raises(EstimationError, match="'investment' is missing in 1990"):
        bvar_system_growth(hole, 3, 10, rng)
    with pytest.raises(EstimationError, match="'trade' is not one of"):
        bvar_system_growth(frame, 3, 10, rng, levels=["trade"])
