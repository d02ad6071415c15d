"""Bayesian model averaging over the drivers of a regression."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from forecast.arrays import Masks, Vector
from forecast.errors import EstimationError, unknown
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.algebra.sweeping import swept_regression
from forecast.estimation.averaging.average import BayesianAverage
from forecast.estimation.averaging.evidence import (
    CoefficientPrior,
    Shrinkage,
    coefficient_prior,
    log_model_prior,
)
from forecast.estimation.averaging.search import search_models
from forecast.estimation.averaging.space import (
    Averages,
    CrossProducts,
    averages_of,
    averages_of_all,
    cross_products,
    membership,
    subset_masks,
    subset_r2,
)
from forecast.estimation.problem import Regression, Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.bma import BmaSpec

ENUMERATED = 20  # free drivers up to which all models are visited: about a million
MASK_BITS = 62
KEPT = 1e-15  # models of less than this probability, relative to the best, are never drawn


class _Visited(NamedTuple):
    masks: Masks
    weights: Vector
    r2: Vector
    stats: dict[str, float]


def average_models(
    rows: Sample, spec: ModelSpec, rng: np.random.Generator | None = None
) -> BayesianAverage:
    """Return the posterior over all subsets of a model's drivers.

    The constant, or the effects, are in every model under a flat prior and swept out first. Then
    beta | sigma, g ~ N(0, g sigma^2 inv(X'X)) and p(sigma) = 1/sigma (Fernandez, Ley and Steel
    2001a; hyper-g: Liang et al. 2008); a model's coefficients are t with rows less swept degrees of
    freedom around s times least squares.

    Parameters
    ----------
    rows : Sample
    spec : ModelSpec
        ``effects`` and ``bma`` are used.
    rng : numpy.random.Generator or None
        Of the Markov chain; None: one of seed ``bma.seed``.

    Raises
    ------
    EstimationError
        If a driver is absorbed, the drivers are collinear, there are too few rows, or ``bma``
        names what is not there.
    """
    rule = spec.bma or BmaSpec()
    swept = _swept(rows, spec)
    least_squares(swept)  # refuses collinear drivers: then no smaller model is collinear either
    always = [_position(name, rows.terms) for name in rule.always]
    free = [j for j in range(len(rows.terms)) if j not in always]
    products = cross_products(swept.y, swept.x, len(swept.y) - swept.absorbed)
    if products.df < 3:
        raise EstimationError(f"found {products.df} degrees of freedom, at least 3 are needed")
    prior = coefficient_prior(rule, products.rows, len(rows.terms), products.df)
    log_prior = log_model_prior(rule, len(free))
    enumerated = _is_enumerated(rule, len(free))
    if enumerated:
        visited = _all(products, free, always, prior, log_prior)
    else:
        chain = np.random.default_rng(rule.seed) if rng is None else rng
        visited = _chain(products, free, always, prior, log_prior, rule, chain)
    size = membership(visited.masks, len(rows.terms)).sum(axis=1)
    shrinkage = prior.shrinkage(size, visited.r2)
    averages = (
        averages_of_all(products, free, always, visited.weights, shrinkage)
        if enumerated
        else averages_of(products, visited.masks, visited.weights, shrinkage)
    )
    return _posterior(rows.terms, products, prior, visited, shrinkage, averages, enumerated)


def bma(rows: Sample, spec: ModelSpec) -> Solution:
    """Return posterior means and covariance over models; tables hold what lies behind them.

    The posterior of a coefficient is a mixture with a point at zero; intervals from its mean and
    variance are a summary. Projections draw from the mixture itself (`BayesianAverage.draw`).

    Raises
    ------
    EstimationError
        As ``average_models``.
    """
    average = average_models(rows, spec)
    swept = _swept(rows, spec)
    return Solution(
        terms=average.terms,
        params=average.mean,
        cov=average.cov,
        df_resid=average.products.df,
        residuals=swept.y - swept.x @ average.mean,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(average.sigma2)),
        stats=average.stats,
        tables={
            "inclusion": average.tidy(),
            "top_models": average.top(),
            "model_size": pd.DataFrame(
                {"size": np.arange(len(average.sizes)), "probability": average.sizes}
            ),
        },
        average=average,
    )


def _swept(rows: Sample, spec: ModelSpec) -> Regression:
    """Return outcome and drivers less what every model contains, the constant too."""
    if spec.effects:
        return swept_regression(rows, spec.effects, constant=False)
    return Regression(
        y=rows.y - rows.y.mean(),
        x=rows.x - rows.x.mean(axis=0),
        terms=rows.terms,
        country=rows.country,
        year=rows.year,
        index=rows.index,
        absorbed=1,
    )


def _position(name: str, terms: tuple[str, ...]) -> int:
    if name not in terms:
        raise EstimationError(f"bma.always: {unknown(name, terms, 'driver')}")
    return terms.index(name)


def _is_enumerated(rule: BmaSpec, free: int) -> bool:
    if rule.search == "enumerate" and free > ENUMERATED:
        raise EstimationError(
            f"bma.search: 'enumerate' takes at most {ENUMERATED} drivers that are not in 'always', "
            f"found {free}; use 'mc3'"
        )
    if free > MASK_BITS:
        raise EstimationError(f"bma: at most {MASK_BITS} drivers can be averaged, found {free}")
    return rule.search == "enumerate" or (rule.search == "auto" and free <= ENUMERATED) or not free


def _all(
    products: CrossProducts,
    free: list[int],
    always: list[int],
    prior: CoefficientPrior,
    log_prior: Vector,
) -> _Visited:
    masks, r2 = subset_masks(free, always), subset_r2(products, free, always)
    size = np.bitwise_count(masks).astype(np.int64)
    log = log_prior[size - len(always)] + prior.log_evidence(size, r2)
    weights = np.exp(log - log.max())
    return _Visited(masks, weights / weights.sum(), r2, {})


def _chain(
    products: CrossProducts,
    free: list[int],
    always: list[int],
    prior: CoefficientPrior,
    log_prior: Vector,
    rule: BmaSpec,
    rng: np.random.Generator,
) -> _Visited:
    visits = search_models(
        products, free, always, prior, log_prior, (rule.burn_in, rule.steps), rng
    )
    size = np.bitwise_count(visits.masks).astype(np.int64)
    log = log_prior[size - len(always)] + prior.log_evidence(size, visits.r2)
    exact = np.exp(log - log.max())
    stats = {"accepted": visits.accepted}
    if len(exact) > 1:
        stats["corr_pmp"] = float(np.corrcoef(exact, visits.counts)[0, 1])
    return _Visited(visits.masks, visits.counts / visits.counts.sum(), visits.r2, stats)


def _posterior(
    terms: tuple[str, ...],
    products: CrossProducts,
    prior: CoefficientPrior,
    visited: _Visited,
    shrinkage: Shrinkage,
    averages: Averages,
    enumerated: bool,
) -> BayesianAverage:
    unit = products.y_length / products.lengths
    mean, second = averages.first * unit, averages.second * np.outer(unit, unit)
    cov = second - np.outer(mean, mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_if_in = mean / averages.pip
        spread = np.diag(second) / averages.pip - mean_if_in**2
        positive = averages.positive / averages.pip
    size = np.bitwise_count(visited.masks).astype(np.int64)
    order = np.argsort(-visited.weights, kind="stable")
    order = order[visited.weights[order] > KEPT * visited.weights[order[0]]]
    left = 1 - visited.r2 * shrinkage.first
    variation = products.y_length**2 / (products.df - 2)
    return BayesianAverage(
        terms=terms,
        pip=averages.pip,
        mean=mean,
        cov=(cov + cov.T) / 2,
        mean_if_in=mean_if_in,
        sd_if_in=np.sqrt(np.maximum(spread, 0)),
        positive=positive,
        sizes=np.bincount(size, visited.weights, len(terms) + 1).astype(float),
        masks=visited.masks[order],
        weights=visited.weights[order],
        r2=visited.r2[order],
        products=products,
        prior=prior,
        sigma2=float(visited.weights @ left) * variation,
        enumerated=enumerated,
        stats={
            "models": float(len(visited.masks)),
            "size": float(visited.weights @ size),
            "shrinkage": float(visited.weights @ shrinkage.first),
            **visited.stats,
        },
    )
