"""A Bayesian vector autoregression with Student t shocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from scipy.special import gammaln

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.timeseries.bvar.gibbs import CHAINS, gibbs_bvar
from forecast.timeseries.bvar.posterior import BvarDraws
from forecast.timeseries.bvar.prior import BvarPrior

# Degrees of freedom that are tried, equally likely beforehand; 100 is normal to the eye.
GRID = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 14.0, 20.0, 30.0, 50.0, 100.0)


def draw_bvar_heavy_tails(
    data: Array,
    prior: BvarPrior,
    draws: int,
    rng: Generator,
    max_root: float | None = None,
    grid: Sequence[float] = GRID,
) -> BvarDraws:
    """Draw a BVAR whose shocks are multivariate t: one odd year strikes all variables.

    e_t ~ N(0, lambda_t Sigma) with lambda_t inverse gamma (nu / 2, nu / 2) (Geweke, 1993, Journal
    of Applied Econometrics 8, for regressions). Given the lambdas the posterior is conjugate;
    degrees of freedom are drawn from their density on a grid with the lambdas integrated out,
    then the lambdas.

    Parameters
    ----------
    data : (t, n)
    prior : BvarPrior
    draws : int
    rng : numpy.random.Generator
    max_root : float or None
        As in `draw_bvar`.
    grid : sequence of float
        Degrees of freedom, above 2 so that shocks have a variance.

    Returns
    -------
    BvarDraws
        ``tails`` holds the degrees of freedom; Sigma is the t distribution's scale matrix.

    Raises
    ------
    EstimationError
        If the data cannot be used, the grid reaches down to 2, or hardly any draw is stable.
    """
    nu = np.array(sorted(grid), dtype=float)
    if not len(nu) or nu[0] <= 2:
        raise EstimationError("BVAR: degrees of freedom must be above 2")
    n = data.shape[-1]

    def step(_: Array, squares: Array, rng: Generator) -> tuple[Array, Array]:
        log_density = _log_likelihood(nu, squares, n)
        # The largest of logits plus Gumbel noise is a draw from them.
        chosen = nu[np.argmax(log_density + rng.gumbel(size=log_density.shape), axis=1), None]
        precision = rng.gamma((chosen + n) / 2, 2 / (chosen + squares))
        return chosen, np.sqrt(precision)

    start = np.full((CHAINS, 1), nu[-1])
    parameters, state = gibbs_bvar(data, prior, start, step, draws, rng, max_root)
    return replace(parameters, tails=state[:, 0])


def _log_likelihood(nu: Array, squares: Array, n: int) -> Array:
    """Return the log density of t shocks up to a constant, (chains, grid)."""
    t = squares.shape[1]
    level = gammaln((nu + n) / 2) - gammaln(nu / 2) - n / 2 * np.log(nu)
    fall = np.log1p(squares[:, :, None] / nu).sum(axis=1)
    return np.asarray(t * level - (nu + n) / 2 * fall)
