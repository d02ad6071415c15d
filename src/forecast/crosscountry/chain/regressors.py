"""What each economy's growth and real exchange rate are forecast from, clipped and scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forecast.arrays import Array
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.windows import trailing_count, trailing_mean, trailing_spread

GROWTH_TERMS = ("growth_mean", "growth_last", "position")
EXCHANGE_TERMS = ("premium", "exchange_10", "exchange_20", "exchange_last", "position")
GROWTH_SPREAD = ("volatility_growth", "volatility_income", "position")
EXCHANGE_SPREAD = ("volatility_exchange", "volatility_income", "position")
STATE = ("exchange_now", "exchange_before", "past_level", "past_years")
"""What a path needs from before its origin and no regression does: x of the last two years, and
the mean of the real exchange rate over the last ten less its last value, with the years known."""

POOLED = (np.log(0.1), np.log(2.0))  # relative income of the economies whose variances are pooled
_OWN_YEARS = 5.0  # years of pooled variance that an economy's own is shrunk with
_MIDDLE = 0.7  # log distance from the line of an economy in the middle of those learnt from

# Largest absolute value that counts, and unit (about a standard deviation, so that one penalty
# suits all); log points.
_LIMITS = {
    "growth_mean": (0.06, 0.02),
    "growth_last": (0.12, 0.03),
    "premium": (0.4, 0.1),
    "exchange_10": (0.6, 0.2),
    "exchange_20": (0.8, 0.25),
    "exchange_last": (0.4, 0.1),
}
# Bounds and unit of standard deviations, log points a year.
_SPREADS = {
    "volatility_growth": (0.01, 0.15, 0.035),
    "volatility_income": (0.03, 0.4, 0.1),
    "volatility_exchange": (0.02, 0.5, 0.09),
}
_USUAL_GROWTH = 0.02


def chain_regressors(record: ChainRecord) -> dict[str, Array]:
    """Return every regressor (T, N) as known in each year; what is missing counts as usual (0).

    ``growth_mean``: mean g of ten years (at least five known) less 2 %; ``growth_last``: last g
    less that mean; ``position``: (r + .7) / .7; ``premium``: [2 x(t) + x(t-1)] / 3, the change of
    income already under way by the Atlas method's smoothing; ``exchange_10``, ``exchange_20``: the
    level of the real exchange rate less its mean of 10 and of 20 years; ``exchange_last``: x;
    ``volatility_*``: log of the shrunk ten-year standard deviation of g, r's change and x over a
    usual one. Those of `STATE` are in plain log points.

    Parameters
    ----------
    record : ChainRecord
        Through the origin; a year's regressors use that year and earlier ones.
    """
    now, before = record.exchange, _lag(record.exchange)
    level = np.where(np.isfinite(now), np.nancumsum(now, axis=0), np.nan)
    mean = trailing_mean(record.growth, 10, least=5)
    plain = {
        "growth_mean": mean - _USUAL_GROWTH,
        "growth_last": record.growth - mean,
        "premium": (2 * now + before) / 3,
        "exchange_10": level - trailing_mean(level, 10, least=5),
        "exchange_20": level - trailing_mean(level, 20, least=8),
        "exchange_last": now,
    }
    found = {name: limited(name, values) for name, values in plain.items()}
    found["position"] = np.nan_to_num(position(record.relative))
    return found | _spreads(record) | _state(now, before, level)


def design_of(values: Mapping[str, Array], terms: Sequence[str]) -> Array:
    """Return a constant and the named regressors (..., 1 + terms)."""
    first = next(iter(values.values()))
    return np.stack([np.ones_like(first), *(values[name] for name in terms)], axis=-1)


def limited(name: str, values: Array) -> Array:
    """Return a regressor clipped and in its unit; 0 where it is not known."""
    limit, unit = _LIMITS[name]
    return np.asarray(np.clip(np.nan_to_num(values), -limit, limit) / unit)


def in_log_points(name: str, values: Array) -> Array:
    """Return mean growth or a volatility in log points a year, as limited, from its regressor."""
    if name in _SPREADS:
        return np.asarray(np.exp(values) * _SPREADS[name][2])
    return np.asarray(values * _LIMITS[name][1] + _USUAL_GROWTH)


def position(relative: Array) -> Array:
    """Return relative income as a regressor."""
    return np.asarray((relative + _MIDDLE) / _MIDDLE)


def income_spread(record: ChainRecord) -> Array:
    """Return the shrunk ten-year standard deviation (T, N) of r's change; NaN where unknown."""
    return _spread(record, "volatility_income", _difference(record.relative))


def _spreads(record: ChainRecord) -> dict[str, Array]:
    parts = {
        "volatility_growth": record.growth,
        "volatility_income": _difference(record.relative),
        "volatility_exchange": record.exchange,
    }
    return {
        name: np.nan_to_num(np.log(_spread(record, name, values) / _SPREADS[name][2]))
        for name, values in parts.items()
    }


def _spread(record: ChainRecord, name: str, values: Array) -> Array:
    low, high, _ = _SPREADS[name]
    near = (record.relative >= POOLED[0]) & (record.relative <= POOLED[1])
    spread = trailing_spread(values, 10, near, _OWN_YEARS)
    spread[0] = np.nan  # nothing has changed yet
    return np.asarray(np.clip(spread, low, high))


def _state(now: Array, before: Array, level: Array) -> dict[str, Array]:
    return {
        "exchange_now": np.nan_to_num(now),
        "exchange_before": np.nan_to_num(before),
        "past_level": np.nan_to_num(trailing_mean(level, 10, least=1) - level),
        "past_years": np.where(np.isfinite(level), trailing_count(level, 10), 0.0),
    }


def _difference(values: Array) -> Array:
    change = np.full_like(values, np.nan)
    change[1:] = np.diff(values, axis=0)
    return change


def _lag(values: Array) -> Array:
    moved = np.full_like(values, np.nan)
    moved[1:] = values[:-1]
    return moved
