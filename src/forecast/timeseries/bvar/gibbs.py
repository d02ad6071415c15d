"""The Gibbs sampler that BVARs with changing shock sizes share: many short chains side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Mask
from forecast.errors import EstimationError
from forecast.timeseries.bvar.posterior import (
    BvarDraws,
    largest_root,
    matrix_normal_draws,
    weighted_posterior,
    with_constant_and_lags,
)
from forecast.timeseries.bvar.prior import BvarPrior, check_bvar_data, prior_rows

# (state, squares, rng) -> (state, weights): squares e_t' Sigma^-1 e_t, (chains, t); the new state,
# (chains, s); and one over the standard deviation that multiplies each year's shocks.
Step = Callable[[Array, Array, Generator], tuple[Array, Array]]

CHAINS = 40
BURN = 250
THIN = 2
# Sweeps over those needed if no draw were refused.
PATIENCE = 20


def gibbs_bvar(
    data: Array,
    prior: BvarPrior,
    start: Array,
    step: Step,
    draws: int,
    rng: Generator,
    max_root: float | None = None,
) -> tuple[BvarDraws, Array]:
    """Draw coefficients, covariance and the state of the shocks' sizes.

    Given the sizes, coefficients and Sigma have their conjugate posterior on weighted rows; given
    these, ``step`` draws the sizes. Forty chains run together; the first 250 sweeps are dropped
    and every second one after them is kept. Where ``max_root`` is given, draws whose largest root
    reaches it are left out, which cuts the posterior to the rest.

    Parameters
    ----------
    data : (t, n)
    prior : BvarPrior
    start : (CHAINS, s)
        State to begin from, with sizes 1.
    step : callable
        See ``Step``.
    draws : int
    rng : numpy.random.Generator
    max_root : float or None

    Returns
    -------
    BvarDraws
        Normal, of constant variance: the caller adds what ``step`` models.
    numpy.ndarray
        (draws, s) states.

    Raises
    ------
    EstimationError
        If the data cannot be used, or hardly any draw has roots below ``max_root``.
    """
    check_bvar_data(data, prior)
    before, (x, y) = prior_rows(data, prior), with_constant_and_lags(data, prior.lags)
    state, weights = start, np.ones((CHAINS, len(y)))
    kept: list[tuple[Array, Array, Array]] = []
    found = tried = 0
    for sweep in range(-BURN, PATIENCE * THIN * -(-draws // CHAINS)):
        posterior = weighted_posterior(before, x, y, weights, prior.lags)
        b, root = matrix_normal_draws(posterior, np.arange(CHAINS), rng)
        whitened = np.linalg.solve(root, (y - x @ b).swapaxes(1, 2))
        state, weights = step(state, (whitened**2).sum(axis=1), rng)
        if sweep < 0 or sweep % THIN:
            continue
        good = _below(b, prior.lags, max_root)
        kept.append((b[good], root[good], state[good]))
        found, tried = found + int(good.sum()), tried + CHAINS
        if found >= draws:
            b, root, state = (np.concatenate(part)[:draws] for part in zip(*kept, strict=True))
            share = 1 - found / tried
            return BvarDraws(coefficients=b, root=root, lags=prior.lags, rejected=share), state
    raise EstimationError(f"BVAR: only {found} of {tried} draws have all roots below {max_root}")


def _below(coefficients: Array, lags: int, max_root: float | None) -> Mask:
    if max_root is None:
        return np.ones(len(coefficients), bool)
    return np.asarray(largest_root(coefficients, lags) < max_root)
