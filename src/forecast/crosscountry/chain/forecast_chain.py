"""Paths of relative income from a fitted chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Codes
from forecast.crosscountry.chain.choose_vectors import choose_together, choose_vectors
from forecast.crosscountry.chain.identity import atlas_sums
from forecast.crosscountry.chain.later_blocks import Parts, Vectors, later_block
from forecast.crosscountry.chain.record import (
    LONGEST,
    MOMENTS,
    ChainFit,
    ChainForecast,
    moment_columns,
)
from forecast.crosscountry.chain.regressors import STATE
from forecast.errors import ProjectionError, unknown

TOGETHER = 25  # economies whose paths are worked on at once: more do not fit a processor's cache


def forecast_chain(
    fit: ChainFit,
    countries: Sequence[str] | None = None,
    *,
    horizon: int = LONGEST,
    draws: int | None = None,
    rng: Generator | None = None,
    together: bool = False,
) -> ChainForecast:
    """Return paths of relative income of some or all economies.

    The sum of g over k years is its mean plus its scale times a past standardised error, that of x
    likewise, with the errors and what the identity left taken from one past economy-year: joint
    over years and parts, with the tails and the skewness that history has. Relative income follows
    by the Atlas identity.

    Parameters
    ----------
    fit : ChainFit
    countries : sequence of str or None
        All with a known income at the origin if not given.
    horizon : int
        Years. Beyond ten, blocks of ten with independent errors (``later_block``).
    draws : int or None
        None: every error vector once, so that nothing within ten years has Monte Carlo error.
        A number: so many draws, the vectors taken equally often up to one.
    rng : numpy.random.Generator or None
        Needed with ``draws`` and beyond ten years. Of a seed, the first ten years do not depend on
        the horizon.
    together : bool
        Draw for all economies the year first from which their errors start, as totals over
        economies need. Otherwise economies share the vectors: their draws are not joint.

    Raises
    ------
    ProjectionError
        If an economy has no known income at the origin, the horizon or the number of draws is not
        positive, or ``rng`` is missing.
    """
    codes = list(fit.state.index) if countries is None else list(countries)
    _check(horizon, draws, rng is None and (draws is not None or horizon > LONGEST or together))
    count = len(fit.errors.year) if draws is None else draws

    def pick(block: int) -> Vectors:
        if rng is None or (block == 0 and draws is None and not together):
            chosen = _all(fit)
        else:
            chosen = _chosen(fit, len(codes), count, rng, together)
        return chosen, chosen, chosen

    return chain_paths(fit, codes, horizon, pick)


def chain_paths(
    fit: ChainFit, countries: Sequence[str], horizon: int, pick: Callable[[int], Vectors]
) -> ChainForecast:
    """Return paths along given error vectors: those of g, of x and of the remainder, by block.

    Parameters
    ----------
    fit : ChainFit
    countries : sequence of n codes
    horizon : int
    pick : callable
        Of the number of a block of ten years, from 0; returns three (n, draws) or (1, draws).

    Raises
    ------
    ProjectionError
        If an economy has no known income at the origin.
    """
    codes = list(countries)
    for code in codes:
        if code not in fit.state.index:
            raise ProjectionError(unknown(code, fit.state.index, f"economy of {fit.origin}"))
    moments = [fit.moments.loc[codes, moment_columns(name)].to_numpy() for name in MOMENTS]
    vectors = [pick(block) for block in range(-(-horizon // LONGEST))]
    pieces = [
        _some(fit, codes, moments, vectors, slice(begun, begun + TOGETHER))
        for begun in range(0, max(len(codes), 1), TOGETHER)
    ]
    growth, exchange, income = (
        np.concatenate([piece[..., :horizon] for piece in part])
        for part in zip(*pieces, strict=True)
    )
    return ChainForecast(
        origin=fit.origin,
        line=fit.line,
        countries=tuple(codes),
        years=np.arange(fit.origin + 1, fit.origin + horizon + 1, dtype=np.int64),
        relative=fit.state.loc[codes, "relative"].to_numpy(),
        growth_mean=moments[0],
        growth_scale=moments[1],
        exchange_mean=moments[2],
        exchange_scale=moments[3],
        vectors=np.broadcast_to(vectors[0][0], growth.shape[:2]),
        growth=growth,
        exchange=exchange,
        income=income,
    )


def _some(
    fit: ChainFit, codes: list[str], moments: list[Array], vectors: list[Vectors], rows: slice
) -> Parts:
    """Return `Parts` of some of the economies, which do not depend on others, to whole blocks."""
    first, *later = [_own(block, rows) for block in vectors]
    paths = _first_block(fit, codes[rows], [one[rows] for one in moments], first)
    for block in later:
        paths = later_block(fit, codes[rows], paths, block)
    return paths


def _own(vectors: Vectors, rows: slice) -> Vectors:
    """Return the vectors of some of the economies; a single row is of all."""
    growth, exchange, remainder = (one if len(one) == 1 else one[rows] for one in vectors)
    return growth, exchange, remainder


def _first_block(fit: ChainFit, codes: list[str], moments: list[Array], vectors: Vectors) -> Parts:
    """Return the sums of g and of x, and log income over the line, of the first ten years."""
    state, errors = fit.state.loc[codes], fit.errors
    growth = moments[0][:, None] + moments[1][:, None] * errors.growth[vectors[0]]
    exchange = moments[2][:, None] + moments[3][:, None] * errors.exchange[vectors[1]]
    now, before, relative = (
        state[name].to_numpy()[:, None, None] for name in (*STATE[:2], "relative")
    )
    change = growth + atlas_sums(exchange, now, before) + errors.remainder[vectors[2]]
    return growth, exchange, relative + change


def _check(horizon: int, draws: int | None, needs_rng: bool) -> None:
    if horizon < 1 or (draws is not None and draws < 1):
        raise ProjectionError(f"income chain: horizon {horizon}, draws {draws}; must be 1 or more")
    if needs_rng:
        raise ProjectionError("income chain: draws, joint draws and years beyond ten need an rng")


def _all(fit: ChainFit) -> Codes:
    return np.arange(len(fit.errors.year), dtype=np.int64)[None]


def _chosen(fit: ChainFit, economies: int, draws: int, rng: Generator, together: bool) -> Codes:
    """Return the error vectors of a block: (economies, draws), or (1, draws) for all alike."""
    if together:
        return choose_together(fit.errors.year, economies, draws, rng)
    return choose_vectors(len(fit.errors.year), draws, rng)[None]
