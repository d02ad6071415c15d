"""Exponential smoothing of log output: simple, Holt's and damped, averaged over parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Draws, Vector
from forecast.randomness.streams import Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth
from forecast.timeseries.univariate.smoothing import DAMPING, HIGHEST, LOWEST, smooth

MODEL = "ets"
FEWEST_YEARS = 10
# Parameters that a form estimates beside the variance: smoothing, damping and starting state.
FORMS = {"ANN": 2, "AAN": 4, "AAdN": 5}
# Points of the posterior's grid in alpha, beta / alpha and phi, midpoints of equal cells.
CELLS = {"ANN": (60,), "AAN": (24, 20), "AAdN": (16, 14, 5)}


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsFit:
    """One form of exponential smoothing at its greatest likelihood.

    Attributes
    ----------
    form : "ANN", "AAN" or "AAdN": without slope, with slope, with damped slope.
    params : (1,) alpha or (3,) alpha, beta, phi; phi is 1 without damping.
    state : (k,) level and slope in the last year, log points x 100 (slope: % a year).
    sse : least sum of squared one-step errors.
    n_obs : observations of the level.
    """

    form: str
    params: Vector
    state: Vector
    sse: float
    n_obs: int

    @property
    def aicc(self) -> float:
        """Corrected Akaike criterion as R's forecast package counts it: n log(sse) + penalty.

        The constant of the normal likelihood is left out there, so values compare with that
        package's, not with an ARIMA's; the variance counts as a parameter.
        """
        k, n = FORMS[self.form] + 1, self.n_obs
        return n * float(np.log(self.sse)) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def ets_growth(growth: pd.Series, horizon: int, draws: int, rng: Randomness) -> GrowthDensity:
    """Return draws of growth from exponential smoothing of the log level, errors additive.

    Three forms are fitted by maximum likelihood (Hyndman, Koehler, Snyder and Grose, 2002;
    Hyndman, Koehler, Ord and Snyder, 2008): a level (ANN), a level with slope (AAN; Holt) and
    with damped slope (AAdN; Gardner and McKenzie, 1985). The point path is that of the form with
    the least AICc.

    In the density each form has its Akaike weight, exp(-AICc / 2) over their sum (Burnham and
    Anderson, 2002), so that the choice is not taken for certain. Within a form the smoothing
    parameters come from a grid posterior, flat over 0 < alpha < 1, 0 < beta < alpha and
    0.8 < phi < 0.98, weighted by the likelihood with starting state and scale integrated out;
    state and variance given them are exact: normal and scaled inverse chi-square.

    Parameters
    ----------
    growth : pandas.Series
        Growth by year, % a year; at least 10 years.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon); notes name the form, its AICc and parameters, and the weights.

    Raises
    ------
    EstimationError
        If the series is too short or broken, or does not vary.
    """
    values = checked_growth(growth, FEWEST_YEARS, MODEL)
    level = np.concatenate([[0.0], np.cumsum(values)])
    fits = [fit_ets(level, form) for form in FORMS]
    best = min(fits, key=lambda fit: fit.aicc)
    weights = np.exp(-0.5 * (np.array([fit.aicc for fit in fits]) - best.aicc))
    weights /= weights.sum()
    streams = paired(rng)
    codes = streams.parameters.choice(len(fits), size=draws, p=weights)
    # One row of shocks a draw, whatever its form: a draw keeps its shocks when parameters change.
    shocks = streams.shocks.standard_normal((draws, horizon))
    paths = np.empty((draws, horizon))
    for code, fit in enumerate(fits):
        rows = codes == code
        paths[rows] = _paths(level, fit.form, shocks[rows], streams.parameters)
    return GrowthDensity(
        name=MODEL,
        draws=paths,
        point=ets_point(best, level[-1], horizon),
        notes=_notes(best, dict(zip(FORMS, weights.tolist(), strict=True))),
    )


def fit_ets(level: Vector, form: str) -> EtsFit:
    """Return one form at its greatest likelihood: Nelder and Mead (1965) from a grid's best.

    The likelihood has several local maxima and the grid is what finds the highest: over 61
    economies of PWT 9.1 three damped fits stop 0.01 to 0.5 short in twice the log likelihood.

    Parameters
    ----------
    level : (n,) log level, x 100.
    form : one of ``FORMS``.

    Returns
    -------
    EtsFit
    """
    from scipy.optimize import minimize

    # Bounds included: a maximum there may be too thin for midpoints to see.
    shares = _lattice([np.linspace(0.0, 1.0, cells) for cells in CELLS[form]])
    fitted = smooth(level, _params(shares, form))
    start = shares[int(np.argmin(fitted.sse))]
    found = minimize(
        lambda share: float(np.log(smooth(level, _params(share[None, :], form)).sse[0])),
        start,
        method="Nelder-Mead",
        bounds=[(0.0, 1.0)] * len(start),
        options={"xatol": 1e-4, "fatol": 1e-8, "maxiter": 400},
    )
    params = _params(np.atleast_2d(found.x), form)
    last = smooth(level, params)
    return EtsFit(
        form=form,
        params=params[0],
        state=last.state[0],
        sse=float(last.sse[0]),
        n_obs=len(level),
    )


def ets_point(fit: EtsFit, last: float, horizon: int) -> Vector:
    """Return growth (horizon,), % a year, on the path from the ``last`` observed level."""
    ahead = np.full(horizon, fit.state[0])
    if fit.form != "ANN":
        ahead = ahead + fit.state[1] * np.cumsum(fit.params[2] ** np.arange(1, horizon + 1))
    return np.diff(ahead, prepend=last)


def _lattice(axes: list[Vector]) -> Draws:
    """Return every combination of the axes' values, (g, number of axes)."""
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _params(shares: Draws, form: str) -> Draws:
    """Return alpha, or alpha, beta and phi, from shares of their ranges."""
    alpha = LOWEST + (HIGHEST - LOWEST) * shares[:, 0]
    if form == "ANN":
        return alpha[:, None]
    beta = LOWEST + (alpha - LOWEST) * shares[:, 1]
    low, high = DAMPING
    phi = low + (high - low) * shares[:, 2] if form == "AAdN" else np.ones(len(alpha))
    return np.column_stack([alpha, beta, phi])


