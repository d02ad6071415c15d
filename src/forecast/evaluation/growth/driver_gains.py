"""What a driver adds to a forecast of growth from the gap and momentum, out of sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers, Matrix, Vector
from forecast.errors import DataError
from forecast.panel import Panel
from forecast.randomness.streams import Streams

MOMENTUM = 5  # years over which growth so far is taken
WINDOW = 3  # years up to the origin, of whose values a driver is the mean
LEAST_TRAINED, LEAST_WINDOWS = 40, 5  # economies behind a forecast, and outcomes of each
LEVELS = (0.05, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverGain:
    """One driver, or set of drivers, beside the forecast without it.

    Attributes
    ----------
    economies, cases : int
        Forecasts scored, and the economies that they are of.
    first, last : int
        Origins.
    rmse_base, rmse_with : float
        Root mean squared errors of average growth, % a year.
    gain, low, high : float
        100 (1 - rmse_with / rmse_base), and its 90 % interval over economies.
    """

    economies: int
    cases: int
    first: int
    last: int
    rmse_base: float
    rmse_with: float
    gain: float
    low: float
    high: float


def driver_gains(
    annual: Panel,
    drivers: Mapping[str, Sequence[str]],
    level: str,
    horizon: int,
    *,
    gap: str = "",
    frontier: str = "USA",
    draws: int = 1000,
    seed: int = 0,
) -> dict[str, DriverGain]:
    """Return how much every driver improves forecasts of growth from past origins.

    From each origin, average growth over the next ``horizon`` years is forecast for every economy
    by pooled least squares on a constant, the log gap to the frontier and growth over the last
    five years, learnt from windows that had ended by the origin; and by the same with the driver,
    the mean of what is known of its last three years. Both have the same rows, those where the
    driver is known. Origins are all years by which `LEAST_TRAINED` economies have `LEAST_WINDOWS`
    windows each: from fewer, a slope would be that of one moment's cross-section.

    Parameters
    ----------
    annual : Panel
        Annual values; the columns of ``drivers`` as they enter (logs taken by the caller).
    drivers : mapping of name to columns
        Sets that enter together.
    level : str
        Whose growth is forecast; positive.
    horizon : int
        Years ahead.
    gap : str
        Level that the gap is of; empty: ``level``.
    frontier : str
    draws : int
        Samples of economies.
    seed : int
        Of the samples; a driver's do not depend on which others are asked about.

    Returns
    -------
    dict of name to DriverGain
        Drivers for which no origin has enough economies are not in it.

    Raises
    ------
    DataError
        If a column or the frontier is missing.
    """
    known = _measured(annual, drivers, level, horizon, gap=gap or level, frontier=frontier)
    streams, found = Streams.of_seed(seed), {}
    for name, own in known.own.items():
        squared = (known.ahead - _forecasts(known.base, own, known.ahead, horizon)) ** 2
        if not np.isnan(squared).all():
            rng = streams.generator("coefficients", f"gain of {name}")
            found[name] = _gain(squared, known.years, draws, rng)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """Years by economies: the regressors (T, N, k) of the base and of each set, and outcomes."""

    base: Array
    own: Mapping[str, Array]
    ahead: Matrix
    years: Integers


def _measured(
    annual: Panel,
    drivers: Mapping[str, Sequence[str]],
    level: str,
    horizon: int,
    *,
    gap: str,
    frontier: str,
) -> _Measured:
    names = [n for columns in drivers.values() for n in columns]
    frame = annual.require(list(dict.fromkeys([level, gap, *names])))
    years = frame.index.get_level_values("year")
    span = range(int(years.min()), int(years.max()) + 1)
    wide = {str(name): frame[name].unstack("country").reindex(span) for name in frame}
    if frontier not in wide[level].columns:
        raise DataError(f"{annual.source}: frontier {frontier!r} is not among the economies")
    output, standing = _log(wide[level]), _log(wide[gap])
    distance = standing.sub(standing[frontier], axis=0)
    grown = 100 * output.diff(MOMENTUM) / MOMENTUM
    ahead = 100 * (output.shift(-horizon) - output) / horizon
    recent = {name: wide[name].rolling(WINDOW, min_periods=1).mean() for name in set(names)}
    return _Measured(
        base=np.stack([np.ones(ahead.shape), distance.to_numpy(), grown.to_numpy()], axis=-1),
        own={
            name: np.stack([recent[c].to_numpy() for c in columns], axis=-1)
            for name, columns in drivers.items()
        },
        ahead=ahead.to_numpy(),
        years=ahead.index.to_numpy(),
    )


def _log(levels: pd.DataFrame) -> pd.DataFrame:
    return levels.where(levels > 0).transform(np.log)


def _forecasts(base: Array, own: Array, ahead: Matrix, horizon: int) -> Array:
    """Return forecasts (2, years, economies), missing where there is none.

    The first with the base alone, the second with the driver; wherever both know what they need,
    whether or not the outcome has come.
    """
    both = np.concatenate([base, own], axis=-1)
    known = ~np.isnan(both).any(axis=-1)
    usable = known & ~np.isnan(ahead)
    told = np.full((2, *ahead.shape), np.nan)
    for origin in range(horizon, len(ahead)):
        learnt = usable.copy()
        learnt[origin - horizon + 1 :] = False  # windows that end after the origin
        if (learnt.sum(axis=0) >= LEAST_WINDOWS).sum() < LEAST_TRAINED:
            continue
        tested = known[origin]
        for which, x in enumerate((base, both)):
            told[which, origin, tested] = x[origin, tested] @ _least_squares(
                x[learnt], ahead[learnt]
            )
    return told


def _least_squares(x: Matrix, y: Vector) -> Vector:
    scale = np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)  # units decide no digits
    slopes: Vector = np.linalg.lstsq(x / scale, y, rcond=None)[0] / scale
    return slopes


def _gain(squared: Array, years: Integers, draws: int, rng: np.random.Generator) -> DriverGain:
    """Return the gain of squared errors (2, years, economies), whole economies drawn anew."""
    scored = ~np.isnan(squared[0])
    sums = np.nansum(squared, axis=1)
    counts = scored.sum(axis=0)
    own = counts > 0
    sums, counts = sums[:, own], counts[own]
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), draws)
    totals = drawn @ sums.T
    gains = 100 * (1 - np.sqrt(totals[:, 1] / totals[:, 0]))
    low, high = np.quantile(gains, LEVELS)
    base, with_driver = np.sqrt(sums.sum(axis=1) / counts.sum())
    origins = years[scored.any(axis=1)]
    return DriverGain(
        economies=int(own.sum()),
        cases=int(counts.sum()),
        first=int(origins[0]),
        last=int(origins[-1]),
        rmse_base=float(base),
        rmse_with=float(with_driver),
        gain=float(100 * (1 - with_driver / base)),
        low=float(low),
        high=float(high),
    )
