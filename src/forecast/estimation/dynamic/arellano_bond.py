"""The test for serial correlation of Arellano and Bond (1991), after GMM."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.estimation.dynamic.gmm import GmmFit, GmmStep
from forecast.estimation.dynamic.moments import Moments
from forecast.estimation.dynamic.period_grid import moved_by
from forecast.statistics.significance.tails import normal_sf


def serial_correlation(
    problem: Moments, fit: GmmFit, step: GmmStep, cov: Matrix, *, assumed: bool, orders: int = 2
) -> dict[str, float]:
    """Return the tests that differenced errors are uncorrelated with those 1, 2, ... periods ago.

    First order is expected: differences share an error. Second order says that errors in levels are
    correlated, so that the second lag is no instrument. The errors are those of the first
    differences, whatever the equations estimated (Roodman 2009, section 3.5). The variance
    (Arellano and Bond 1991, equation 8) takes the coefficients' covariance as reported.

    Parameters
    ----------
    problem : Moments
    fit : GmmFit
    step : GmmStep
        The step whose coefficients are reported.
    cov : (p, p) their covariance as reported
    assumed : bool
        Whether errors are taken as independent with one variance (classical, one-step) rather than
        by their products within countries.
    orders : int

    Returns
    -------
    dict
        ``ar1``, ``ar1_p``, ...: standard normal under the null, two-sided; NaN where no two
        differences are that far apart.
    """
    found: dict[str, float] = {}
    regressors = problem.differences @ problem.levels
    change = (problem.differences @ problem.grid.y[:, :, None])[:, :, 0]
    errors = change - regressors @ step.params
    for order in range(1, orders + 1):
        past = moved_by(errors, order, 0.0)
        past = past * (np.abs(problem.differences).sum(axis=2) > 0)
        products = (past * errors).sum(axis=1)
        slope = np.einsum("nt,ntp->p", past, regressors)
        if assumed:
            back = (problem.differences.transpose(0, 2, 1) @ past[:, :, None])[:, :, 0]
            own = fit.sigma2 * float(np.sum(back**2))
            moved = (problem.maps @ back[:, :, None])[:, :, 0]
            crossed = fit.sigma2 * np.einsum("nrl,nr->l", problem.z, moved)
        else:
            own = float(products @ products)
            crossed = step.scores.T @ products
        variance = own - 2 * float(slope @ step.response @ crossed) + float(slope @ cov @ slope)
        z = float(products.sum() / np.sqrt(variance)) if variance > 0 else float("nan")
        found |= {f"ar{order}": z, f"ar{order}_p": float(2 * normal_sf(abs(z)))}
    return found
