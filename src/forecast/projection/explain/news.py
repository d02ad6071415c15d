"""Why a probability of passage is another one than before: the change by what became known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.crosscountry.chain.fit_chain import FLOATING_SINCE, state_moments
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.horizons import view_within
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import LONGEST, MOMENTS, ChainFit, moment_columns
from forecast.errors import ProjectionError, unknown
from forecast.projection.explain.shapley import members, shapley_values

STATES = {
    "growth": ("growth_mean", "growth_last", "volatility_growth"),
    "exchange": (
        "premium",
        "exchange_10",
        "exchange_20",
        "exchange_last",
        "volatility_exchange",
        "exchange_now",
        "exchange_before",
        "past_level",
        "past_years",
    ),
    "income": ("relative", "position", "volatility_income"),
}
"""What is known of an economy, by what it is news of: columns of ``ChainFit.state``."""
VIEW, METHOD, TIME = "imf", "method", "time"
PARTS = (*STATES, VIEW, METHOD, TIME)


@dataclass(frozen=True, slots=True)
class _Side:
    """One fit with the views of growth that its moments hold."""

    fit: ChainFit
    view: Array  # (10, n)


def passage_news(
    old: ChainFit, new: ChainFit, countries: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Return the change of each economy's probability of passage, divided among its causes.

    The probability of having been above the line by a year, at the origin or after it. Each part
    of the forecast (`PARTS`) is taken from the old fit or the new one in all combinations; the
    division is by Shapley values, so that it does not depend on an order and sums to the change.
    ``growth``, ``exchange``: the record of growth and of the real exchange rate. ``income``: income
    over the line, revised or a year further. ``imf``: what the IMF expects, its weight unchanged.
    ``method``: coefficients, scales and error vectors. ``time``: the year asked has come nearer.

    Parameters
    ----------
    old, new : ChainFit
        Of one line.
    countries : sequence of n codes
    years : sequence of int
        After both origins, within ten years of both.

    Returns
    -------
    pandas.DataFrame
        ``country, year, old, new, change`` and `PARTS`, which sum to ``change``; nothing has Monte
        Carlo error.

    Raises
    ------
    ProjectionError
        If the lines differ, a year is too near or far, or an economy is not in both fits.
    """
    asked = np.array(list(years), dtype=np.int64)
    _check(old, new, countries, asked)
    codes = list(countries)
    sides = [_Side(fit, _views(fit, codes)) for fit in (old, new)]
    coalitions = members(len(PARTS)).astype(int)
    worth = np.stack([_passed(sides, tuple(row), codes, asked) for row in coalitions])
    # As the two fits say themselves, to the last bit.
    worth[0], worth[-1] = (_probability(fit, codes, asked - fit.origin) for fit in (old, new))
    values = shapley_values(worth)
    table = pd.DataFrame(
        {
            "country": np.repeat(codes, len(asked)),
            "year": np.tile(asked, len(codes)),
            "old": worth[0].ravel(),
            "new": worth[-1].ravel(),
            "change": (worth[-1] - worth[0]).ravel(),
        }
    )
    return table.assign(**{name: values[i].ravel() for i, name in enumerate(PARTS)})


def passage_change(old: ChainFit, new: ChainFit, year: int) -> pd.Series:
    """Return the change of the probability of passage by a year, of the economies in both fits.

    Raises
    ------
    ProjectionError
        As ``passage_news``.
    """
    both = [code for code in new.state.index if code in old.state.index]
    asked = np.array([year])
    _check(old, new, both, asked)
    first, last = (_probability(fit, both, asked - fit.origin)[:, 0] for fit in (old, new))
    return pd.Series(last - first, index=pd.Index(both, name="country"))


def _check(old: ChainFit, new: ChainFit, countries: Sequence[str], years: Integers) -> None:
    if old.line != new.line:
        raise ProjectionError(f"news: lines {old.line} and {new.line}, must be one")
    low, high = max(old.origin, new.origin) + 1, min(old.origin, new.origin) + LONGEST
    if low > high:
        raise ProjectionError(f"news: origins {old.origin} and {new.origin} are too far apart")
    if not len(years) or years.min() < low or years.max() > high:
        said = ", ".join(map(str, years)) or "none"
        raise ProjectionError(f"years: found {said}, must lie within {low}-{high}")
    for fit in (old, new):
        for code in countries:
            if code not in fit.state.index:
                raise ProjectionError(unknown(code, fit.state.index, f"economy of {fit.origin}"))


def _views(fit: ChainFit, codes: list[str]) -> Array:
    state, moments = fit.state.loc[codes], fit.moments.loc[codes]
    values = {str(name): state[name].to_numpy(dtype=np.float64) for name in state.columns}
    mean, scale = (moments[moment_columns(name)].to_numpy() for name in MOMENTS[:2])
    return view_within(fit.growth, values, float(fit.origin - FLOATING_SINCE), mean, scale)


def _passed(
    sides: Sequence[_Side], taken: tuple[int, ...], codes: list[str], years: Integers
) -> Array:
    """Return the probabilities (n, years) with each part from the side (0, 1) that is named."""
    source = dict(zip(PARTS, taken, strict=True))
    fit, view = sides[source[METHOD]].fit, sides[source[VIEW]].view
    state = fit.state.loc[codes].copy()
    for name, columns in STATES.items():
        state[list(columns)] = sides[source[name]].fit.state.loc[codes, list(columns)]
    parts = [
        *state_moments(fit.growth, state, fit.origin, view),
        *state_moments(fit.exchange, state, fit.origin, None),
    ]
    told = [column for name in MOMENTS for column in moment_columns(name)]
    moments = pd.DataFrame(np.concatenate(parts, axis=1), index=state.index, columns=told)
    ahead = years - sides[source[TIME]].fit.origin
    return _probability(replace(fit, state=state, moments=moments), codes, ahead)


def _probability(fit: ChainFit, codes: list[str], ahead: Integers) -> Array:
    forecast = forecast_chain(fit, codes)
    passed = count_passages(forecast).by[:, ahead - 1]
    return np.where(forecast.relative[:, None] > 0, 1.0, passed)
