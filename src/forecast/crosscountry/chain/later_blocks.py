"""Beyond ten years: blocks of ten that start from where a path has arrived."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array, Codes
from forecast.crosscountry.chain.fit_chain import FLOATING_SINCE, LEARNT_FROM
from forecast.crosscountry.chain.horizons import means_and_scales
from forecast.crosscountry.chain.identity import atlas_sums
from forecast.crosscountry.chain.record import LONGEST, ChainFit
from forecast.crosscountry.chain.regressors import STATE, limited, position

Vectors = tuple[Codes, Codes, Codes]
Parts = tuple[Array, Array, Array]  # sums of g, of x, and log income over the line: (n, draws, h)


def later_block(fit: ChainFit, countries: list[str], so_far: Parts, vectors: Vectors) -> Parts:
    """Return the paths with ten more years.

    The sum of g is regressed on relative income alone, taken from the path and held to the
    distances learnt from; the sum of x on its own regressors taken from the path appended to the
    record; scales as in the first ten years, counted inside the block, volatilities held. The
    identity runs across the seam.

    Parameters
    ----------
    fit : ChainFit
    countries : list of n codes
    so_far : three (n, draws, h)
        Sums of g and of x since the origin, and log income over the line; h a multiple of ten.
    vectors : three (n, draws) or (1, draws)
        The error vectors of each draw's block: of g, of x and of the remainder.
    """
    growth, exchange, income = so_far
    values = _arrived(fit, countries, exchange, income)
    since = float(fit.origin - FLOATING_SINCE)
    moments = [
        part
        for regression in (fit.later, fit.exchange)
        for part in means_and_scales(regression, values, since)
    ]
    rise = moments[0] + moments[1] * fit.errors.later[vectors[0]]
    moved = moments[2] + moments[3] * fit.errors.exchange[vectors[1]]
    now, before = values[STATE[0]][..., None], values[STATE[1]][..., None]
    change = rise + atlas_sums(moved, now, before) + fit.errors.remainder[vectors[2]]
    parts = ((growth, rise), (exchange, moved), (income, change))
    first, second, third = (np.concatenate([a, a[..., -1:] + b], axis=-1) for a, b in parts)
    return first, second, third


def _arrived(
    fit: ChainFit, countries: list[str], exchange: Array, income: Array
) -> dict[str, Array]:
    """Return the regressors (n, draws) at the end of the paths."""
    state = fit.state.loc[countries]
    last = exchange[..., -1]
    changes = np.diff(exchange[..., -3:], axis=-1)
    before, now = changes[..., 0], changes[..., 1]
    low, high = np.log(LEARNT_FROM[fit.line])
    plain = {
        "premium": (2 * now + before) / 3,
        "exchange_10": last - exchange[..., -LONGEST:].mean(axis=-1),
        "exchange_20": last - _twenty_year_mean(exchange, state[list(STATE)].to_numpy()),
        "exchange_last": now,
    }
    held = {
        name: np.broadcast_to(state[name].to_numpy()[:, None], last.shape)
        for name in state.columns
        if name.startswith("volatility_")
    }
    return (
        {name: limited(name, values) for name, values in plain.items()}
        | {"position": position(np.clip(income[..., -1], low, high))}
        | held
        | {STATE[0]: now, STATE[1]: before}
    )


def _twenty_year_mean(exchange: Array, state: Array) -> Array:
    """Return the mean (n, draws) of the last twenty years' level, the record's where needed."""
    recent = exchange[..., -2 * LONGEST :]
    if recent.shape[-1] == 2 * LONGEST:
        return np.asarray(recent.mean(axis=-1))
    mean, count = state[:, 2:3], state[:, 3:4]
    return np.asarray((recent.sum(axis=-1) + mean * count) / (recent.shape[-1] + count))
