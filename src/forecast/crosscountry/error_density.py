"""The spread of a forecast's errors, learned from the errors that were known at the origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import Array, Integers

# Set once, after looking at coverage on the test cases (docs/skill.md says so).
PENALTY = 10.0  # on the square of a slope per standard deviation, in units of log likelihood
LIMIT = 2.5  # standard deviations of a covariate
CHANGING = 3  # the first covariates, whose slopes change with the horizon
MOST_DEGREES = 60.0
MIN_ERRORS = 30
_ROUNDS = 60
_HALVINGS = 12
_CLOSE = 1e-4  # of the log likelihood
_MOST = float(np.log(MOST_DEGREES - 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSpread:
    """Student t errors, centre zero, whose scale and degrees follow covariates and the horizon.

    Attributes
    ----------
    centre, width : (k,)
        Mean and standard deviation of the covariates over past pairs.
    slopes : (2 + k + min(k, 3),)
        Of log scale on one, log horizon, the covariates and the first three times log horizon.
    tails : (2,)
        Of the log of degrees of freedom less two on one and log horizon.
    """

    centre: Array
    width: Array
    slopes: Array
    tails: Array

    def scales(self, covariates: Array, horizon: int) -> Array:
        """Return the scale (N,) of each economy's error, % a year."""
        standard = _standard(covariates, self.centre, self.width)
        return np.asarray(np.exp(_design(standard, float(np.log(horizon))) @ self.slopes))

    def degrees(self, horizon: int) -> float:
        """Return the degrees of freedom at a horizon."""
        return float(_degrees(self.tails, np.log([float(horizon)]))[0])


def fit_error_spread(errors: Array, covariates: Array, horizons: Sequence[int]) -> ErrorSpread:
    """Return the Student t regression that fits past errors of all horizons best.

    log scale = a + b log h + (c + d log h)'x and degrees = 2 + exp(e + f log h), by penalised
    maximum likelihood. Long horizons, of which the past holds few independent cases, so borrow
    from short ones; averages over more years have thinner tails.

    Parameters
    ----------
    errors : (H, M)
        Outcome less forecast, % a year, of M past pairs at each horizon; NaN where not known.
    covariates : (M, k)
        What was known then of the pair's uncertainty; a gap counts as the mean.
    horizons : sequence of H int
        Years.

    Returns
    -------
    ErrorSpread
        Of fewer than 30 errors no slopes, their mean square, and 4 degrees.

    References
    ----------
    Lange, K., Little, R. and Taylor, J. (1989), Robust statistical modeling using the t
    distribution, JASA 84: scoring with the expected information of scale and degrees.
    """
    k = covariates.shape[1]
    slopes, tails = np.zeros(2 + k + min(k, CHANGING)), np.array([np.log(2.0), 0.0])
    known = np.isfinite(errors)
    scored = covariates[known.any(axis=0)]
    centre, width = _moments(scored, k)
    spread = ErrorSpread(centre=centre, width=width, slopes=slopes, tails=tails)
    if known.sum() < MIN_ERRORS:
        square = float(np.mean(errors[known] ** 2)) if known.any() else 1.0
        slopes[0] = 0.5 * np.log(max(square, 1e-12))
        return spread
    standard = _standard(covariates, centre, width, np.inf)
    logs = np.log(np.asarray(horizons, dtype=np.float64))
    cases = _Cases(
        errors=errors[known],
        design=np.concatenate(
            [_design(standard[row], log) for row, log in zip(known, logs, strict=True)]
        ),
        log_horizons=logs,
        place=np.repeat(np.arange(len(logs)), known.sum(axis=1)),
        weight=np.repeat(1 / np.asarray(horizons, dtype=np.float64), known.sum(axis=1)),
    )
    slopes[0] = np.log(max(1.4 * float(np.median(np.abs(cases.errors))), 1e-6))
    found = _scored(cases, np.concatenate([slopes, tails]))
    return replace(spread, slopes=found[: len(slopes)], tails=found[len(slopes) :])


