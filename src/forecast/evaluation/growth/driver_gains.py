"""What a driver adds to a forecast of growth from the gap and momentum, out of sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Matrix, Vector
from forecast.errors import DataError
from forecast.panel import Panel

MOMENTUM = 5  # years over which growth so far is taken
WINDOW = 3  # years up to the origin, of whose values a driver is the mean
LEAST_TRAINED = 40  # economies behind a forecast
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
    rng: np.random.Generator,
    *,
    gap: str = "",
    frontier: str = "USA",
    draws: int = 1000,
) -> dict[str, DriverGain]:
    """Return how much every driver improves forecasts of growth from past origins.

    From each origin, average growth over the next ``horizon`` years is forecast for every economy
    by pooled least squares on a constant, the log gap to the frontier and growth over the last
    five years, learnt from windows that had ended by the origin; and by the same with the driver,
    the mean of its last three years with a value. Both have the same rows, those where the driver
    is known. Origins are all years by which `LEAST_TRAINED` economies have a window.

    Parameters
    ----------
    annual : Panel
        Annual values; the columns of ``drivers`` as they enter (logs taken by the caller).
    drivers : mapping of name to columns
        Sets that enter together.
    level, gap : str
        Whose growth is forecast, and whose gap it is; empty: of the same. Positive.
    horizon : int
        Years ahead.
    rng : numpy.random.Generator
        For the bootstrap over economies, of which ``draws`` samples are taken.
    frontier : str

    Returns
    -------
    dict of name to DriverGain
        Drivers for which no origin has enough economies are not in it.

    Raises
    ------
    DataError
        If a column or the frontier is missing.
    """
    names = list(dict.fromkeys(n for columns in drivers.values() for n in columns))
    frame = annual.require(list(dict.fromkeys([level, gap or level, *names])))
    wide = {name: _wide(frame[name]) for name in frame}
    if frontier not in wide[level].columns:
        raise DataError(f"{annual.source}: frontier {frontier!r} is not among the economies")
    kept = wide[level].columns
    base, ahead = _without(wide[level], wide[gap or level], frontier, horizon)
    found = {}
    for name, columns in drivers.items():
        own = [
            wide[c].rolling(WINDOW, min_periods=1).mean().reindex(columns=kept).to_numpy()
            for c in columns
        ]
        errors = _errors(base, np.stack(own, axis=-1), ahead, horizon)
        if errors is not None:
            found[name] = _gain(*errors, wide[level].index.to_numpy(), draws, rng)
    return found


def _wide(column: pd.Series) -> pd.DataFrame:
    table = column.unstack("country").sort_index()
    return table.reindex(range(int(table.index.min()), int(table.index.max()) + 1))


def _without(
    level: pd.DataFrame, gap: pd.DataFrame, frontier: str, horizon: int
) -> tuple[Array, Matrix]:
    """Return constant, gap and momentum (years, economies, 3), and growth to come, % a year."""
    output, standing = _log(level), _log(gap).reindex(columns=level.columns)
    distance = standing.sub(standing[frontier], axis=0)
    grown = 100 * output.diff(MOMENTUM) / MOMENTUM
    ahead = 100 * (output.shift(-horizon) - output) / horizon
    base = np.stack([np.ones(ahead.shape), distance.to_numpy(), grown.to_numpy()], axis=-1)
    return base, ahead.to_numpy()


def _log(levels: pd.DataFrame) -> pd.DataFrame:
    return levels.where(levels > 0).transform(np.log)


def _errors(base: Array, own: Array, ahead: Matrix, horizon: int) -> tuple[Array, Matrix] | None:
    """Return squared errors (2, years, economies), missing where there is none, and who has one.

    The first with the base alone, the second with the driver.
    """
    both = np.concatenate([base, own], axis=-1)
    known = ~np.isnan(both).any(axis=-1)
    usable = known & ~np.isnan(ahead)
    squared = np.full((2, *ahead.shape), np.nan)
    for origin in range(len(ahead)):
        learnt = usable.copy()
        learnt[max(origin - horizon + 1, 0) :] = False  # windows that end after the origin
        tested = usable[origin]
        if learnt.any(axis=0).sum() < LEAST_TRAINED or not tested.any():
            continue
        for which, x in enumerate((base, both)):
            slopes = _least_squares(x[learnt], ahead[learnt])
            missed = ahead[origin, tested] - x[origin, tested] @ slopes
            squared[which, origin, tested] = missed**2
    scored = ~np.isnan(squared[0])
    return (squared, scored) if scored.any() else None


def _least_squares(x: Matrix, y: Vector) -> Vector:
    scale = np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)  # units decide no digits
    slopes: Vector = np.linalg.lstsq(x / scale, y, rcond=None)[0] / scale
    return slopes


def _gain(
    squared: Array, scored: Matrix, years: Vector, draws: int, rng: np.random.Generator
) -> DriverGain:
    sums = np.nansum(squared, axis=1)  # (2, economies)
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
