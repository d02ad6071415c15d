"""The bias of slopes beside interactive effects where variances are unequal."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.errors import EstimationError
from forecast.estimation.interactive.layout import FactorFit, Layout, spanned_off


def factor_bias(panel: Layout, fit: FactorFit) -> Matrix:
    """Return (2, k) the biases B / N and C / T of Bai (2009), section 7.

    B comes from variances that differ between countries, C from variances that differ between
    years; errors are taken for uncorrelated over countries and years. The corrected slopes are
    the estimates less both.

    Raises
    ------
    EstimationError
        If the panel has holes.
    """
    if not panel.inside.all():
        raise EstimationError(
            "interactive_effects.bias_correction: the panel has holes; the bias is known of "
            "balanced panels alone"
        )
    countries, years = panel.y.shape
    x = panel.additive(panel.x)
    z = spanned_off(x, fit)
    d = np.einsum("itk,itl->kl", z, z) / (countries * years)
    squares = fit.left**2
    # (L'L / N)^-1 l_i: loadings of principal components are orthogonal
    weights = fit.loadings / np.mean(fit.loadings**2, axis=0)
    own = x - np.tensordot(weights @ fit.loadings.T / countries, x, (1, 0))  # X_i - V_i
    # (X_i - V_i)'F / T (L'L / N)^-1 l_i s_i^2, averaged over countries
    b = np.einsum("itk,tr,ir,i->k", own, fit.factors, weights, squares.mean(axis=1))
    b = -np.linalg.solve(d, b / (countries * years))
    # X_i'M_F W F (L'L / N)^-1 l_i, averaged; W the diagonal of years' variances
    q = np.linalg.qr(fit.factors)[0]
    moved = squares.mean(axis=0)[:, None] * fit.factors
    moved = moved - q @ (q.T @ moved)
    c = -np.linalg.solve(d, np.einsum("itk,tr,ir->k", x, moved, weights) / (countries * years))
    return np.stack([b / countries, c / years])
