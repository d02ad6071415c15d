"""A Bayesian vector autoregression with common stochastic volatility."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array
from forecast.randomness.truncated_normal import truncated_standard
from forecast.timeseries.bvar.banded_precision import factorise, solve, solve_upper
from forecast.timeseries.bvar.gibbs import CHAINS, gibbs_bvar
from forecast.timeseries.bvar.posterior import BvarDraws
from forecast.timeseries.bvar.prior import BvarPrior

# Prior of h's persistence (normal, cut to the stationary region) and of the variance of its
# changes (inverse gamma: degrees of freedom, mean).
PERSISTENCE = (0.8, 0.2)
LARGEST = 0.99
CHANGES = (6.0, 0.05)

NEWTON_STEPS = 20


def draw_bvar_volatility(
    data: Array,
    prior: BvarPrior,
    draws: int,
    rng: Generator,
    max_root: float | None = None,
) -> tuple[BvarDraws, Array]:
    """Draw a BVAR all of whose shocks grow and shrink together.

    e_t ~ N(0, exp(h_t) Sigma) with h_t = phi h_{t-1} + u_t of mean zero: the common volatility of
    Carriero, Clark and Marcellino (2016, Journal of Business and Economic Statistics 34), which
    keeps the conjugate form, here stationary. h is drawn as a whole by independence Metropolis
    from the normal approximation at its mode, found by Newton on the banded precision; phi and
    the variance of u from their conditionals.

    Parameters
    ----------
    data : (t, n)
    prior : BvarPrior
    draws : int
    rng : numpy.random.Generator
    max_root : float or None
        As in `draw_bvar`.

    Returns
    -------
    BvarDraws
        With ``volatility``.
    numpy.ndarray
        (draws, t - p) h in every year.

    Raises
    ------
    EstimationError
        If the data cannot be used, or hardly any draw is stable.
    """
    n, years = data.shape[-1], len(data) - prior.lags

    def step(state: Array, squares: Array, rng: Generator) -> tuple[Array, Array]:
        h, phi, std = state[:, :-2].T, state[:, -2], state[:, -1]
        h = _draw_path(h, squares.T, n, phi, std, rng)
        std = _draw_std(h, phi, rng)
        phi = _draw_persistence(h, phi, std, rng)
        return np.column_stack([h.T, phi, std]), np.exp(-h.T / 2)

    start = np.zeros((CHAINS, years + 2))
    start[:, -2:] = PERSISTENCE[0], np.sqrt(CHANGES[1])
    parameters, state = gibbs_bvar(data, prior, start, step, draws, rng, max_root)
    return replace(parameters, volatility=state[:, -3:]), state[:, :-2]


def _draw_path(h: Array, squares: Array, n: int, phi: Array, std: Array, rng: Generator) -> Array:
    """Return h (t, chains) given e_t' Sigma^-1 e_t, by one Metropolis step."""
    prior = _band(len(h), phi, std)
    # From zero, not from h: the proposal must not depend on where the chain stands.
    mode = np.zeros_like(h)
    for _ in range(NEWTON_STEPS):
        pull = squares / 2 * np.exp(-mode)
        precision = prior.copy()
        precision[:, 0] += pull
        move = solve(factorise(precision), pull - n / 2 - _times(prior, mode))
        # Far below the mode the quadratic overshoots; half a unit of log size is always safe.
        mode = mode + np.clip(move, -1.0, 1.0)
        if np.abs(move).max() < 1e-3:
            break
    precision = prior.copy()
    precision[:, 0] += squares / 2 * np.exp(-mode)
    there = mode + solve_upper(factorise(precision), rng.standard_normal(h.shape))
    gain = _log_ratio(there, mode, squares, n, prior, precision) - _log_ratio(
        h, mode, squares, n, prior, precision
    )
    accept = np.log(rng.random(h.shape[1])) < gain
    return np.where(accept, there, h)


def _log_ratio(
    h: Array, mode: Array, squares: Array, n: int, prior: Array, precision: Array
) -> Array:
    """Return log density less log proposal of h, up to a constant, (chains,)."""
    density = -n / 2 * h - squares / 2 * np.exp(-h) - h * _times(prior, h) / 2
    away = h - mode
    return np.asarray((density + away * _times(precision, away) / 2).sum(axis=0))


def _band(t: int, phi: Array, std: Array) -> Array:
    """Return the tridiagonal precision of a stationary first-order autoregression."""
    out = np.empty((t, 2, len(phi)))
    out[:, 0], out[:, 1] = 1 + phi**2, -phi
    out[[0, -1], 0] = 1.0
    out[-1, 1] = 0.0
    return out / std**2


def _times(band: Array, h: Array) -> Array:
    out = band[:, 0] * h
    out[1:] += band[:-1, 1] * h[:-1]
    out[:-1] += band[:-1, 1] * h[1:]
    return np.asarray(out)


def _draw_std(h: Array, phi: Array, rng: Generator) -> Array:
    dof, mean = CHANGES
    squares = (1 - phi**2) * h[0] ** 2 + ((h[1:] - phi * h[:-1]) ** 2).sum(axis=0)
    return np.asarray(
        np.sqrt((mean * (dof - 2) + squares) / rng.chisquare(dof + len(h), size=len(phi)))
    )


def _draw_persistence(h: Array, phi: Array, std: Array, rng: Generator) -> Array:
    """Return phi: proposed from the regression, accepted for the first year's variance."""
    precision = (h[:-1] ** 2).sum(axis=0) / std**2 + PERSISTENCE[1] ** -2
    mean = (h[1:] * h[:-1]).sum(axis=0) / std**2 + PERSISTENCE[0] * PERSISTENCE[1] ** -2
    mean, spread = mean / precision, precision**-0.5
    low, high = (-LARGEST - mean) / spread, (LARGEST - mean) / spread
    there = mean + spread * truncated_standard(low, high, rng)

    def log_first(value: Array) -> Array:
        rest = 1 - value**2
        return np.asarray(np.log(rest) / 2 - rest * h[0] ** 2 / (2 * std**2))

    accept = np.log(rng.random(len(phi))) < log_first(there) - log_first(phi)
    return np.where(accept, there, phi)
