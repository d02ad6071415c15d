"""Paths of relative income from a fitted chain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Codes
from forecast.crosscountry.chain.choose_vectors import choose_together, choose_vectors
from forecast.crosscountry.chain.fit_chain import FIRST_YEAR, VIEW_COLUMNS
from forecast.crosscountry.chain.horizons import means_and_scales
from forecast.crosscountry.chain.identity import atlas_sums
from forecast.crosscountry.chain.later_blocks import later_block
from forecast.crosscountry.chain.record import LONGEST, ChainFit, ChainForecast
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
    for code in codes:
        if code not in fit.state.index:
            raise ProjectionError(unknown(code, fit.state.index, f"economy of {fit.origin}"))
    random = draws is not None or horizon > LONGEST or together
    _check(horizon, draws, random and rng is None)
    count = len(fit.errors.year) if draws is None else draws
    chosen = _choose(fit, len(codes), draws, rng, together)
    state = fit.state.loc[codes]
    moments = _moments(fit, codes)
    growth = moments[0][:, None] + moments[1][:, None] * fit.errors.growth[chosen]
    exchange = moments[2][:, None] + moments[3][:, None] * fit.errors.exchange[chosen]
    now, before = (state[name].to_numpy()[:, None, None] for name in STATE[:2])
    change = growth + atlas_sums(exchange, now, before) + fit.errors.remainder[chosen]
    relative = state["relative"].to_numpy()
    paths = (growth, exchange, relative[:, None, None] + change)
    while paths[0].shape[-1] < horizon:
        paths = later_block(fit, codes, paths, _choose(fit, len(codes), count, rng, together))
    growth, exchange, income = (part[..., :horizon] for part in paths)
    return ChainForecast(
        origin=fit.origin,
        line=fit.line,
        countries=tuple(codes),
        years=np.arange(fit.origin + 1, fit.origin + horizon + 1, dtype=np.int64),
        relative=relative,
        growth_mean=moments[0],
        growth_scale=moments[1],
        exchange_mean=moments[2],
        exchange_scale=moments[3],
        vectors=np.broadcast_to(chosen, growth.shape[:2]),
        growth=growth,
        exchange=exchange,
        income=income,
    )


def _check(horizon: int, draws: int | None, needs_rng: bool) -> None:
    if horizon < 1 or (draws is not None and draws < 1):
        raise ProjectionError(f"income chain: horizon {horizon}, draws {draws}; must be 1 or more")
    if needs_rng:
        raise ProjectionError("income chain: draws, joint draws and years beyond ten need an rng")


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


def _moments(fit: ChainFit, countries: list[str]) -> list[Array]:
    """Return mean and scale of g, mean and scale of x, each (n, 10)."""
    state = fit.state.loc[countries]
    values = {str(name): state[name].to_numpy(dtype=np.float64) for name in state.columns}
    view = np.stack([values[n] for n in VIEW_COLUMNS]) if VIEW_COLUMNS[0] in values else None
    since = float(fit.origin - FIRST_YEAR)
    return [
        part
        for regression in (fit.growth, fit.exchange)
        for part in means_and_scales(regression, values, since, view)
    ]
