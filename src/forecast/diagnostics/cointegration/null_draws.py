"""Westerlund's statistics on panels made under no cointegration."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Array, Matrix
from forecast.diagnostics.cointegration.error_correction import ErrorCorrection, error_correction
from forecast.diagnostics.unit_roots.adf import deterministics


def null_draws(
    y: Matrix, x: Array, width: int, how: ErrorCorrection, draws: int, rng: np.random.Generator
) -> Matrix:
    """Return Gt, Ga, Pt and Pa of each bootstrap sample, (draws, 4).

    Each country's changes are regressed on their own past and the drivers' changes, without levels;
    years of residuals and drivers' changes, of all countries together and about their means, are
    drawn with replacement, and the outcome is built up from them (Westerlund 2007, section 5).
    Samples without a unique solution are left out.

    Parameters
    ----------
    y : (T, N)
    x : (T, N, k)
    width : int
        Deterministic columns.
    how : ErrorCorrection
    draws : int
    rng : numpy.random.Generator
    """
    length, n = y.shape
    k = x.shape[2]
    dy, dx = np.diff(y, axis=0), np.diff(x, axis=0)
    first, last = how.lags, length - 1 - how.leads
    own, cross = np.empty((how.lags, n)), np.empty((how.lags + how.leads + 1, n, k))
    resid = np.empty((last - first, n))
    terms = deterministics(last - first, width)
    for i in range(n):
        past = [dy[first - j : last - j, i] for j in range(1, how.lags + 1)]
        shifts = [dx[first + j : last + j, i] for j in range(how.leads, -how.lags - 1, -1)]
        design = np.column_stack([*past, *shifts, terms])
        slopes = np.linalg.lstsq(design, dy[first:last, i], rcond=None)[0]
        resid[:, i] = dy[first:last, i] - design @ slopes
        own[:, i] = slopes[: how.lags]
        cross[:, i] = slopes[how.lags : how.lags + len(cross) * k].reshape(-1, k)
    resid = resid - resid.mean(axis=0)
    moves = dx[first:last] - dx[first:last].mean(axis=0)
    found = []
    for _ in range(draws):
        one = error_correction(*_panel(resid, moves, own, cross, length, rng), width, how)
        if one is not None:
            found.append(one)
    return np.array(found).reshape(-1, 4)


def _panel(
    resid: Matrix, moves: Array, own: Matrix, cross: Array, length: int, rng: np.random.Generator
) -> tuple[Matrix, Array]:
    """Return an outcome and drivers of ``length`` years, after as many years that are dropped."""
    lags, span = len(own), len(cross)
    total = 2 * length
    at = rng.integers(0, len(resid), total + span)
    e, dx = resid[at], moves[at]
    # year t is row t + lags of what was drawn; slopes begin with the furthest lead
    u = e[lags : lags + total] + sum(
        (cross[j] * dx[span - 1 - j :][:total]).sum(axis=2) for j in range(span)
    )
    change = np.zeros((total, resid.shape[1]))
    for t in range(total):
        change[t] = u[t]
        for j in range(1, min(lags, t) + 1):
            change[t] += own[j - 1] * change[t - j]
    x = np.cumsum(dx[lags : lags + total][-length:], axis=0)
    return np.cumsum(change[-length:], axis=0), x
