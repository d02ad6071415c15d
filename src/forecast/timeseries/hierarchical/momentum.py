"""Slow deviations of growth, all economies at once: autoregressions seen through noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.linalg.lapack import dpttrf, dpttrs

from forecast.arrays import Array, Mask
from forecast.errors import EstimationError


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentumSystem:
    """The posterior precision of m, one tridiagonal matrix for all economies end to end.

    For each economy m_t = persistence m_{t-1} + u_t, and r_t = m_t + e_t is seen with precision
    ``weight`` (zero where it is not seen). The first m has precision ``shock[:, 0]``.

    Attributes
    ----------
    weight : (N, T).
    shock : (N, T) precision of u.
    persistence : float
    log_shock : (N,) sum of the logs of ``shock``, but for a term in the volatilities.
    pivots, factors : (N T,) the matrix's L D L' (LAPACK pttrf); one economy's part depends on
        nothing of another's.
    """

    weight: Array
    shock: Array
    persistence: float
    log_shock: Array
    pivots: Array
    factors: Array

    def solve(self, b: Array) -> Array:
        """Return Q^-1 b for b (N, T) or (k, N, T)."""
        found, info = dpttrs(self.pivots, self.factors[:-1], b.reshape(-1, self.weight.size).T)
        if info != 0:
            raise EstimationError("hierarchical: the momentum system could not be solved")
        return np.asarray(found).T.reshape(b.shape)

    def through(self, rows: Array) -> Array:
        """Return M x for rows x (k, N, T), M being the precision of r with m integrated out."""
        seen = self.weight * rows
        return np.asarray(seen - self.weight * self.solve(seen))

    def log_likelihood(self, r: Array) -> Array:
        """Return the log density (N,) of r with m integrated out.

        Up to 2 pi, and to terms in the volatilities and in the sizes of the noise in r.
        """
        log_posterior = np.log(self.pivots).reshape(r.shape).sum(axis=1)
        b = self.weight * r
        fit = (b * (self.solve(b) - r)).sum(axis=1)
        return np.asarray(0.5 * (self.log_shock - log_posterior + fit))

    def where(self, rows: Mask, other: MomentumSystem) -> MomentumSystem:
        """Return this system for economies in ``rows`` (N,) and ``other`` for the rest."""
        wide, flat = rows[:, None], np.repeat(rows, self.weight.shape[1])
        return MomentumSystem(
            weight=np.where(wide, self.weight, other.weight),
            shock=np.where(wide, self.shock, other.shock),
            persistence=self.persistence,
            log_shock=np.where(rows, self.log_shock, other.log_shock),
            pivots=np.where(flat, self.pivots, other.pivots),
            factors=np.where(flat, self.factors, other.factors),
        )

    def draw(self, r: Array, rng: Generator) -> Array:
        """Return a draw of m (N, T) given r.

        Perturb and solve: a right-hand side with covariance Q gives a draw with covariance Q^-1
        (Papandreou and Yuille, 2010, Gaussian sampling by local perturbations).
        """
        shocks = np.sqrt(self.shock) * rng.standard_normal(self.shock.shape)
        b = shocks.copy()
        b[:, :-1] -= self.persistence * shocks[:, 1:]
        b += self.weight * r + np.sqrt(self.weight) * rng.standard_normal(r.shape)
        return self.solve(b)


def momentum_system(
    weight: Array, std: Array, volatility: Array, persistence: float
) -> MomentumSystem:
    """Return the factored system.

    Parameters
    ----------
    weight : (N, T) precision of each observation, zero where there is none.
    std : (N,) standard deviation of the momentum where volatility stays at one.
    volatility : (N, T) multiplies the standard deviation of shocks.
    persistence : float
        Its autocorrelation, between 0 and 1.

    Raises
    ------
    EstimationError
        If the matrix is not positive definite.
    """
    shock = 1 / (std[:, None] * volatility) ** 2
    shock[:, 1:] /= 1 - persistence**2
    diagonal = weight + shock
    diagonal[:, :-1] += persistence**2 * shock[:, 1:]
    beside = np.zeros_like(shock)  # the last year's stays zero: there the next economy begins
    beside[:, :-1] = -persistence * shock[:, 1:]
    pivots, factors, info = dpttrf(diagonal.ravel(), beside.ravel()[:-1])
    if info != 0:
        raise EstimationError("hierarchical: the momentum's precision is not positive definite")
    t = shock.shape[1]
    return MomentumSystem(
        weight=weight,
        shock=shock,
        persistence=persistence,
        log_shock=-2 * t * np.log(std) - (t - 1) * np.log1p(-(persistence**2)),
        pivots=pivots,
        factors=np.append(factors, 0.0),
    )
