"""The random walk with drift against its closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.errors import EstimationError
from forecast.timeseries.univariate.random_walk_drift import (
    random_walk_drift_growth,
)

GROWTH = pd.Series([5.1, 3.2, 4.4, 6.0, 2.9, 4.1, 5.5, 3.8], index=range(2001, 2009))
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


@pytest.mark.parametrize("horizon", [1, 5, 25])
def test_draws_cumulate_to_the_exact_quantiles(horizon: int) -> None:
    """Quantiles of summed draws equal the closed form within four Monte Carlo errors."""
    draws = 200_000
    density = random_walk_drift_growth(GROWTH, horizon, draws, np.random.default_rng(1))
    scale = GROWTH.std(ddof=1) * np.sqrt(horizon + horizon**2 / 8)
    exact = stats.t.ppf(LEVELS, 7, loc=horizon * GROWTH.mean(), scale=scale)
    density_at = stats.t.pdf((exact - horizon * GROWTH.mean()) / scale, 7) / scale
    error = np.sqrt(LEVELS * (1 - LEVELS) / draws) / density_at

    found = np.quantile(density.draws.sum(axis=1), LEVELS)

    assert (np.abs(found - exact) < 4 * error).all()


def test_a_constant_series_is_refused() -> None:
    """Growth that never varies has no variance to draw from."""
    with pytest.raises(EstimationError, match="does not vary"):
        random_walk_drift_growth(
            pd.Series(2.0, index=range(2000, 2010)), 3, 10, np.random.default_rng(1)
        )
