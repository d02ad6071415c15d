"""Tests of the instruments of GMM: Sargan, Hansen, difference-in-Hansen."""

from __future__ import annotations

import numpy as np
from scipy import stats

from forecast.arrays import Codes, Matrix, Vector
from forecast.estimation.dynamic.gmm import GmmFit, GmmStep, inverse
from forecast.estimation.dynamic.moments import Moments


def overidentification(problem: Moments, fit: GmmFit) -> dict[str, float]:
    """Return the tests that the instruments are uncorrelated with the errors.

    ``sargan``: one-step moments weighed by the first step's matrix over the error variance, valid
    for independent errors of one variance only (Sargan 1958). ``hansen``: two-step moments weighed
    by the second step's, valid without that (Hansen 1982), weak where instruments are many beside
    countries. ``diff_hansen``: how much of it the lags for the level equation add. The smaller
    model is estimated with the part of the larger one's second-step matrix that belongs to it, so
    the difference cannot be negative unless that matrix is singular; xtabond2 does the same.

    Returns
    -------
    dict
        ``sargan``, ``hansen`` and, for system GMM, ``diff_hansen``, each with ``_df`` and ``_p``;
        empty where there are as many instruments as coefficients.
    """
    df = fit.rank - problem.x.shape[2]
    if df == 0:
        return {}
    hansen = _statistic(fit.two)
    found = _chi_squared("sargan", _statistic(fit.one) / fit.sigma2, df)
    found |= _chi_squared("hansen", hansen, df)
    rest = ~problem.nearest
    if not rest.all():
        kept = np.flatnonzero(rest)
        smaller, rank = _hansen_of(fit, kept)
        if rank >= problem.x.shape[2]:
            found |= _chi_squared("diff_hansen", hansen - smaller, fit.rank - rank)
    return found


def wald(params: Vector, cov: Matrix, name: str) -> dict[str, float]:
    """Return the test that all of ``params`` (p,) are zero, chi-squared with p degrees."""
    weights, rank = inverse(cov)
    return _chi_squared(name, float(params @ weights @ params), rank)


def _statistic(step: GmmStep) -> float:
    moments = step.scores.sum(axis=0)
    return float(moments @ step.weights @ moments)


def _hansen_of(fit: GmmFit, kept: Codes) -> tuple[float, int]:
    """Return Hansen's statistic of a part of the instruments, and their number."""
    weights, rank = inverse(fit.omega[np.ix_(kept, kept)])
    zx = fit.zx_sum[kept]
    zy = fit.two.scores.sum(axis=0)[kept] + zx @ fit.two.params
    half = zx.T @ weights
    params = np.linalg.lstsq(half @ zx, half @ zy, rcond=None)[0]
    left = zy - zx @ params
    return float(left @ weights @ left), rank


def _chi_squared(name: str, statistic: float, df: int) -> dict[str, float]:
    return {
        name: statistic,
        f"{name}_df": float(df),
        f"{name}_p": float(stats.chi2.sf(statistic, df)),
    }
