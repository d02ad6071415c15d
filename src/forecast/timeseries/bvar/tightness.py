"""How tight a BVAR's prior is, as the data say: hyperparameters chosen, or integrated over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from scipy import optimize, stats

from forecast.arrays import Array
from forecast.errors import EstimationError
from forecast.timeseries.bvar.posterior import bvar_posterior
from forecast.timeseries.bvar.prior import BvarPrior, tightness_names

# Mode and standard deviation of the Gamma hyperpriors (Giannone, Lenza and Primiceri, 2015).
HYPERPRIORS = {
    "overall": (0.2, 0.4),
    "sum_of_coefficients": (1.0, 1.0),
    "initial": (1.0, 1.0),
}
# Tightnesses are looked for between these.
BOUNDS = (1e-3, 50.0)

CHAINS = 40
BURN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TightnessDraws:
    """Draws of a prior's tightnesses given the data.

    Attributes
    ----------
    names : tuple of str
    values : (draws, h)
    acceptance : share of the Metropolis proposals taken.
    ratio : (h,) potential scale reduction over chains (Gelman and Rubin, 1992); towards 1 as the
        chains grow, above it by their autocorrelation alone while they are short.
    """

    names: tuple[str, ...]
    values: Array
    acceptance: float
    ratio: Array


def choose_bvar_prior(data: Array, prior: BvarPrior) -> BvarPrior:
    """Return the prior with the tightnesses of highest posterior density.

    Marginal likelihood times Gamma hyperpriors (Giannone, Lenza and Primiceri, 2015),
    maximised over the tightnesses that ``prior`` uses. Scales, decay and the constant's spread
    stay as they are.

    Parameters
    ----------
    data : (t, n)
    prior : BvarPrior
        Where to begin.

    Returns
    -------
    BvarPrior

    Raises
    ------
    EstimationError
        If the data cannot be used or the maximum is not found.
    """
    names = tightness_names(prior)
    found = _mode(data, prior)
    chosen = {name: float(value) for name, value in zip(names, np.exp(found), strict=True)}
    return replace(prior, **chosen)  # type: ignore[arg-type]


def draw_bvar_tightness(
    data: Array, prior: BvarPrior, draws: int, rng: Generator
) -> TightnessDraws:
    """Draw the tightnesses from their posterior by random-walk Metropolis in logs.

    Forty chains side by side start spread around the mode and step with the inverse curvature
    there times 2.4^2 / h (Gelman, Roberts and Gilks, 1996); the first 100 steps are dropped. Feed
    ``values`` to `bvar_posterior`, whose draws then integrate over them.

    Parameters
    ----------
    data : (t, n)
    prior : BvarPrior
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    TightnessDraws

    Raises
    ------
    EstimationError
        If the data cannot be used or the mode is not found.
    """
    names = tightness_names(prior)
    mode = _mode(data, prior)
    root = np.linalg.cholesky(_inverse_curvature(data, prior, mode))
    step = 2.4 / np.sqrt(len(names)) * root.T
    here = mode + rng.standard_normal((CHAINS, len(names))) @ (1.5 * root.T)
    here = np.clip(here, *np.log(BOUNDS))
    value = _log_density(data, prior, here)
    kept = np.empty((-(-draws // CHAINS), CHAINS, len(names)))
    taken = 0.0
    for turn in range(-BURN, len(kept)):
        there = here + rng.standard_normal(here.shape) @ step
        other = _log_density(data, prior, there)
        accept = np.log(rng.random(CHAINS)) < other - value
        here = np.where(accept[:, None], there, here)
        value = np.where(accept, other, value)
        if turn >= 0:
            kept[turn] = here
            taken += accept.mean() / len(kept)
    return TightnessDraws(
        names=tuple(names),
        values=np.exp(kept.reshape(-1, len(names))[:draws]),
        acceptance=float(taken),
        ratio=scale_reduction(kept),
    )


def scale_reduction(kept: Array) -> Array:
    """Return the potential scale reduction of each column, (h,), from (steps, chains, h).

    Gelman and Rubin (1992): total over within-chain standard deviation; NaN for fewer than two
    steps.
    """
    steps = len(kept)
    if steps < 2:
        return np.full(kept.shape[2], np.nan)
    within = kept.var(axis=0, ddof=1).mean(axis=0)
    between = kept.mean(axis=0).var(axis=0, ddof=1)
    return np.asarray(np.sqrt((steps - 1) / steps + between / within))


def _mode(data: Array, prior: BvarPrior) -> Array:
    """Return the logs of the tightnesses of highest density: a coarse grid, then Nelder-Mead.

    The density is that of the tightnesses themselves, without the Jacobian of the logs.
    """
    names = tightness_names(prior)
    axes = [np.log([0.02, 0.1, 0.3, 1.0]) if n == "overall" else np.log([0.2, 1, 5]) for n in names]
    grid = np.array(np.meshgrid(*axes)).reshape(len(names), -1).T
    start = grid[np.argmax(_log_density(data, prior, grid, jacobian=False))]
    found = optimize.minimize(
        lambda at: -float(_log_density(data, prior, at[None, :], jacobian=False)[0]),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-8, "maxiter": 4000, "maxfev": 4000},
    )
    if not (found.success and np.isfinite(found.fun)):
        raise EstimationError(f"BVAR: the prior's tightness could not be chosen: {found.message}")
    return np.asarray(found.x)


def _log_density(data: Array, prior: BvarPrior, logs: Array, jacobian: bool = True) -> Array:
    """Return evidence plus hyperpriors at rows of log tightnesses, (m,); -inf out of bounds."""
    inside = ((logs > np.log(BOUNDS[0])) & (logs < np.log(BOUNDS[1]))).all(axis=1)
    out = np.full(len(logs), -np.inf)
    if not inside.any():
        return out
    values = np.exp(logs[inside])
    total = bvar_posterior(data, prior, values).log_evidence
    for column, name in zip(values.T, tightness_names(prior), strict=True):
        total = total + stats.gamma.logpdf(column, *_gamma(*HYPERPRIORS[name]))
    out[inside] = total + (logs[inside].sum(axis=1) if jacobian else 0.0)
    return out


def _gamma(mode: float, std: float) -> tuple[float, float, float]:
    """Return shape, location and scale of the Gamma density with this mode and deviation."""
    scale = (np.sqrt(mode**2 + 4 * std**2) - mode) / 2
    return mode / scale + 1, 0.0, float(scale)


def _inverse_curvature(data: Array, prior: BvarPrior, mode: Array) -> Array:
    """Return minus the inverse Hessian of the log density at ``mode``, by central differences.

    A direction in which the density is flat or convex there (a tightness that the data let run to
    a bound) takes the standard deviation 1 in logs.
    """
    h, width = len(mode), 0.05
    steps = width * np.eye(h)
    points = [mode] + [
        mode + a * steps[i] + b * steps[j]
        for i in range(h)
        for j in range(h)
        for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    value = _log_density(data, prior, np.array(points))[1:].reshape(h, h, 4)
    hessian = (value[..., 0] - value[..., 1] - value[..., 2] + value[..., 3]) / (4 * width**2)
    if not np.isfinite(hessian).all():
        return np.eye(h)
    spread, directions = np.linalg.eigh(-hessian)
    variance = np.where(spread > 1, 1 / np.maximum(spread, 1), 1.0)
    return np.asarray((directions * variance) @ directions.T)
