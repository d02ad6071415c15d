"""The base year's income is not final: its revision drawn from what earlier editions became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Vector
from forecast.crosscountry.chain.record import ChainForecast


def revise_base(
    forecast: ChainForecast, levels: Sequence[float], revisions: Sequence[float], rng: Generator
) -> ChainForecast:
    """Return the forecast with every path moved by a drawn revision of the base year's income.

    Growth and the real exchange rate stay: what moves is where the path starts. The line is
    announced, and is not revised. Each economy meets every part of the distribution equally often.

    Parameters
    ----------
    forecast : ChainForecast
    levels, revisions : sequence of float
        Quantiles of past revisions: levels between 0 and 1, rising, and log points. Between them
        the distribution is even; beyond the outer ones it has none.
    rng : numpy.random.Generator
        Left advanced.
    """
    economies, draws = forecast.income.shape[:2]
    moved = np.stack([drawn_revisions(draws, levels, revisions, rng) for _ in range(economies)])
    return replace(forecast, income=forecast.income + moved[..., None])


def drawn_revisions(
    draws: int,
    levels: Sequence[float] | Vector,
    revisions: Sequence[float] | Vector,
    rng: Generator,
) -> Array:
    """Return revisions (draws,), log points: every part of the distribution as often as any other.

    Parameters
    ----------
    draws : int
    levels, revisions : sequence of float
        As for ``revise_base``.
    rng : numpy.random.Generator
        Left advanced.
    """
    even = (np.arange(draws) + 0.5) / draws
    placed = levels[0] + even * (levels[-1] - levels[0])
    return np.asarray(rng.permutation(np.interp(placed, levels, revisions)))


def revised_away_chance(
    margin: Array, levels: Sequence[float], revisions: Sequence[float]
) -> Array:
    """Return the probability (...) that an income above the line by ``margin`` is revised below.

    Parameters
    ----------
    margin : (...)
        Log of income over the line, as first published.
    levels, revisions : sequence of float
        As for ``revise_base``. Below the first quantile the chance is none.
    """
    reached = np.interp(-np.asarray(margin), revisions, levels, left=levels[0], right=levels[-1])
    return np.asarray((reached - levels[0]) / (levels[-1] - levels[0]))
