"""The posterior over models behind an average of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg

from forecast.arrays import Masks, Matrix, Vector
from forecast.estimation.averaging.evidence import CoefficientPrior
from forecast.estimation.averaging.space import CrossProducts, membership

TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesianAverage:
    """Posterior of a regression whose drivers are uncertain.

    Attributes
    ----------
    terms : (k,) drivers.
    pip : (k,) posterior inclusion probability.
    mean, cov : (k,) and (k, k) posterior moments over all models, in outcome units a driver unit; a
        driver that is out counts as zero.
    mean_if_in, sd_if_in : (k,) moments over the models that hold the driver; NaN where pip is 0.
    positive : (k,) share of those models' probability with a positive posterior mean.
    sizes : (k + 1,) posterior probability of 0, 1, ..., k drivers.
    masks, weights : (m,) models (bit j: driver j) and their probabilities, most probable first.
    r2 : (m,) of those models.
    products : the regression's cross-products, from which a model's coefficients follow.
    prior : prior on coefficients.
    sigma2 : posterior mean of the error variance.
    enumerated : whether all models were visited.
    stats : further numbers by name: ``models`` visited, ``shrinkage``, and of the chain
        ``accepted`` and ``corr_pmp``, the correlation of frequencies with exact weights.
    """

    terms: tuple[str, ...]
    pip: Vector
    mean: Vector
    cov: Matrix
    mean_if_in: Vector
    sd_if_in: Vector
    positive: Vector
    sizes: Vector
    masks: Masks
    weights: Vector
    r2: Vector
    products: CrossProducts
    prior: CoefficientPrior
    sigma2: float
    enumerated: bool
    stats: dict[str, float]

    def tidy(self) -> pd.DataFrame:
        """Return one row a driver: inclusion, and moments with and without condition."""
        return pd.DataFrame(
            {
                "term": self.terms,
                "pip": self.pip,
                "mean": self.mean,
                "sd": np.sqrt(np.diag(self.cov)),
                "mean_if_in": self.mean_if_in,
                "sd_if_in": self.sd_if_in,
                "positive": self.positive,
            }
        )

    def top(self, models: int = TOP) -> pd.DataFrame:
        """Return the most probable models: ``rank, probability, size, r2, drivers``."""
        inside = membership(self.masks[:models], len(self.terms))
        return pd.DataFrame(
            {
                "rank": np.arange(1, len(inside) + 1),
                "probability": self.weights[:models],
                "size": inside.sum(axis=1),
                "r2": self.r2[:models],
                "drivers": [
                    " + ".join(t for t, there in zip(self.terms, row, strict=True) if there)
                    for row in inside
                ],
            }
        )

    def draw(self, draws: int, rng: np.random.Generator) -> Matrix:
        """Return coefficients (draws, k) from the posterior: a model, then its coefficients.

        A model is drawn by its probability; s by its posterior in that model (one number under a
        fixed g); sigma^2 from its inverse gamma with df degrees of freedom; then beta ~ N(s b, s
        sigma^2 inv(X'X)). Drivers that are not in the model drawn are exactly zero. In outcome
        units a driver unit; the order of the draws is random.
        """
        products = self.products
        picked = rng.choice(len(self.weights), size=draws, p=self.weights / self.weights.sum())
        models, where = np.unique(picked, return_inverse=True)
        inside = membership(self.masks[models], len(self.terms))
        out = np.zeros((draws, len(self.terms)))
        order = np.argsort(where, kind="stable")
        ends = np.cumsum(np.bincount(where, minlength=len(models)))
        for number, model in enumerate(models):
            rows = order[ends[number - 1] if number else 0 : ends[number]]
            columns = np.flatnonzero(inside[number])
            if not len(columns):
                continue
            r2 = float(self.r2[model])
            s = self.prior.draw(len(columns), r2, len(rows), rng)
            sigma2 = (1 - s * r2) / rng.chisquare(products.df, len(rows))
            factor = linalg.cholesky(products.gram[np.ix_(columns, columns)], lower=True)
            centre = linalg.cho_solve((factor, True), products.cross[columns])
            z = rng.standard_normal((len(columns), len(rows)))
            noise = linalg.solve_triangular(factor.T, z, lower=False).T
            out[np.ix_(rows, columns)] = s[:, None] * centre + np.sqrt(s * sigma2)[:, None] * noise
        return out * (products.y_length / products.lengths)
