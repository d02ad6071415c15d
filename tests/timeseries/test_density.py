"""What every density model of growth has in common."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.errors import EstimationError
from forecast.timeseries.density import (
    GROWTH_MODELS,
    GrowthModel,
    forecast_growth,
    growth_sampler,
)
from forecast.timeseries.record import GrowthDensity
from forecast.timeseries.univariate.auto_arima import auto_arima_growth
from forecast.timeseries.univariate.local_linear_trend import local_linear_trend_growth
from forecast.timeseries.univariate.random_walk_drift import random_walk_drift_growth
from places import ROOT

YEARS = range(1985, 2020)
GROWTH = pd.Series(
    3 + 0.6 * np.sin(np.arange(35)) + np.random.default_rng(5).normal(0, 1, 35), index=YEARS
)


@pytest.mark.parametrize("name", GROWTH_MODELS)
def test_same_seed_same_draws_and_input_untouched(name: str) -> None:
    """A fresh generator of the same seed repeats the draws; the series stays as it was."""
    before = GROWTH.copy()
    first = forecast_growth(name, GROWTH, 12, 300, np.random.default_rng(4))
    second = forecast_growth(name, GROWTH, 12, 300, np.random.default_rng(4))

    assert first.name == name
    assert first.draws.shape == (300, 12)
    assert first.point.shape == (12,)
    assert np.isfinite(first.draws).all()
    assert_array_equal(first.draws, second.draws)
    pd.testing.assert_series_equal(GROWTH, before)


@pytest.mark.parametrize("name", GROWTH_MODELS)
def test_density_is_centred_on_the_point_path(name: str) -> None:
    """The draws' median lies within half a standard deviation of the point path."""
    density = forecast_growth(name, GROWTH, 10, 4000, np.random.default_rng(4))
    distance = np.abs(np.median(density.draws, axis=0) - density.point)

    assert (distance < 0.5 * density.draws.std(axis=0)).all()


def _arima_of_given_order(
    growth: pd.Series, horizon: int, draws: int, rng: np.random.Generator
) -> GrowthDensity:
    return auto_arima_growth(growth, horizon, draws, rng, (1, 0, 0))


@pytest.mark.parametrize(
    "model",
    # The search for an order takes 0.2 s a series, so ARIMA is tested at a given one.
    [_arima_of_given_order, local_linear_trend_growth, random_walk_drift_growth],
)
def test_ninety_percent_band_covers_the_truth(model: GrowthModel) -> None:
    """Of 60 simulated series about 90 % have next year's growth inside the 90 % band."""
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(60):
        series = pd.Series(2 + 1.5 * rng.standard_normal(34), index=range(1990, 2024))
        density = model(series.iloc[:-1], 1, 400, rng)
        low, high = np.quantile(density.draws[:, 0], [0.05, 0.95])
        inside += int(low <= series.iloc[-1] <= high)

    # Binomial(60, 0.9): 47 or fewer happens about once in 200 samples.
    assert inside >= 48


@pytest.mark.parametrize("name", GROWTH_MODELS)
@pytest.mark.parametrize("fault", ["gap", "nan", "short"])
def test_a_broken_series_is_named(name: str, fault: str) -> None:
    """A gap, a missing value and too few years are each an error that says so."""
    series = {
        "gap": GROWTH.drop(2000),
        "nan": GROWTH.where(GROWTH.index != 2000),
        "short": GROWTH.iloc[:2],
    }[fault]
    said = {"gap": "gap after 1999", "nan": "2000", "short": "at least"}[fault]

    with pytest.raises(EstimationError, match=said):
        forecast_growth(name, series, 5, 10, np.random.default_rng(1))


def test_an_unknown_model_is_answered_with_the_list() -> None:
    """A misspelt name raises an error with the nearest one."""
    with pytest.raises(EstimationError, match="did you mean 'auto_arima'"):
        forecast_growth("autoarima", GROWTH, 5, 10, np.random.default_rng(1))


def test_an_empty_horizon_is_refused() -> None:
    """A horizon of zero years is an error, not an empty array."""
    with pytest.raises(EstimationError, match="horizon"):
        forecast_growth("auto_arima", GROWTH, 0, 10, np.random.default_rng(1))


@pytest.mark.parametrize("name", ["ets", "theta"])
def test_one_fit_serves_blocks_with_the_bytes_of_many(name: str) -> None:
    """Blocks drawn from one fit are, byte by byte, those of a fit made for each, in any order."""
    sampler = growth_sampler(name, GROWTH)
    seeds = (4, 5, 6)
    blocks = [sampler(12, 200, np.random.default_rng(seed)).draws for seed in reversed(seeds)]
    each = [forecast_growth(name, GROWTH, 12, 200, np.random.default_rng(s)).draws for s in seeds]

    for one, other in zip(reversed(blocks), each, strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("series", "name"),
    [*product(("china", "huron", "www"), ("ets", "theta")), ("nile", "theta")],
)
def test_draws_are_those_on_record(series: str, name: str) -> None:
    """Twenty draws of three years equal those before the grid was fitted in closed form.

    Values reach 500, where rounding is some 1e-13; over a hundred years it adds up to less than
    1e-11. Apart is exponential smoothing of Nile, whose damped form has squares smaller by 1.7 %
    than the record's simplex found, and so more weight.
    """
    folder = ROOT / "tests" / "reference" / "timeseries"
    level = pd.read_csv(folder / "smoothing_series.csv").query("series == @series")["value"]
    record = pd.read_csv(folder / "smoothing_draws.csv").query("series == @series")
    expected = record[record["model"] == name]["growth"].to_numpy().reshape(20, 3)
    growth = pd.Series(np.diff(level), index=range(1, len(level)))

    found = forecast_growth(name, growth, 3, 20, np.random.default_rng(3)).draws
    assert_allclose(found, expected, rtol=0, atol=1e-11)
