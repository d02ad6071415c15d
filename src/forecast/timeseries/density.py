"""The density models of growth, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from forecast.errors import EstimationError, choose
from forecast.randomness.streams import Randomness
from forecast.timeseries.record import GrowthDensity, checked_draws
from forecast.timeseries.univariate.auto_arima import auto_arima_growth, draw_arima, fit_arima
from forecast.timeseries.univariate.ets import draw_ets, ets_growth, fit_ets_posterior
from forecast.timeseries.univariate.local_linear_trend import (
    draw_trend,
    fit_trend,
    local_linear_trend_growth,
)
from forecast.timeseries.univariate.random_walk_drift import random_walk_drift_growth
from forecast.timeseries.univariate.theta import draw_theta, fit_theta, theta_growth

GrowthModel = Callable[[pd.Series, int, int, Randomness], GrowthDensity]
# What is left once a series is known: draws for a horizon.
Sampler = Callable[[int, int, Randomness], GrowthDensity]

GROWTH_MODELS: dict[str, GrowthModel] = {
    "auto_arima": auto_arima_growth,
    "ets": ets_growth,
    "local_linear_trend": local_linear_trend_growth,
    "random_walk_drift": random_walk_drift_growth,
    "theta": theta_growth,
}

# Models whose fit is made once for many calls; the others fit and draw in one.
_FITTED: dict[str, Callable[[pd.Series], Sampler]] = {
    "auto_arima": lambda growth: partial(draw_arima, fit_arima(growth)),
    "ets": lambda growth: partial(draw_ets, fit_ets_posterior(growth)),
    "local_linear_trend": lambda growth: partial(draw_trend, fit_trend(growth)),
    "theta": lambda growth: partial(draw_theta, fit_theta(growth)),
}


def growth_sampler(name: str, growth: pd.Series) -> Sampler:
    """Return the model called ``name`` fitted to ``growth``: a function of horizon, draws, rng.

    Parameters
    ----------
    name : str
        One of ``GROWTH_MODELS``.
    growth : pandas.Series
        Growth by year, without gaps, % a year (log differences x 100).

    Raises
    ------
    EstimationError
        If no model has that name, or the model cannot be estimated on the series.
    """
    model = choose(name, GROWTH_MODELS, "density model", EstimationError)
    if name in _FITTED:
        return _FITTED[name](growth)
    return partial(model, growth)


def forecast_growth(
    name: str, growth: pd.Series, horizon: int, draws: int, rng: Randomness
) -> GrowthDensity:
    """Return draws of annual growth from the model called ``name``.

    Parameters
    ----------
    name : str
        One of ``GROWTH_MODELS``.
    growth : pandas.Series
        Growth by year, without gaps, % a year (log differences x 100).
    horizon, draws : int
        Years after the last one in ``growth``; paths.
    rng : numpy.random.Generator, or streams of parameters and shocks
        A fresh one with the same seed gives the same draws.

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon).

    Raises
    ------
    EstimationError
        If no model has that name, or the model cannot be estimated on the series; the caller
        reports it and goes on with the other models.
    """
    checked_draws(horizon, draws, name)
    return choose(name, GROWTH_MODELS, "density model", EstimationError)(
        growth, horizon, draws, rng
    )
