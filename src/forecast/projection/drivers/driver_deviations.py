"""How far drivers may wander from the path that the baseline holds them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Paths
from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.baseline.convergence import moderation

# Regressors that no policy moves and whose own uncertainty the accounts draw.
DEMOGRAPHY = ("population", "share_15_64")
LEAST_CHANGES = 30
GRID = np.linspace(0.0, 1.0, 401)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSpread:
    """Annual first-order autoregressions of the deviations, zero in the last known year.

    Attributes
    ----------
    drivers : tuple of str
    persistence : (k,) own lag of a year, 0 to 1; 1 is a random walk.
    cov : (k, k) covariance of a year's innovations, in the drivers' units.
    """

    drivers: tuple[str, ...]
    persistence: Array
    cov: Array


def driver_spread(growth_panel: Panel, country: str, drivers: Sequence[str]) -> DriverSpread:
    """Fit the deviations to changes between the growth panel's periods, all economies pooled.

    For each driver the own lag is the one that gives changes over two periods, relative to those
    over one, the variance they have in the panel (differences only, so that country means need
    not be estimated); the size is the country's own variance of one-period changes, shrunk to
    the other economies' (Smyth 2004, as in `convergence_growth`). Both are those of means over a
    period, and are turned into those of the annual process. Innovations are correlated between
    drivers as the changes are.

    Parameters
    ----------
    growth_panel : Panel
        Period means; cut at the last known year by the caller.
    country : str
    drivers : sequence of str
        Raw drivers, columns of the panel.

    Raises
    ------
    ProjectionError
        If fewer than `LEAST_CHANGES` changes have all the drivers, or one never changes.
    DataError
        If a driver is not in the panel.
    """
    levels = growth_panel.require(drivers).unstack("country").sort_index()
    whole = levels.reindex(
        range(levels.index.min(), levels.index.max() + 1, growth_panel.step)
    ).stack("country", future_stack=True)
    by_country = whole.swaplevel().sort_index().groupby(level="country")
    one, two = by_country.diff(1), by_country.diff(2)
    complete = one.dropna()
    if len(complete) < LEAST_CHANGES:
        raise ProjectionError(
            f"driver deviations: {len(complete)} changes between periods have all of "
            f"{', '.join(drivers)}; needs at least {LEAST_CHANGES}"
        )
    fits = [_fit(one[n].dropna(), two[n].dropna(), country, growth_panel.step) for n in drivers]
    persistence, spread = np.array(fits).T
    correlation = np.corrcoef(complete.to_numpy(), rowvar=False).reshape(len(drivers), -1)
    return DriverSpread(
        drivers=tuple(drivers),
        persistence=persistence,
        cov=correlation * np.outer(spread, spread),
    )


def draw_deviations(
    spread: DriverSpread, draws: int, years: int, rng: np.random.Generator
) -> dict[str, Paths]:
    """Return draws of every driver's deviation from its held path, (draws, years), its unit."""
    values, vectors = np.linalg.eigh(spread.cov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    noise = rng.standard_normal((years, draws, len(spread.drivers))) @ root.T
    state = np.zeros(noise.shape[1:])
    for t in range(years):
        state = spread.persistence * state + noise[t]
        noise[t] = state
    return {name: noise[:, :, i].T for i, name in enumerate(spread.drivers)}


def change_variance(persistence: float, step: int, apart: int) -> float:
    """Return the variance of the change between two period means, unit innovations.

    The change is a weighted sum of annual values whose weights w add up to zero, so with
    g(h) = E (D_{t+h} - D_t)^2 it is -1/2 sum_s sum_t w_s w_t g(|s - t|) (Matheron 1963).
    g(h) = 2 (1 - r^h) / (1 - r^2), h for a random walk.

    Parameters
    ----------
    persistence : float
        Own lag r of the annual process, 0 to 1.
    step : int
        Years a period.
    apart : int
        Periods between the two means.
    """
    weights = np.zeros((apart + 1) * step)
    weights[:step], weights[-step:] = -1 / step, 1 / step
    lag = np.abs(np.subtract.outer(np.arange(len(weights)), np.arange(len(weights))))
    r = persistence
    variogram = lag if r == 1 else 2 * (1 - r**lag) / (1 - r**2)
    return float(-0.5 * weights @ variogram @ weights)


def _fit(one: pd.Series, two: pd.Series, country: str, step: int) -> tuple[float, float]:
    """Return the annual own lag and the standard deviation of a year's innovation."""
    if not one.var() > 0:
        raise ProjectionError(f"driver deviations: {one.name!r} does not change in the panel")
    # Zero to one: beyond a random walk, period means say no more than "as persistent as can be".
    ratios = [change_variance(r, step, 2) / change_variance(r, step, 1) for r in GRID]
    persistence = float(np.interp(two.var() / one.var(), ratios, GRID))
    variance = _shrunk_variance(one, country)
    return persistence, float(np.sqrt(variance / change_variance(persistence, step, 1)))


def _shrunk_variance(changes: pd.Series, country: str) -> float:
    prior = moderation(changes)
    own = changes[changes.index.get_level_values("country") == country]
    if np.isinf(prior.prior_df) or len(own) < 2:
        return prior.prior_variance
    df = len(own) - 1
    total = prior.prior_df * prior.prior_variance + df * own.var(ddof=1)
    return float(total / (prior.prior_df + df))
