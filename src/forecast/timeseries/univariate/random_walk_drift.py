"""Log output as a random walk with drift: the density that every other model must beat."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.randomness.streams import Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth

MODEL = "random_walk_drift"


def random_walk_drift_growth(
    growth: pd.Series, horizon: int, draws: int, rng: Randomness
) -> GrowthDensity:
    """Return draws of growth that is independent around an unknown constant mean.

    With the prior p(mu, sigma) proportional to 1/sigma the posterior is exact: sigma squared is
    (n - 1) s^2 over a chi-square with n - 1 degrees of freedom, and mu given sigma is normal
    around the sample mean with variance sigma^2 / n (Gelman et al., 2013, Bayesian Data
    Analysis, section 3.2).

    Parameters
    ----------
    growth : pandas.Series
        Growth by year, % a year; at least 3 years.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon).

    Raises
    ------
    EstimationError
        If the series is too short or broken, or does not vary.
    """
    values = checked_growth(growth, 3, MODEL)
    n, mean, variance = len(values), float(values.mean()), float(values.var(ddof=1))
    streams = paired(rng)
    sigma = np.sqrt((n - 1) * variance / streams.parameters.chisquare(n - 1, size=draws))
    drift = mean + sigma / np.sqrt(n) * streams.parameters.standard_normal(draws)
    shocks = streams.shocks.standard_normal((draws, horizon)) * sigma[:, None]
    return GrowthDensity(
        name=MODEL,
        draws=drift[:, None] + shocks,
        point=np.full(horizon, mean),
        notes={"drift": mean, "sigma": float(np.sqrt(variance)), "n_obs": float(n)},
    )