def _moments(covariates: Array, k: int) -> tuple[Array, Array]:
    """Return mean and standard deviation (k,) of what is known; 0 and 1 where nothing is."""
    centre, width = np.zeros(k), np.ones(k)
    for j in range(k):
        seen = covariates[np.isfinite(covariates[:, j]), j]
        if len(seen):
            centre[j], width[j] = seen.mean(), max(float(seen.std()), 1e-9)
    return centre, width


def _standard(covariates: Array, centre: Array, width: Array, limit: float = LIMIT) -> Array:
    scored = np.clip((covariates - centre) / width, -limit, limit)
    return np.where(np.isfinite(scored), scored, 0.0)


def _design(standard: Array, log_horizon: float) -> Array:
    one = np.ones((len(standard), 1))
    changing = standard[:, :CHANGING] * log_horizon
    return np.concatenate([one, one * log_horizon, standard, changing], axis=1)


def _degrees(tails: Array, log_horizon: Array) -> Array:
    return np.asarray(2 + np.exp(np.minimum(tails[0] + tails[1] * log_horizon, _MOST)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cases:
    """Known errors (n,), their design (n, p), and which of the horizons (H,) each is of."""

    errors: Array
    design: Array
    log_horizons: Array
    place: Integers
    weight: Array


def _scored(cases: _Cases, at: Array) -> Array:
    """Return slopes and tails by Fisher scoring, a step halved where the likelihood falls."""
    penalty = np.full(len(at), PENALTY)
    penalty[[0, cases.design.shape[1]]] = 0.0  # the two constants
    best = _likelihood(at, cases, penalty)
    for _ in range(_ROUNDS):
        gradient, information = _derivatives(at, cases)
        step = np.linalg.solve(information + np.diag(penalty + 1e-6), gradient - penalty * at)
        value = _likelihood(at + step, cases, penalty)
        for _ in range(_HALVINGS):
            if value >= best:
                break
            step = step / 2
            value = _likelihood(at + step, cases, penalty)
        if value <= best:
            return at
        gain, best, at = value - best, value, at + step
        if gain < _CLOSE:
            return at
    return at


def _likelihood(at: Array, cases: _Cases, penalty: Array) -> float:
    """Return the log likelihood less the penalty, the constant of pi left out."""
    from scipy.special import betaln

    width = cases.design.shape[1]
    log_scale, nu = cases.design @ at[:width], _degrees(at[width:], cases.log_horizons)
    constant = (-betaln(0.5, nu / 2) - 0.5 * np.log(nu))[cases.place]
    nu = nu[cases.place]
    z2 = (cases.errors * np.exp(-log_scale)) ** 2
    kernel = constant - (nu + 1) / 2 * np.log1p(z2 / nu) - log_scale
    return float(cases.weight @ kernel - 0.5 * (penalty * at**2).sum())


def _derivatives(at: Array, cases: _Cases) -> tuple[Array, Array]:
    """Return the gradient of the log likelihood and the expected information."""
    from scipy.special import digamma, polygamma

    design, place = cases.design, cases.place
    width, few = design.shape[1], _degrees(at[design.shape[1] :], cases.log_horizons)
    free = np.where(few < MOST_DEGREES, few - 2, 0.0)  # of the degrees on the tails
    tail = np.column_stack([free, free * cases.log_horizons])[place]
    gap = 0.5 * (digamma((few + 1) / 2) - digamma(few / 2) - 1 / few)
    same = 0.25 * (polygamma(1, few / 2) - polygamma(1, (few + 1) / 2))
    same -= (few + 5) / (2 * few * (few + 1) * (few + 3))
    nu = few[place]
    z2 = (cases.errors * np.exp(-(design @ at[:width]))) ** 2
    weight = (nu + 1) * z2 / (nu + z2)
    of_nu = gap[place] + 0.5 * (weight / nu - np.log1p(z2 / nu))
    gradient = np.concatenate(
        [design.T @ (cases.weight * (weight - 1)), tail.T @ (cases.weight * of_nu)]
    )
    across = (design * (cases.weight * -2 / ((nu + 1) * (nu + 3)))[:, None]).T @ tail
    own = (design * (cases.weight * 2 * nu / (nu + 3))[:, None]).T @ design
    information = np.block(
        [[own, across], [across.T, (tail * (cases.weight * same[place])[:, None]).T @ tail]]
    )
    return gradient, information
