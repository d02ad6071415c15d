"""Paths of relative income from a fitted chain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array, Codes
from forecast.crosscountry.chain.choose_vectors import choose_together, choose_vectors
from forecast.crosscountry.chain.identity import atlas_sums
from forecast.crosscountry.chain.later_blocks import Parts, later_block
from forecast.crosscountry.chain.record import LONGEST, MOMENTS, ChainFit, ChainForecast
from forecast.crosscountry.chain.regressors import STATE
from forecast.errors import ProjectionError, unknown


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

    The sums of g and of x over k years are their means plus their scales times past standardised
    errors, which with what the identity left come from one past economy-year: joint over years and
    parts, as heavy-tailed and skewed as history. Relative income follows by the Atlas identity.

    Parameters
    ----------
    fit : ChainFit
    countries : sequence of str or None
        All with a known income at the origin if not given.
    horizon : int
        Years. Beyond ten, blocks of ten with independent errors (``later_block``).
    draws : int or None
        None: every error vector once, without Monte Carlo error within ten years. A number: the
        vectors are taken equally often up to one.
    rng : numpy.random.Generator or None
        Needed with ``draws`` and beyond ten years; the first ten do not depend on the horizon.
    together : bool
        Draw first the year from which all economies' errors start, as totals over economies need.
        Otherwise economies share the vectors: their draws are not joint.

    Raises
    ------
    ProjectionError
        If an economy has no known income at the origin, the horizon or the number of draws is not
        positive, or ``rng`` is missing.
    """
    codes = _known(fit, countries)
    _check(horizon, draws, rng, together)
    chosen = _choose(fit, len(codes), draws, rng, together)
    place = fit.state.index.get_indexer(pd.Index(codes))
    moments = [getattr(fit, name)[place] for name in MOMENTS]
    paths = _first_block(fit, codes, moments, chosen)
    while paths[0].shape[-1] < horizon:
        following = _choose(fit, len(codes), chosen.shape[1], rng, together)
        paths = later_block(fit, codes, paths, following)
    growth, exchange, income = (part[..., :horizon] for part in paths)
    return ChainForecast(
        origin=fit.origin,
        line=fit.line,
        countries=tuple(codes),
        years=np.arange(fit.origin + 1, fit.origin + horizon + 1, dtype=np.int64),
        relative=fit.state.loc[codes, "relative"].to_numpy(),
        **dict(zip(MOMENTS, moments, strict=True)),
        vectors=np.broadcast_to(chosen, growth.shape[:2]),
        growth=growth,
        exchange=exchange,
        income=income,
    )


def _known(fit: ChainFit, countries: Sequence[str] | None) -> list[str]:
    codes = list(fit.state.index) if countries is None else list(countries)
    for code in codes:
        if code not in fit.state.index:
            raise ProjectionError(unknown(code, fit.state.index, f"economy of {fit.origin}"))
    return codes


def _check(horizon: int, draws: int | None, rng: Generator | None, together: bool) -> None:
    if horizon < 1 or (draws is not None and draws < 1):
        raise ProjectionError(f"income chain: horizon {horizon}, draws {draws}; must be 1 or more")
    if rng is None and (draws is not None or together or horizon > LONGEST):
        raise ProjectionError("income chain: draws, joint draws and years beyond ten need an rng")


def _first_block(fit: ChainFit, codes: list[str], moments: list[Array], chosen: Codes) -> Parts:
    """Return the sums of g and of x, and log income over the line, of the first ten years."""
    state, errors = fit.state.loc[codes], fit.errors
    growth = moments[0][:, None] + moments[1][:, None] * errors.growth[chosen]
    exchange = moments[2][:, None] + moments[3][:, None] * errors.exchange[chosen]
    now, before, relative = (
        state[name].to_numpy()[:, None, None] for name in (*STATE[:2], "relative")
    )
    change = growth + atlas_sums(exchange, now, before) + errors.remainder[chosen]
    return growth, exchange, relative + change


def _choose(
    fit: ChainFit, economies: int, draws: int | None, rng: Generator | None, together: bool
) -> Codes:
    """Return the error vectors of a block: (economies, draws), or (1, draws) for all alike."""
    start = fit.errors.year
    if rng is None or (draws is None and not together):
        return np.arange(len(start))[None]
    count = len(start) if draws is None else draws
    if together:
        return choose_together(start, economies, count, rng)
    return choose_vectors(len(start), count, rng)[None]