def _paths(level: Vector, form: str, unit: Draws, rng: Generator) -> Draws:
    """Return growth (draws, horizon) of one form, its parameters drawn from their posterior.

    ``unit`` holds the shocks over their standard deviation, (draws, horizon).
    """
    draws, horizon = unit.shape
    # Flat in beta given alpha, where beta runs from 0 to alpha: equal weight at each cell.
    grid = _params(_lattice([(np.arange(n) + 0.5) / n for n in CELLS[form]]), form)
    fitted = smooth(level, grid)
    weights = np.exp(fitted.log_marginal - fitted.log_marginal.max())
    index = rng.choice(len(grid), size=draws, p=weights / weights.sum())
    sigma = np.sqrt(fitted.sse[index] / rng.chisquare(fitted.degrees, size=draws))
    noise = rng.standard_normal((draws, fitted.state.shape[1]))
    state = fitted.state[index] + sigma[:, None] * np.einsum(
        "dij,dj->di", fitted.root[index], noise
    )
    shocks = unit.T * sigma
    chosen = grid[index].T
    now, slope = state[:, 0], state[:, 1] if form != "ANN" else np.zeros(draws)
    alpha, beta, phi = chosen if form != "ANN" else (chosen[0], 0.0, 0.0)
    out = np.empty((draws, horizon + 1))
    out[:, 0] = level[-1]
    for t in range(horizon):
        slope = phi * slope
        out[:, t + 1] = now + slope + shocks[t]
        now = now + slope + alpha * shocks[t]
        slope = slope + beta * shocks[t]
    return np.diff(out, axis=1)


def _notes(fit: EtsFit, weights: dict[str, float]) -> dict[str, str | float]:
    names = ("alpha",) if fit.form == "ANN" else ("alpha", "beta", "phi")
    return {
        "form": fit.form,
        "aicc": fit.aicc,
        **dict(zip(names, fit.params.tolist(), strict=True)),
        **({} if fit.form == "ANN" else {"slope": float(fit.state[1])}),
        "n_obs": float(fit.n_obs - 1),
        **{f"weight_{form}": weight for form, weight in weights.items()},
    }
