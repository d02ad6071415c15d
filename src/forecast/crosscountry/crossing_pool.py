"""The shipped probability of passing a line: a regression on every rise seen, and a walk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers, Mask
from forecast.crosscountry.history import mean_known
from forecast.crosscountry.income_record import IncomeRecord
from forecast.crosscountry.passing import share_passing
from forecast.errors import DataError

NEAR = (np.log(0.1), np.log(2.0))  # relative income of the economies that are learned from
STEPS = np.array([0.02, 0.05, 0.1, 0.17, 0.25, 0.35, 0.5, 0.7, 0.95, 1.25, 1.6])
"""Rises, log points, each of which an economy made or did not make: learned from all at once."""
MIN_YEARS_BEFORE = 10
MIN_PAIRS = 100
PENALTY = 1.0
PRIOR_BLOCKS = 2.0  # the walk's weight is that of a regression on two blocks of the horizon
_OWN_YEARS = 5.0  # years of pooled variance that an economy's own is shrunk with
_LIMITS = (0.5, 0.4, 0.2)  # of premium, last change, ten-year mean change
_UNITS = (0.15, 0.1, 0.05)  # about a standard deviation of each, so that one penalty suits all


def forecast_crossing_pool(
    record: IncomeRecord,
    countries: Sequence[str],
    distance: Array,
    horizons: Sequence[int],
    shocks: Array,
) -> dict[int, Array]:
    """Return the probability (n,) that income rises by more than ``distance`` in any year ahead.

    A weighted mean of two probabilities. (1) A logistic regression of whether the greatest rise
    within the horizon exceeded a step, on all economies between 10 and 200 % of the line, all
    earlier years whose future is known, and all ``STEPS`` (distribution regression). Regressors:
    the step, its log, the step over the economy's volatility; the premium less its ten-year mean;
    the last change and the mean change of ten years; log volatility. Ridge penalty; the uncertainty
    of the coefficients draws probabilities towards a half. (2) A random walk without drift whose
    variance is that of all changes over the horizon. The weight of (1) is b / (b + 2), with b the
    years learned from over the horizon: the blocks of years that do not overlap.

    Parameters
    ----------
    record : IncomeRecord
        Through the origin; nothing later.
    countries : sequence of str
        Columns of the record, with income in its last year.
    distance : (n,) array
        Log of the line over income, by country: zero or more.
    horizons : sequence of int
        Years.
    shocks : (draws, at least the longest horizon) array
        Standard normal walks.

    Raises
    ------
    DataError
        If the record lacks a country.

    References
    ----------
    Foresi, S. and Peracchi, F. (1995), The conditional distribution of excess returns, JASA 90;
    MacKay, D. (1992), The evidence framework applied to classification networks, Neural
    Computation 4. More in docs/methods/crossing_forecast.md.
    """
    levels = record.relative.to_numpy(dtype=np.float64)
    features, volatility = _features(levels, record.premium.to_numpy(dtype=np.float64))
    columns = _columns(record, countries)
    found = {}
    for horizon in horizons:
        spread = np.full(len(distance), _spread(levels, horizon))
        still = np.zeros(len(distance))
        walked = share_passing(-distance, still, spread, shocks[:, :horizon])
        x, y, year = _pairs(levels, features, volatility, horizon)
        if len(y) < MIN_PAIRS * len(STEPS):
            found[horizon] = walked
            continue
        beta, covariance = _fit(x, y, year, horizon)
        now = _design(distance, volatility[-1, columns], features[-1, columns], horizon)
        blocks = (int(year.max()) + 1) / horizon
        weight = blocks / (blocks + PRIOR_BLOCKS)
        found[horizon] = weight * _averaged(now, beta, covariance) + (1 - weight) * walked
    return found


def _columns(record: IncomeRecord, countries: Sequence[str]) -> Integers:
    """Return the place (n,) of each country in the record."""
    columns = record.relative.columns.get_indexer(pd.Index(list(countries)))
    absent = [code for code, k in zip(countries, columns, strict=True) if k < 0]
    if absent:
        raise DataError(f"record of relative income: no column {', '.join(absent)}")
    return np.asarray(columns, dtype=np.int64)


def _features(levels: Array, premium: Array) -> tuple[Array, Array]:
    """Return features (T, N, 4) and volatility (T, N, log points) as known in each year.

    What is missing counts as no premium, no change. Volatility over ten years is shrunk towards
    the median of the economies near the line.
    """
    years = len(levels)
    features = np.zeros((*levels.shape, 4))
    volatility = np.full(levels.shape, np.nan)
    change = np.diff(levels, axis=0)
    for t in range(1, years):
        recent = change[max(0, t - 10) : t]
        mean = mean_known(recent)
        known = np.isfinite(recent).sum(axis=0)
        squares = np.where(np.isfinite(recent), (recent - mean) ** 2, 0.0).sum(axis=0)
        near = _near(levels[t]) & (known > 1)
        pooled = float(np.median(squares[near] / (known[near] - 1))) if near.any() else np.nan
        own = np.maximum(known - 1, 0)
        volatility[t] = np.sqrt((squares + _OWN_YEARS * pooled) / (own + _OWN_YEARS))
        moved = premium[t] - mean_known(premium[max(0, t - 9) : t + 1])
        for k, value in enumerate((moved, recent[-1], mean)):
            features[t, :, k] = np.clip(np.nan_to_num(value), -_LIMITS[k], _LIMITS[k]) / _UNITS[k]
    volatility = np.clip(volatility, 0.03, 0.4)
    features[:, :, 3] = np.nan_to_num(np.log(volatility / 0.1))
    return features, volatility


def _near(relative: Array) -> Mask:
    return np.asarray((relative >= NEAR[0]) & (relative <= NEAR[1]))


def _spread(levels: Array, horizon: int) -> float:
    """Return the root mean square change over the horizon per square root of a year."""
    for years in (horizon, 1):
        change = (levels[years:] - levels[:-years])[_near(levels[:-years])]
        change = change[np.isfinite(change)]
        if len(change):
            return float(np.sqrt(np.mean(change**2) / years))
    return 0.0


def _pairs(
    levels: Array, features: Array, volatility: Array, horizon: int
) -> tuple[Array, Array, Integers]:
    """Return design (m, 8), whether the step was exceeded (m,), and year from zero (m,).

    Of every economy near the line in every year with ten years before it and a known future.
    """
    designs, outcomes, years = [], [], []
    starts = range(MIN_YEARS_BEFORE, len(levels) - horizon)
    for k, t in enumerate(starts):
        ahead = levels[t + 1 : t + horizon + 1]
        rows = np.flatnonzero(
            _near(levels[t]) & np.isfinite(ahead).all(axis=0) & np.isfinite(volatility[t])
        )
        rise = (ahead[:, rows] - levels[t, rows]).max(axis=0)
        step = np.tile(STEPS, len(rows))
        each = np.repeat(rows, len(STEPS))
        designs.append(_design(step, volatility[t, each], features[t, each], horizon))
        outcomes.append((rise[:, None] > STEPS).ravel().astype(np.float64))
        years.append(np.full(len(step), k))
    if not designs:
        return np.empty((0, 8)), np.empty(0), np.empty(0, dtype=np.int64)
    return np.concatenate(designs), np.concatenate(outcomes), np.concatenate(years)


def _design(step: Array, volatility: Array, features: Array, horizon: int) -> Array:
    """Return the regressors (n, 8)."""
    return np.column_stack([
        np.ones_like(step),
        step / 0.4,
        np.log((step + 0.02) / 0.3),
        step / (2 * volatility * np.sqrt(horizon)),
        features,
    ])  # fmt: skip


def _fit(x: Array, y: Array, year: Integers, horizon: int) -> tuple[Array, Array]:
    """Return coefficients (8,) and their covariance: a penalised logit by Newton with halving.

    The rows of one economy and year count as one. The covariance sums scores by year and over
    ``horizon - 1`` lags with Bartlett weights.
    """
    penalty = PENALTY * np.array([1e-3, 0.1, 0.1, 0.1, 1, 1, 1, 1])
    each = 1 / len(STEPS)
    beta = np.array([-1.0, -1.0, -0.5, -0.5, 0, 0, 0, 0])

    def loss(b: Array) -> float:
        index = x @ b
        return float(
            each * (np.logaddexp(0, index) - y * index).sum() + 0.5 * (penalty * b * b).sum()
        )

    value = loss(beta)
    for _ in range(50):
        chance, inverse = _at(x, beta, penalty, each)
        move = inverse @ (inverse.T @ (each * (x.T @ (y - chance)) - penalty * beta))
        size = 1.0
        while (found := loss(beta + size * move)) > value + 1e-9 and size > 1e-4:
            size /= 2
        beta, value = beta + size * move, found
        if np.abs(size * move).max() < 1e-6:
            break
    chance, inverse = _at(x, beta, penalty, each)
    scores = np.zeros((int(year.max()) + 1, len(beta)))
    np.add.at(scores, year, each * x * (y - chance)[:, None])
    meat = scores.T @ scores
    for lag in range(1, min(horizon, len(scores))):
        product = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / horizon) * (product + product.T)
    bread = inverse @ inverse.T
    return beta, bread @ meat @ bread


def _at(x: Array, beta: Array, penalty: Array, each: float) -> tuple[Array, Array]:
    """Return probabilities and R^-1, with R'R the penalised information (QR, not X'X)."""
    chance = 1 / (1 + np.exp(-x @ beta))
    root = np.sqrt(each * chance * (1 - chance))
    r = np.linalg.qr(np.vstack([x * root[:, None], np.diag(np.sqrt(penalty))]), mode="r")
    return chance, np.linalg.inv(r)


def _averaged(x: Array, beta: Array, covariance: Array) -> Array:
    """Return the logit's probability averaged over normal coefficients, MacKay (1992)."""
    variance = np.maximum(np.einsum("ij,jk,ik->i", x, covariance, x), 0)
    return np.asarray(1 / (1 + np.exp(-(x @ beta) / np.sqrt(1 + np.pi * variance / 8))))
