"""A regression that heavy tails do not pull, with a scale that has regressors of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from forecast.arrays import Array, Matrix, Vector

DEGREES = 5.0  # of the t distribution whose weights are used
RIDGE = 3.0  # observations' worth of prior that a coefficient is zero; none on the constant
_SCALE_RIDGE = 1.0
_FREE = 1e-6  # on the constants: enough to keep them determined
_ROUNDS = 6
_SMALLEST = 1e-4  # log points added to an error before its log
_LARGEST = 25.0  # squared standardised errors count no more than this in the scale's level


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustFit:
    """A mean and a scale.

    Attributes
    ----------
    beta : (p,) of the mean.
    gamma : (q,) of the log scale.
    factor : float
        What the fitted scale is multiplied with, so that standardised errors have variance one.
    """

    beta: Vector
    gamma: Vector
    factor: float


def robust_regression(y: Vector, x: Matrix, z: Matrix) -> RobustFit:
    """Return mean and scale of y given x and z, both beginning with a constant.

    Six rounds of weighted ridge regression of y on x, with the weights of a t distribution with
    nu = 5 degrees, (nu + 1) / (nu + e^2 / s^2) / s^2, brought to mean one; and of the log absolute
    error on z for the log scale s.

    Parameters
    ----------
    y : (m,)
    x : (m, p)
    z : (m, q)

    References
    ----------
    Lange, K., Little, R. and Taylor, J. (1989), Robust statistical modeling using the t
    distribution, JASA 84; Harvey, A. (1976), Estimating regression models with multiplicative
    heteroscedasticity, Econometrica 44.
    """
    weight = np.ones(len(y))
    for _ in range(_ROUNDS):
        root = np.sqrt(weight / weight.mean())
        beta = _ridge(y * root, x * root[:, None], RIDGE)
        error = y - x @ beta
        gamma = _ridge(np.log(np.abs(error) + _SMALLEST), z, _SCALE_RIDGE)
        scale = np.exp(z @ gamma)
        factor = float(np.sqrt(np.mean(np.minimum((error / scale) ** 2, _LARGEST))))
        scale = scale * factor
        weight = (DEGREES + 1) / (DEGREES + (error / scale) ** 2) / scale**2
    return RobustFit(beta=beta, gamma=gamma, factor=factor)


def _ridge(y: Vector, x: Matrix, penalty: float) -> Array:
    """Return coefficients (p,) by QR of the columns scaled, the penalty as rows below them.

    Neither X'X nor an inverse is formed.
    """
    columns = x.shape[1]
    prior = np.sqrt(np.array([_FREE] + [penalty] * (columns - 1)))
    stacked = np.vstack([x, np.diag(prior)])
    lengths = np.sqrt(np.einsum("ij,ij->j", stacked, stacked))
    told = np.concatenate([y, np.zeros(columns)])
    r = np.asarray(np.linalg.qr(np.column_stack([stacked / lengths, told]), mode="r"))
    solved = solve_triangular(r[:columns, :columns], r[:columns, columns], check_finite=False)
    return np.asarray(solved / lengths)
