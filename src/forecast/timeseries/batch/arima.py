"""Autoregressions of growth, order and difference chosen, for many economies at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Cube, Draws, Integers
from forecast.timeseries.batch.stretch import last_stretches

AT_LEAST = 12
MAX_LAGS = 4
# Roots outside are pulled in to this modulus: least squares does not keep to the stationary region.
MAX_ROOT = 0.98
# Critical value of the KPSS test of a constant level at 5 % (Kwiatkowski et al., 1992, table 1).
KPSS_5 = 0.463


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoregressions:
    """One autoregression for each of n series.

    Attributes
    ----------
    differences : (n,) 0 or 1: whether growth itself is modelled or its change.
    lags : (n,) order p, 0 to 4.
    coefficients : (n, 5) constant, then lags 1 to 4, zero beyond p; no constant for a change.
    """

    differences: Integers
    lags: Integers
    coefficients: Draws


def batch_arima(growth: Draws, horizons: Sequence[int]) -> Draws:
    """Return average growth over each horizon from an autoregression of growth or of its change.

    The fast relative of ``auto_arima_growth``: d in {0, 1} by the KPSS test at 5 % as there, then
    AR(p) of growth with a constant (d = 0) or of its change without one (d = 1), p = 0 to 4 by
    corrected Akaike, all orders on the same years, by least squares conditional on the first four
    years. There are no moving-average terms. An autoregression with a root beyond 0.98 has its
    roots scaled to that modulus.

    Parameters
    ----------
    growth : (T, N) growth, % a year, NaN before a series starts; its last unbroken run is used.
    horizons : H numbers of years.

    Returns
    -------
    numpy.ndarray
        (H, N) % a year; NaN for a series that ends early or has fewer than 12 years.
    """
    runs = last_stretches(growth, AT_LEAST)
    if not runs.used.any():
        return np.full((len(horizons), growth.shape[1]), np.nan)
    fitted = fit_autoregressions(runs.growth, runs.first)
    path = _path(runs.growth, fitted, max(horizons))
    years = np.asarray(horizons)
    return runs.spread(np.cumsum(path, axis=0)[years - 1] / years[:, None])


def fit_autoregressions(growth: Draws, first: Integers) -> Autoregressions:
    """Return the autoregression of each column.

    Parameters
    ----------
    growth : (T, n) growth, zero before a series starts.
    first : (n,) row at which it starts.

    Returns
    -------
    Autoregressions
    """
    d = (kpss_level(growth, first) > KPSS_5).astype(np.int64)
    change = np.diff(growth, axis=0, prepend=0.0)
    series = np.where(d == 1, change, growth)
    begin = first + d
    rows = np.arange(len(growth))[:, None]
    inside = rows >= begin + MAX_LAGS
    lagged = [np.roll(series, lag, axis=0) for lag in range(1, MAX_LAGS + 1)]
    constant = np.broadcast_to(d == 0, series.shape).astype(np.float64)
    x = np.stack([constant, *lagged], axis=-1) * inside[..., None]
    y = np.where(inside, series, 0.0)
    lags, coefficients = _least_squares(y.T, x.transpose(1, 0, 2), d, len(growth) - begin)
    mean = np.where(d == 0, y.sum(axis=0) / inside.sum(axis=0), 0.0)
    return Autoregressions(differences=d, lags=lags, coefficients=_pulled_in(coefficients, mean))


def kpss_level(series: Draws, first: Integers) -> Array:
    """Return the KPSS statistic of a constant level (Kwiatkowski et al., 1992) of each column.

    Bartlett weights with int(4 (n / 100)^0.25) lags, as pmdarima takes it.

    Parameters
    ----------
    series : (T, n) values; those before ``first`` are not read.
    first : (n,) row at which a series starts.

    Returns
    -------
    numpy.ndarray
        (n,); zero for a constant series, which needs no difference.
    """
    count = len(series) - first
    inside = np.arange(len(series))[:, None] >= first
    kept = np.where(inside, series, 0.0)
    left = np.where(inside, kept - kept.sum(axis=0) / count, 0.0)
    lags = np.trunc(4 * (count / 100) ** 0.25)
    variance = (left**2).sum(axis=0)
    flat = variance <= 1e-20 * np.maximum((kept**2).sum(axis=0), 1e-280)
    for lag in range(1, int(lags.max()) + 1):
        weight = np.where(lag <= lags, 1 - lag / (lags + 1), 0.0)
        variance = variance + 2 * weight * (left[lag:] * left[:-lag]).sum(axis=0)
    sums = np.where(inside, np.cumsum(left, axis=0), 0.0)
    return np.where(flat, 0.0, (sums**2).sum(axis=0) / count / np.where(flat, 1.0, variance))


def _least_squares(y: Draws, x: Cube, d: Integers, count: Integers) -> tuple[Integers, Draws]:
    """Return order and coefficients of each series; one QR serves all orders, they are nested."""
    size = np.sqrt((x**2).sum(axis=1))
    size = np.where(size > 0, size, 1.0)
    q, r = np.linalg.qr(x / size[:, None, :])
    along = np.einsum("ntk,nt->nk", q, y)
    # The constant's column is empty for a change: QR then returns an arbitrary direction.
    along[d == 1, 0] = 0.0
    r[d == 1, 0] = 0.0
    r[d == 1, 0, 0] = 1.0
    total = (y**2).sum(axis=1)
    sse = np.maximum(total[:, None] - np.cumsum(along**2, axis=1), 1e-14 * total[:, None])
    n = (count - MAX_LAGS)[:, None]
    k = np.arange(MAX_LAGS + 1) + (d == 0)[:, None] + 1
    room = n - k - 1
    with np.errstate(divide="ignore"):
        aicc = n * np.log(sse / n) + np.where(
            room > 0, 2 * k + 2 * k * (k + 1) / np.maximum(room, 1), np.inf
        )
    lags = np.argmin(aicc, axis=1)
    kept = np.arange(MAX_LAGS + 1) <= lags[:, None]
    triangle = np.where(kept[:, None, :] & kept[:, :, None], r, np.eye(MAX_LAGS + 1))
    solved = np.linalg.solve(triangle, np.where(kept, along, 0.0)[..., None])[..., 0]
    return lags, np.where(kept, solved / size, 0.0)


def _pulled_in(coefficients: Draws, mean: Array) -> Draws:
    """Return coefficients with no root beyond ``MAX_ROOT``, returning to ``mean`` if altered."""
    lags = coefficients[:, 1:]
    n, p = lags.shape
    companion = np.zeros((n, p, p))
    companion[:, 0] = lags
    companion[:, np.arange(1, p), np.arange(p - 1)] = 1.0
    radius = np.abs(np.linalg.eigvals(companion)).max(axis=1)
    # Every root times c: coefficient j times c^j.
    factor = np.minimum(1.0, MAX_ROOT / np.maximum(radius, 1e-12))
    lags = lags * factor[:, None] ** np.arange(1, p + 1)
    constant = np.where(factor < 1, mean * (1 - lags.sum(axis=1)), coefficients[:, 0])
    return np.column_stack([constant, lags])


def _path(growth: Draws, fitted: Autoregressions, horizon: int) -> Draws:
    """Return growth (horizon, n) run on from the last years."""
    d = fitted.differences
    recent = growth[-MAX_LAGS - 1 :]
    past = list(np.where(d == 1, np.diff(recent, axis=0), recent[1:]))
    constant, ar = fitted.coefficients[:, 0], fitted.coefficients[:, 1:].T
    for _ in range(horizon):
        past.append(constant + sum(ar[j] * past[-1 - j] for j in range(MAX_LAGS)))
    ahead = np.array(past[MAX_LAGS:])
    return np.where(d == 1, growth[-1] + np.cumsum(ahead, axis=0), ahead)
