"""Westerlund's four statistics of error correction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Matrix, Vector
from forecast.diagnostics.cointegration.series import long_run_variances, window
from forecast.diagnostics.unit_roots.adf import deterministics
from forecast.statistics.variation import REMAINDER


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCorrection:
    """How Westerlund's regressions are set up.

    Attributes
    ----------
    lags, leads : of the changes; leads of the drivers' alone, for drivers that are not strictly
        exogenous.
    bandwidth : of the Bartlett window of long-run variances; None for 4 (T/100)^(2/9).
    df_corrected : whether T and residual variances count rows less coefficients, as Stata's
        ``xtwest``, rather than rows, as the paper.
    """

    lags: int = 1
    leads: int = 0
    bandwidth: int | None = None
    df_corrected: bool = True


def error_correction(y: Matrix, x: Array, width: int, how: ErrorCorrection) -> Vector | None:
    """Return Gt, Ga, Pt and Pa, (4,); None where a country's regression cannot be solved.

    Each country's change of outcome on its lagged level, the drivers' lagged levels, the
    deterministic terms, lagged changes of the outcome, and changes of the drivers from ``lags``
    back to ``leads`` ahead (Westerlund 2007, equations 4 to 15).

    Parameters
    ----------
    y : (T, N)
    x : (T, N, k)
    width : int
        Deterministic columns.
    how : ErrorCorrection
    """
    change, short, others = _design(y, x, width, how)
    scale = np.linalg.norm(others, axis=1, keepdims=True)
    q, r = np.linalg.qr(others / np.where(scale > 0, scale, 1.0))
    diagonal = np.abs(np.diagonal(r, axis1=1, axis2=2))
    level = y[how.lags : len(y) - 1 - how.leads].T
    both = np.stack([level, change], axis=2)
    # twice, so that the second takes the rounding of the first away
    rest = both - q @ (q.transpose(0, 2, 1) @ both)
    rest -= q @ (q.transpose(0, 2, 1) @ rest)
    square = (rest[..., 0] ** 2).sum(axis=1)
    small = np.sqrt(square) <= REMAINDER * np.linalg.norm(level, axis=1)
    if (diagonal.min(axis=1) <= REMAINDER).any() or small.any():
        return None
    alpha = (rest[..., 0] * rest[..., 1]).sum(axis=1) / square
    e = rest[..., 1] - alpha[:, None] * rest[..., 0]
    rss = (e**2).sum(axis=1)
    if (np.sqrt(rss) <= REMAINDER * np.linalg.norm(change, axis=1)).any():
        return None
    rows = e.shape[1] - (others.shape[2] + 1 if how.df_corrected else 0)
    right = q.transpose(0, 2, 1) @ (change - alpha[:, None] * level)[..., None]
    slopes = np.linalg.solve(r, right) / np.where(scale > 0, scale, 1.0).transpose(0, 2, 1)
    u = e + (others[..., short] @ slopes[:, short])[..., 0]
    dy = np.diff(y, axis=0)
    if width == 2:
        dy = dy - dy.mean(axis=0)
    reach = window(how.bandwidth, len(y))
    long_run = np.sqrt(long_run_variances(u.T, reach) / long_run_variances(dy, reach))
    sigma = np.sqrt(rss / rows)
    pooled = ((rest[..., 0] * rest[..., 1]).sum(axis=1) / long_run).sum() / square.sum()
    spread = np.sqrt(((sigma / long_run) ** 2).mean() / square.sum())
    return np.array(
        [
            (alpha * np.sqrt(square) / sigma).mean(),
            (rows * alpha / long_run).mean(),
            pooled / spread,
            rows * pooled,
        ]
    )


def _design(y: Matrix, x: Array, width: int, how: ErrorCorrection) -> tuple[Matrix, slice, Array]:
    """Return changes (N, rows), the place of drivers' changes, all but the level (N, rows, K)."""
    first, last = how.lags, len(y) - 1 - how.leads
    dy, dx = np.diff(y, axis=0), np.diff(x, axis=0)
    terms = deterministics(last - first, width)
    fixed = np.broadcast_to(terms[:, None], (last - first, y.shape[1], width))
    past = [dy[first - j : last - j, :, None] for j in range(1, how.lags + 1)]
    shifts = [dx[first + j : last + j] for j in range(how.leads, -how.lags - 1, -1)]
    others = np.concatenate([fixed, x[first:last], *past, *shifts], axis=2).transpose(1, 0, 2)
    return dy[first:last].T, slice(others.shape[2] - len(shifts) * x.shape[2], None), others
