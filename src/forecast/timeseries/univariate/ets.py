"""Exponential smoothing of log output: simple, Holt's and damped, averaged over parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array, Draws, Integers, Vector, read_only
from forecast.randomness.streams import Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth
from forecast.timeseries.univariate.ets_search import (
    Lattice,
    search_lattice,
    search_shares,
    search_starts,
)
from forecast.timeseries.univariate.smoothing import (
    Smoothed,
    StartBasis,
    fit_start,
    form_params,
    smooth_all,
    start_basis,
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsPosterior:
    """What a series says about exponential smoothing: all that draws are made from.

    Attributes
    ----------
    last : the level in the last year, log points x 100.
    fits : of every form, at its greatest likelihood.
    params : dict of form to (3, g) alpha, beta and phi at the points of its grid.
    given : dict of form to Smoothed, the state at each point.
    """

    last: float
    fits: tuple[EtsFit, ...]
    params: Mapping[str, Draws]
    given: Mapping[str, Smoothed]

    @property
    def best(self) -> EtsFit:
        """The fit with the least AICc."""
        return min(self.fits, key=lambda fit: fit.aicc)

    @property
    def weights(self) -> Vector:
        """Akaike weights of the forms."""
        weights = np.exp(-0.5 * (np.array([fit.aicc for fit in self.fits]) - self.best.aicc))
        return np.asarray(weights / weights.sum())


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
    return draw_ets(fit_ets_posterior(growth), horizon, draws, rng)


def fit_ets_posterior(growth: pd.Series) -> EtsPosterior:
    """Return what draws of `ets_growth` are made from; found once for many calls of `draw_ets`.

    Raises
    ------
    EstimationError
        If the series is too short or broken, or does not vary.
    """
    values = checked_growth(growth, FEWEST_YEARS, MODEL)
    level = np.concatenate([[0.0], np.cumsum(values)])
    fits, given = _fitted(level, tuple(FORMS))
    return EtsPosterior(
        last=float(level[-1]),
        fits=tuple(fits),
        params={form: form_grid(len(level), form).params for form in FORMS},
        given=given,
    )


def draw_ets(posterior: EtsPosterior, horizon: int, draws: int, rng: Randomness) -> GrowthDensity:
    """Return the draws of `ets_growth` from a posterior found before."""
    streams, best, weights = paired(rng), posterior.best, posterior.weights
    codes = streams.parameters.choice(len(weights), size=draws, p=weights)
    # One row of shocks a draw, whatever its form: a draw keeps its shocks when parameters change.
    shocks = streams.shocks.standard_normal((draws, horizon))
    return GrowthDensity(
        name=MODEL,
        draws=_paths(posterior, codes, shocks, streams.parameters),
        point=ets_point(best, posterior.last, horizon),
        notes=_notes(best, dict(zip(FORMS, weights.tolist(), strict=True))),
    )


def fit_ets(level: Vector, form: str) -> EtsFit:
    """Return one form at its greatest likelihood: Newton's steps from a grid's best points.

    The likelihood has several local maxima, some on bounds too thin for the grid to see, so that
    the search has several starts (`search_starts`).

    Parameters
    ----------
    level : (n,) log level, x 100.
    form : one of ``FORMS``.

    Returns
    -------
    EtsFit
    """
    return _fitted(level, (form,))[0][0]


def _fitted(level: Vector, forms: tuple[str, ...]) -> tuple[list[EtsFit], dict[str, Smoothed]]:
    """Return each form at its greatest likelihood, and its state all over its grid."""
    smoothed = smooth_all(level, [form_grid(len(level), form) for form in forms])
    given = dict(zip(forms, smoothed, strict=True))
    starts = {form: search_starts(_lattice(form), one.sse) for form, one in given.items()}
    shares = np.array(list(search_shares(level, starts).values()))
    params = form_params(shares.T, forms)
    last = fit_start(level, params)
    fits = [
        EtsFit(
            form=form,
            params=params[: 1 if form == "ANN" else 3, i],
            state=last.last[: 1 if form == "ANN" else 2, i],
            sse=float(last.sse[i]),
            n_obs=len(level),
        )
        for i, form in enumerate(forms)
    ]
    return fits, given


def ets_point(fit: EtsFit, last: float, horizon: int) -> Vector:
    """Return growth (horizon,), % a year, on the path from the ``last`` observed level."""
    ahead = np.full(horizon, fit.state[0])
    if fit.form != "ANN":
        ahead = ahead + fit.state[1] * np.cumsum(fit.params[2] ** np.arange(1, horizon + 1))
    return np.diff(ahead, prepend=last)


# Sixteen lengths, some 2 MB each: the records of many economies are of a dozen.
@lru_cache(maxsize=48)
def form_grid(n: int, form: str) -> StartBasis:
    """Return the posterior's grid of a form with what it says about ``n`` years of any data."""
    params = form_params(_lattice(form).shares.T[:, None], (form,))[:, 0]
    return read_only(start_basis(n, params, 1 if form == "ANN" else 2))


@lru_cache(maxsize=len(FORMS))
def _lattice(form: str) -> Lattice:
    """Return shares of alpha's, beta's and phi's ranges, zero where a form has none.

    Flat in beta given alpha, where beta runs from 0 to alpha: equal weight at each cell.
    """
    axes = [(np.arange(n) + 0.5) / n for n in CELLS[form]]
    axes += [np.zeros(1)] * (3 - len(axes))
    shares = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    return read_only(search_lattice(form, shares))


def _paths(posterior: EtsPosterior, codes: Integers, unit: Draws, rng: Generator) -> Draws:
    """Return growth (draws, horizon), parameters of each form drawn from their posterior.

    ``unit`` holds the shocks over their standard deviation, (draws, horizon); ``codes`` the forms.
    """
    draws, horizon = unit.shape
    params, state, sigma = np.empty((3, draws)), np.zeros((2, draws)), np.empty(draws)
    for code, (form, given) in enumerate(posterior.given.items()):
        rows = np.flatnonzero(codes == code)
        weights = np.exp(given.log_marginal - given.log_marginal.max())
        index = rng.choice(len(weights), size=len(rows), p=weights / weights.sum())
        scale = np.sqrt(given.sse[index] / rng.chisquare(given.degrees, size=len(rows)))
        noise = rng.standard_normal((len(rows), given.state.shape[1]))
        moved = scale[:, None] * np.einsum("dij,dj->di", given.root[index], noise)
        params[:, rows] = posterior.params[form][:, index]
        state[: given.state.shape[1], rows] = (given.state[index] + moved).T
        sigma[rows] = scale
    shocks = unit.T * sigma
    (alpha, beta, phi), (now, slope) = params, state
    out: Array = np.empty((horizon + 1, draws))
    out[0] = posterior.last
    for shock, ahead in zip(shocks, out[1:], strict=True):
        slope *= phi
        now += slope
        np.add(now, shock, out=ahead)
        now += alpha * shock
        slope += beta * shock
    return np.ascontiguousarray(np.diff(out, axis=0).T)


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
