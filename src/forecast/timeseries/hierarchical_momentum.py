"""Slow deviations of growth, all economies at once: autoregressions seen through noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.linalg.lapack import dpttrf, dpttrs

from forecast.errors import EstimationError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentumSystem:
    """The posterior precision of m, one tridiagonal matrix for all economies end to end.

    For each economy m_t = persistence m_{t-1} + u_t, stationary with standard deviation ``std``,
    and r_t = m_t + e_t is seen with precision ``weight`` (zero where it is not seen).

    Attributes
    ----------
    weight : (N, T).
    std : (N,).
    persistence : float
    pivots, factors : the matrix's L D L' (LAPACK pttrf).
    """

    weight: Array
    std: Array
    persistence: float
    pivots: Array
    factors: Array

    def solve(self, b: Array) -> Array:
        """Return Q^-1 b for b (N, T) or (N, T, k)."""
        size = self.weight.size
        found, info = dpttrs(self.pivots, self.factors, b.reshape(size, -1))
        if info != 0:
            raise EstimationError("hierarchical: the momentum system could not be solved")
        return np.asarray(found).reshape(b.shape)

    def through(self, columns: Array) -> Array:
        """Return M x for columns x (N, T, k), M being the precision of r with m integrated out."""
        seen = self.weight[..., None] * columns
        return np.asarray(seen - self.weight[..., None] * self.solve(seen))

    def log_likelihood(self, r: Array) -> Array:
        """Return the log density (N,) of r with m integrated out, up to 2 pi."""
        n, t = self.weight.shape
        innovation = self.std**2 * (1 - self.persistence**2)
        log_prior = -t * np.log(innovation) + np.log1p(-(self.persistence**2))
        log_posterior = np.log(self.pivots).reshape(n, t).sum(axis=1)
        b = self.weight * r
        fit = (b * (self.solve(b) - r)).sum(axis=1)
        seen = np.log(np.where(self.weight > 0, self.weight, 1.0)).sum(axis=1)
        return np.asarray(0.5 * (log_prior - log_posterior + seen + fit))

    def draw(self, r: Array, rng: Generator) -> Array:
        """Return a draw of m (N, T) given r.

        Perturb and solve: a right-hand side with covariance Q gives a draw with covariance Q^-1
        (Papandreou and Yuille, 2010, Gaussian sampling by local perturbations).
        """
        n, t = self.weight.shape
        shocks = rng.standard_normal((n, t))
        root = 1 / (self.std * np.sqrt(1 - self.persistence**2))
        shocks[:, 0] *= 1 / self.std
        shocks[:, 1:] *= root[:, None]
        b = shocks.copy()
        b[:, :-1] -= self.persistence * shocks[:, 1:]
        b += self.weight * r + np.sqrt(self.weight) * rng.standard_normal((n, t))
        return self.solve(b)


def momentum_system(weight: Array, std: Array, persistence: float) -> MomentumSystem:
    """Return the factored system.

    Parameters
    ----------
    weight : (N, T) precision of each observation, zero where there is none.
    std : (N,) stationary standard deviation of the momentum.
    persistence : float
        Its autocorrelation, between 0 and 1.

    Raises
    ------
    EstimationError
        If the matrix is not positive definite.
    """
    n, t = weight.shape
    innovation = (std**2 * (1 - persistence**2))[:, None]
    diagonal = np.broadcast_to((1 + persistence**2) / innovation, (n, t)).copy()
    diagonal[:, [0, -1]] = 1 / innovation
    beside = np.broadcast_to(-persistence / innovation, (n, t)).copy()
    beside[:, -1] = 0.0  # one economy ends and the next begins
    pivots, factors, info = dpttrf((diagonal + weight).ravel(), beside.ravel()[:-1])
    if info != 0:
        raise EstimationError("hierarchical: the momentum's precision is not positive definite")
    return MomentumSystem(
        weight=weight, std=std, persistence=persistence, pivots=pivots, factors=factors
    )
