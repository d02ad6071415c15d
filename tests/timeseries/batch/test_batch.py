"""Point forecasts of many series at once against the exact models, one series at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.errors import EstimationError
from forecast.sources.package.package import DataPackage
from forecast.timeseries.batch.arima import batch_arima, fit_autoregressions, kpss_level
from forecast.timeseries.batch.ets import batch_ets
from forecast.timeseries.batch.smoothing import fit_many
from forecast.timeseries.batch.stretch import last_stretches
from forecast.timeseries.batch.theta import batch_theta
from forecast.timeseries.univariate.ets import FORMS, ets_point, fit_ets
from forecast.timeseries.univariate.theta import theta_growth

HORIZONS = (1, 5, 10)
Batch = Callable[[np.ndarray, Sequence[int]], np.ndarray]
BATCHES = [batch_ets, batch_theta, batch_arima]


@pytest.fixture(scope="module")
def pwt_growth(starter: DataPackage) -> pd.DataFrame:
    """Return growth of output per person, 1951-2017, % a year, every sixth economy of PWT 9.1."""
    frame = starter.table("pwt91")
    frame = frame.assign(log=100 * np.log(frame["rgdpna"] / frame["pop"]))
    return frame.pivot(index="year", columns="country", values="log").diff().iloc[1:, ::6]


def _levels(growth: np.ndarray) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    runs = last_stretches(growth, 10)
    level = np.concatenate([np.zeros((1, runs.growth.shape[1])), np.cumsum(runs.growth, axis=0)])
    return [level[first:, j] for j, first in enumerate(runs.first)], level, runs.first


def test_many_fits_find_the_exact_likelihood(pwt_growth: pd.DataFrame) -> None:
    """On 16 economies twice the log likelihood is within 0.8 of the exact one, most within 0.01.

    The likelihood has several local maxima; the coarse grid of the batch picks another one now
    and then. 0.8 is the largest loss over all 182 economies.
    """
    series, level, first = _levels(pwt_growth.iloc[:, ::2].to_numpy())
    fits = fit_many(level, first, tuple(FORMS))
    exact = np.array([[fit_ets(one, form).sse for one in series] for form in FORMS])
    lost = np.array([len(one) for one in series]) * np.log(fits.sse / exact)

    assert lost.max() < 0.8
    assert (lost < 0.01).mean() > 0.85


def test_batch_ets_equals_the_exact_path(pwt_growth: pd.DataFrame) -> None:
    """Average growth equals the exact model's within 0.05 for nine in ten economies."""
    series, _, _ = _levels(pwt_growth.iloc[:, ::2].to_numpy())
    exact = []
    for one in series:
        best = min((fit_ets(one, form) for form in FORMS), key=lambda fit: fit.aicc)
        exact.append(np.cumsum(ets_point(best, one[-1], 10))[[0, 4, 9]] / HORIZONS)
    found = batch_ets(pwt_growth.iloc[:, ::2].to_numpy(), HORIZONS)

    assert (np.abs(found - np.array(exact).T) < 0.05).mean() > 0.9


def test_batch_theta_equals_the_exact_path(pwt_growth: pd.DataFrame) -> None:
    """Average growth equals ``theta_growth``'s point path to 0.05 % a year and mostly to 1e-3.

    The two searches for alpha stop within 1e-4 of each other; where the likelihood is flat in
    alpha that moves next year's growth by up to 0.04.
    """
    series, _, _ = _levels(pwt_growth.to_numpy())
    rng = np.random.default_rng(1)
    exact = [
        np.cumsum(theta_growth(pd.Series(np.diff(one)), 10, 2, rng).point)[[0, 4, 9]] / HORIZONS
        for one in series
    ]
    found = batch_theta(pwt_growth.to_numpy(), HORIZONS)

    assert_allclose(found, np.array(exact).T, atol=0.05)
    assert (np.abs(found - np.array(exact).T) < 1e-3).mean() > 0.9


