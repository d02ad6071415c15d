"""The convergence regression as a density forecast of one economy's growth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from forecast.arrays import Array, Paths
from forecast.errors import ProjectionError
from forecast.estimation.record import Estimate
from forecast.projection.regressors import RegressorPath
from forecast.randomness.streams import Pair, Randomness, paired


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """Shrinkage of countries' residual variances (Smyth 2004, section 6.2).

    Attributes
    ----------
    prior_df, prior_variance : float
        d0 and s0^2: a country's variance is worth d0 further observations of s0^2.
    """

    prior_df: float
    prior_variance: float


def convergence_growth(
    estimate: Estimate,
    path: RegressorPath,
    country: str,
    gap: float,
    ahead: Paths,
    annual_std: float,
    block: int,
    rng: Randomness,
) -> Paths:
    """Draw growth paths from a convergence regression, the gap feeding back year by year.

    Growth in year t of period p is const + beta'x_t + u_i + e_p + w_t. Coefficients are drawn from
    N(b, V). The country effect is predicted from the country's own residuals at the drawn
    coefficients (best linear unbiased prediction, Goldberger 1962), so that uncertainty in beta
    does not move the level of growth that the country has shown. Period shocks e_p have the
    country's residual variance, shrunk to the other countries' (Smyth 2004); annual deviations
    w_t have ``annual_std`` and their part in a period's mean is taken out of e_p.

    Parameters
    ----------
    estimate : Estimate
        A model with a constant and no fixed effects, and ``sigma2_id`` and ``sigma2_idios``
        among its ``stats`` (random effects).
    path : RegressorPath
        Baseline regressors in the projected years.
    gap : float
        Log gap to the frontier at the start.
    ahead : (draws, t)
        Frontier growth, % a year.
    annual_std : float
        Standard deviation of annual growth around its period means, percentage points.
    block : int
        Years a period.

    Returns
    -------
    (draws, t) growth of output per worker, % a year.
    """
    draws, years = ahead.shape
    check_convergence(estimate, country)
    streams = paired(rng)
    coefficients = _coefficients(estimate, draws, streams.parameters)
    const, beta = coefficients[:, 0], coefficients[:, 1:]
    effect = _country_effect(estimate, country, const, beta, streams.parameters)
    shocks = _shocks(estimate, country, (draws, years), annual_std, block, streams)
    level, slope = beta @ path.level.T, beta @ path.slope.T
    growth = np.empty((draws, years))
    distance = np.full(draws, gap)
    for t in range(years):
        growth[:, t] = const + effect + level[:, t] + slope[:, t] * distance + shocks[:, t]
        distance = distance + (growth[:, t] - ahead[:, t]) / 100
    return growth


def moderation(residuals: pd.Series) -> Moderation:
    """Fit the prior of `Moderation` to countries' residual variances, by moments of their logs.

    With z = log s_i^2 on d_i degrees of freedom, E z = log s0^2 + psi(d_i/2) - psi(d0/2)
    + log(d0/d_i) and var z = psi'(d_i/2) + psi'(d0/2).
    """
    groups = residuals.groupby(level="country")
    count, variance = groups.count().to_numpy(), groups.var(ddof=1).to_numpy()
    usable = (count > 1) & (variance > 0)
    half = (count[usable] - 1) / 2
    e = np.log(variance[usable]) - special.digamma(half) + np.log(half)
    excess = float(
        np.mean((e - e.mean()) ** 2 * len(e) / (len(e) - 1) - special.polygamma(1, half))
    )
    if excess <= 0:
        return Moderation(prior_df=float("inf"), prior_variance=float(np.exp(e.mean())))
    d0 = 2 * _trigamma_inverse(excess)
    s0 = np.exp(e.mean() + special.digamma(d0 / 2) - np.log(d0 / 2))
    return Moderation(prior_df=d0, prior_variance=float(s0))


def check_convergence(estimate: Estimate, country: str) -> None:
    """Raise ProjectionError if a model or a country cannot serve `convergence_growth`."""
    name = estimate.spec.name
    missing = [s for s in ("sigma2_id", "sigma2_idios") if s not in estimate.stats]
    if missing or "const" not in estimate.terms or estimate.spec.effects:
        raise ProjectionError(
            f"model {name!r} cannot serve as the convergence density: it must be estimated by "
            "random_effects with effects = []"
        )
    if country not in estimate.anchors.index:
        raise ProjectionError(f"model {name!r}: {country} is not in the estimation sample")


def _coefficients(estimate: Estimate, draws: int, rng: np.random.Generator) -> Array:
    order = [estimate.terms.index(term) for term in ("const", *estimate.spec.drivers)]
    values, vectors = np.linalg.eigh(estimate.cov[np.ix_(order, order)])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    z = rng.standard_normal((draws, len(order)))
    return np.asarray(estimate.params.to_numpy()[order] + z @ root.T)


def _country_effect(
    estimate: Estimate,
    country: str,
    const: Array,
    beta: Array,
    rng: np.random.Generator,
) -> Array:
    spec = estimate.spec
    anchor = estimate.anchors.loc[country, [spec.outcome, *spec.drivers]].to_numpy(dtype=float)
    resid = anchor[0] - const - beta @ anchor[1:]
    between, within = estimate.stats["sigma2_id"], estimate.stats["sigma2_idios"]
    periods = int((estimate.residuals.index.get_level_values("country") == country).sum())
    shrink = periods * between / (periods * between + within)
    spread = np.sqrt(between * (1 - shrink))
    return np.asarray(shrink * resid + spread * rng.standard_normal(len(const)))


def _shocks(
    estimate: Estimate,
    country: str,
    shape: tuple[int, int],
    annual_std: float,
    block: int,
    streams: Pair,
) -> Paths:
    draws, years = shape
    variance = _period_variance(estimate, country, draws, streams.parameters)
    period = np.sqrt(np.maximum(variance - annual_std**2 / block, 0.0))
    blocks = -(-years // block)
    e = period[:, None] * streams.shocks.standard_normal((draws, blocks))
    w = annual_std * streams.shocks.standard_normal((draws, years))
    return np.asarray(np.repeat(e, block, axis=1)[:, :years] + w)


def _period_variance(
    estimate: Estimate, country: str, draws: int, rng: np.random.Generator
) -> Array:
    prior = moderation(estimate.residuals)
    own = estimate.residuals.xs(country, level="country")
    df = len(own) - 1
    if np.isinf(prior.prior_df):
        return np.full(draws, prior.prior_variance)
    total = prior.prior_df + df
    scale = prior.prior_df * prior.prior_variance + (df * own.var(ddof=1) if df > 0 else 0.0)
    return np.asarray(scale / rng.chisquare(total, draws))


def _trigamma_inverse(x: float) -> float:
    """Solve psi'(y) = x by Newton's method on 1/psi' (Smyth 2004, appendix)."""
    y = 0.5 + 1 / x
    for _ in range(50):
        value = float(special.polygamma(1, y))
        step = value * (1 - value / x) / float(special.polygamma(2, y))
        y += step
        if -step / y < 1e-10:
            break
    return y
