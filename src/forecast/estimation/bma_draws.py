"""Coefficients drawn from the posterior over models."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from forecast.estimation.bma import BayesianAverage
from forecast.estimation.model_space import membership
from forecast.estimation.record import Matrix


def posterior_draws(average: BayesianAverage, draws: int, rng: np.random.Generator) -> Matrix:
    """Return coefficients (draws, k) from the posterior: a model, then its coefficients.

    A model is drawn by its probability; s by its posterior in that model (one number under a fixed
    g); sigma^2 from its inverse gamma with df degrees of freedom; then beta ~ N(s b, s sigma^2
    inv(X'X)). Drivers that are not in the model drawn are exactly zero. In outcome units a driver
    unit; the order of the draws is random.
    """
    products = average.products
    picked = rng.choice(len(average.weights), size=draws, p=average.weights / average.weights.sum())
    models, where = np.unique(picked, return_inverse=True)
    inside = membership(average.masks[models], len(average.terms))
    out = np.zeros((draws, len(average.terms)))
    order = np.argsort(where, kind="stable")
    ends = np.cumsum(np.bincount(where, minlength=len(models)))
    for number, model in enumerate(models):
        rows = order[ends[number - 1] if number else 0 : ends[number]]
        columns = np.flatnonzero(inside[number])
        if not len(columns):
            continue
        r2 = float(average.r2[model])
        s = average.prior.draw(len(columns), r2, len(rows), rng)
        sigma2 = (1 - s * r2) / rng.chisquare(products.df, len(rows))
        factor = linalg.cholesky(products.gram[np.ix_(columns, columns)], lower=True)
        centre = linalg.cho_solve((factor, True), products.cross[columns])
        z = rng.standard_normal((len(columns), len(rows)))
        noise = linalg.solve_triangular(factor.T, z, lower=False).T
        out[np.ix_(rows, columns)] = s[:, None] * centre + np.sqrt(s * sigma2)[:, None] * noise
    return out * (products.y_length / products.lengths)