def test_autoregressions_equal_statsmodels(pwt_growth: pd.DataFrame) -> None:
    """Orders and coefficients are those of AutoReg by AICc on the same years, to 1e-8."""
    from statsmodels.tsa.ar_model import AutoReg

    runs = last_stretches(pwt_growth.to_numpy(), 12)
    fitted = fit_autoregressions(runs.growth, runs.first)

    for j, (d, first) in enumerate(zip(fitted.differences, runs.first, strict=True)):
        values = np.diff(runs.growth[first:, j], n=d)
        n, best = len(values) - 4, (np.inf, 0, np.empty(0))
        for p in range(5):
            constant = "c" if d == 0 else "n"
            if d == 1 and p == 0:
                resid, params = values[4:], np.empty(0)
            else:
                result = AutoReg(values, p, trend=constant, hold_back=4).fit()
                resid, params = result.resid, result.params
            k = len(params) + 1
            aicc = n * np.log(resid @ resid / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
            best = min(best, (aicc, p, params), key=lambda found: found[0])
        assert best[1] == fitted.lags[j]
        assert_allclose(fitted.coefficients[j, d : d + len(best[2])], best[2], atol=1e-8)


def test_differences_equal_pmdarima(pwt_growth: pd.DataFrame) -> None:
    """The KPSS test decides on differencing exactly as pmdarima's ndiffs."""
    from pmdarima.arima import ndiffs

    runs = last_stretches(pwt_growth.to_numpy(), 12)
    found = kpss_level(runs.growth, runs.first) > 0.463
    expected = [
        ndiffs(runs.growth[first:, j], test="kpss", max_d=1) for j, first in enumerate(runs.first)
    ]

    assert_array_equal(found.astype(int), expected)


def test_path_of_a_known_autoregression() -> None:
    """An AR(1) without noise but one shock returns to its mean along the geometric path."""
    rng = np.random.default_rng(6)
    growth = np.zeros((4000, 1))
    for t in range(1, 4000):
        growth[t] = 2 + 0.7 * (growth[t - 1] - 2) + rng.standard_normal()
    found = batch_arima(growth, (10,))[0, 0]
    decay = 0.7 ** np.arange(1, 11)

    # 4,000 years pin the slope to 0.012 and the mean to 0.05.
    assert_allclose(found, 2 + (growth[-1, 0] - 2) * decay.mean(), atol=0.2)


def test_explosive_autoregression_is_held() -> None:
    """A series that runs away does not carry its forecast with it."""
    growth = np.exp(0.15 * np.arange(30))[:, None] + np.random.default_rng(1).normal(
        0, 0.1, (30, 1)
    )

    assert np.abs(batch_arima(growth, (50,))).max() < 20 * growth[-1, 0]


@pytest.mark.parametrize("batch", BATCHES)
def test_a_late_start_is_a_shorter_series(batch: Batch) -> None:
    """Years before a start, holes before the last run, and neighbours change no forecast."""
    rng = np.random.default_rng(3)
    growth = 2 + rng.standard_normal((50, 3)).cumsum(axis=0) * 0.3 + rng.standard_normal((50, 3))
    growth[:20, 0] = np.nan
    growth[12, 1] = np.nan
    found = batch(growth, HORIZONS)

    for j, start in enumerate((20, 13, 0)):
        alone = batch(growth[start:, [j]], HORIZONS)
        # The search's steps are the same; sums of zeros may be rounded differently.
        assert_allclose(found[:, [j]], alone, atol=1e-6)


@pytest.mark.parametrize("batch", BATCHES)
def test_what_cannot_be_forecast_is_missing(batch: Batch) -> None:
    """A series that ends early or is too short has NaN, and its input stays as it was."""
    growth = np.random.default_rng(3).standard_normal((40, 3))
    growth[-1, 0] = np.nan
    growth[:32, 1] = np.nan
    before = growth.copy()
    found = batch(growth, HORIZONS)

    assert np.isnan(found[:, :2]).all()
    assert np.isfinite(found[:, 2]).all()
    assert_array_equal(growth, before)
    assert np.isnan(batch(growth[:, :2], HORIZONS)).all()


@pytest.mark.filterwarnings("error")
def test_constant_growth_goes_on() -> None:
    """Series that do not vary have their forecasts, without a warning; Theta halves the trend."""
    growth = np.column_stack([np.full(40, 2.0), np.zeros(40)])

    assert_allclose(batch_ets(growth, HORIZONS), [[2.0, 0.0]] * 3, atol=1e-6)
    assert_allclose(batch_arima(growth, HORIZONS), [[2.0, 0.0]] * 3, atol=1e-6)
    assert_allclose(batch_theta(growth, HORIZONS), [[1.0, 0.0]] * 3, atol=1e-3)


def test_a_vector_is_refused() -> None:
    """One series must come as a matrix with one column."""
    with pytest.raises(EstimationError, match="must be"):
        batch_theta(np.zeros(30), HORIZONS)
