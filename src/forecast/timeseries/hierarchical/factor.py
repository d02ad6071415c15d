"""The common factor of log output and its drift: one banded system."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.linalg import cho_solve_banded, cholesky_banded
from scipy.linalg.lapack import dtbtrs

from forecast.arrays import Array

WIDTH = 3  # the drift of a year and the factor of the year before are three places apart


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorEvidence:
    """What the economies say about the factor, summed over them.

    The factor f and its drift d follow f_t = f_{t-1} + d_t + N(0, s^2), d_t = d_{t-1} + N(0, q^2),
    f_0 = 0; each economy shows u_it = f_t - (1 - speed_i) f_{t-1} + e_it.

    Attributes
    ----------
    band : (2, T) diagonal of the evidence's precision of f, and beside it (t with t - 1).
    shift : (T,) its precision times mean.
    """

    band: Array
    shift: Array


def factor_evidence(u: Array, weight: Array, speed: Array) -> FactorEvidence:
    """Return the evidence from u (N, T), seen with precision ``weight`` (N, T)."""
    kept = (1 - speed)[:, None]
    # The first factor's past is f_0 = 0: those terms drop out.
    now, before = weight.sum(axis=0), (weight * kept**2).sum(axis=0)
    across = -(weight * kept).sum(axis=0)
    pulled, pushed = (weight * u).sum(axis=0), (weight * kept * u).sum(axis=0)
    diagonal, shift = now.copy(), pulled.copy()
    diagonal[:-1] += before[1:]
    shift[:-1] -= pushed[1:]
    return FactorEvidence(band=np.stack([diagonal, across]), shift=shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSystem:
    """The factored posterior of (f_1, d_1, f_2, d_2, ...).

    Attributes
    ----------
    root : (4, 2 T) lower banded Cholesky root of the precision.
    mean : (2 T,).
    log_likelihood : of the evidence given the two standard deviations, up to a constant.
    """

    root: Array
    mean: Array
    log_likelihood: float

    def draw(self, rng: Generator) -> tuple[Array, Array]:
        """Return a draw of the factor (T,) and of its drift (T,)."""
        noise, _ = dtbtrs(self.root, rng.standard_normal(len(self.mean)), uplo="L", trans="T")
        state = self.mean + np.asarray(noise).ravel()
        return state[::2].copy(), state[1::2].copy()


def factor_system(
    evidence: FactorEvidence, factor_std: float, change_std: float, first: tuple[float, float]
) -> FactorSystem:
    """Return the posterior of factor and drift given their shocks' standard deviations.

    Parameters
    ----------
    evidence : FactorEvidence
    factor_std, change_std : float
        Of the factor's annual shock and of the annual change of its drift, log points x 100.
    first : mean and standard deviation of the drift in the first year.
    """
    t = len(evidence.shift)
    s, q = 1 / factor_std**2, 1 / change_std**2
    band = np.zeros((WIDTH + 1, 2 * t))
    f, d = slice(0, None, 2), slice(1, None, 2)
    # Each year's (f_t - f_{t-1} - d_t)^2 s, then each (d_t - d_{t-1})^2 q.
    band[0, f] = 2 * s + evidence.band[0]
    band[0, 2 * t - 2] -= s
    band[0, d] = s + 2 * q
    band[0, 1] += 1 / first[1] ** 2 - q
    band[0, -1] -= q
    band[1, f] = -s
    band[2, f][:-1] = -s + evidence.band[1, 1:]
    band[2, d][:-1] = -q
    band[3, f][:-1] = s
    shift = np.zeros(2 * t)
    shift[f] = evidence.shift
    shift[1] = first[0] / first[1] ** 2
    root = cholesky_banded(band, lower=True)
    mean = cho_solve_banded((root, True), shift)
    log_prior = -2 * t * np.log(factor_std) - 2 * (t - 1) * np.log(change_std)
    log_posterior = 2 * np.log(root[0]).sum()
    return FactorSystem(
        root=root,
        mean=mean,
        log_likelihood=float(0.5 * (log_prior - log_posterior + shift @ mean)),
    )
