"""Beyond ten years: simple densities of relative income as rivals of the chain's blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers, Mask
from forecast.crosscountry.chain.identity import ChainRecord, atlas_mean
from forecast.crosscountry.chain.regressors import (
    EXCHANGE_SPREAD,
    EXCHANGE_TERMS,
    GROWTH_SPREAD,
    GROWTH_TERMS,
    chain_regressors,
    design_of,
    income_spread,
)
from forecast.crosscountry.chain.robust import robust_regression
from forecast.crosscountry.chain.windows import sums_ahead
from forecast.evaluation.scores.scores import covered, crps_normal, crps_sample

FIRST_YEAR = 1972
MIN_ROWS = 150
_NEAR = (np.log(0.2), np.log(1.5))
_ENDS = 1.2815515655446004  # normal quantile of 90 %


def far_densities(record: ChainRecord, cases: pd.DataFrame) -> pd.DataFrame:
    """Return scores of two densities of relative income on the chain's cases.

    ``zero_drift``: normal about today's, with the economy's ten-year volatility of yearly changes
    and the square root of time. ``direct``: relative income regressed on the chain's regressors at
    the horizon itself, with the regression's past errors; from outcomes known at the origin, where
    there are 150 or more.

    Parameters
    ----------
    record : ChainRecord
        Whole; an origin reads nothing later.
    cases : pandas.DataFrame
        ``origin, horizon, country, outcome`` of the chain.

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, crps`` (log points), ``covered`` (by the central 80 %).
    """
    parts = []
    for origin, rows in cases.groupby("origin"):
        known = record.through(int(str(origin)))
        values, spread = chain_regressors(known), income_spread(known)
        for horizon, own in rows.groupby("horizon"):
            column = pd.Index(known.countries).get_indexer(pd.Index(own["country"]))
            outcome = own["outcome"].to_numpy(dtype=np.float64)
            told = own[["origin", "horizon", "country"]]
            walk = _walk(known, spread, int(str(horizon)), column, outcome)
            parts.append(told.assign(model="zero_drift", crps=walk[0], covered=walk[1]))
            direct = _direct(known, values, int(str(horizon)), column, outcome)
            if direct is not None:
                parts.append(told.assign(model="direct", crps=direct[0], covered=direct[1]))
    return pd.concat(parts, ignore_index=True)


def _walk(
    known: ChainRecord, spread: Array, horizon: int, column: Integers, outcome: Array
) -> tuple[Array, Array]:
    now = known.relative[-1][column]
    scale = spread[-1][column] * np.sqrt(horizon)
    inside = covered(outcome, now - _ENDS * scale, now + _ENDS * scale)
    return 100 * crps_normal(outcome, now, scale), inside


def _direct(
    known: ChainRecord, values: dict[str, Array], horizon: int, column: Integers, outcome: Array
) -> tuple[Array, Array] | None:
    now = known.relative
    parts = (known.growth, atlas_mean(known.exchange), known.remainder)
    growth, exchange, left = (sums_ahead(part, horizon)[-1] for part in parts)
    use = np.isfinite(growth) & np.isfinite(exchange) & np.isfinite(left)
    use &= (now >= _NEAR[0]) & (now <= _NEAR[1]) & (known.years >= FIRST_YEAR)[:, None]
    if use.sum() < MIN_ROWS:
        return None
    made = [
        _regressed(growth, values, use, GROWTH_TERMS, GROWTH_SPREAD),
        _regressed(exchange, values, use, EXCHANGE_TERMS, EXCHANGE_SPREAD),
    ]
    # the world mean of the real exchange rate is none, as in the chain
    made[1][0][...] -= made[1][0][use].mean()
    draws = now[-1][column][:, None] + (left[use] - np.median(left[use]))
    for mean, scale, errors in made:
        draws = draws + mean[-1][column][:, None] + scale[-1][column][:, None] * errors
    low, high = np.quantile(draws, [0.1, 0.9], axis=1)
    return 100 * crps_sample(outcome, draws), covered(outcome, low, high)


def _regressed(
    y: Array, values: dict[str, Array], use: Mask, terms: Sequence[str], spread: Sequence[str]
) -> tuple[Array, Array, Array]:
    """Return means and scales (T, N), and the standardised errors of the rows used."""
    x, z = design_of(values, terms), design_of(values, spread)
    fit = robust_regression(y[use], x[use], z[use])
    mean, scale = x @ fit.beta, np.exp(z @ fit.gamma) * fit.factor
    return mean, scale, (y[use] - mean[use]) / scale[use]
