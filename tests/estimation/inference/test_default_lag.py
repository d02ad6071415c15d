"""Driscoll-Kraay's lag where none is given: floor(4 (T/100)^(2/9))."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.estimation.estimate import estimate
from forecast.panel import Panel

# 4 (T/100)^(2/9) by hand: 27 gives 2.990, 28 gives 3.014; 99 gives 3.991; 272 gives 4.996.
LAGS = {5: 2, 6: 2, 27: 2, 28: 3, 99: 3, 100: 4, 272: 4, 273: 5}


@pytest.mark.parametrize(("years", "lag"), LAGS.items())
def test_the_lag_grows_with_the_years(years: int, lag: int) -> None:
    """It is shown, and the covariance is that of the lag stated."""
    index = pd.MultiIndex.from_product([list("ABC"), range(1700, 1700 + years)])
    values = np.random.default_rng(years).normal(size=(len(index), 2))
    frame = pd.DataFrame(values, index.set_names(["country", "year"]), columns=["y", "x"])
    panel = Panel(frame, source="made")

    found = estimate(panel, "y ~ x", covariance="driscoll_kraay")

    assert found.stats["maxlag"] == lag
    stated = estimate(panel, "y ~ x", covariance="driscoll_kraay", maxlag=lag)
    assert_allclose(found.cov, stated.cov, rtol=0, atol=0)
