"""Weights of whole models by how well each foretells a country it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import linalg, optimize

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_means, group_sizes
from forecast.estimation.estimate import estimate
from forecast.estimation.problem import Sample
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

# Optimal to this many nats a country: the most that any other weights could gain.
GAP = 1e-9
ROUNDS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacking:
    """Models weighted by leave-country-out log score.

    Attributes
    ----------
    weights : pandas.Series by model, on the simplex.
    scores : pandas.DataFrame, countries by models: log density of a country's outcomes.
    log_score : mean over countries of the log density of the mixture.
    gap : what the mean score could still gain at most, by any weights.
    """

    weights: pd.Series
    scores: pd.DataFrame
    log_score: float
    gap: float

    def tidy(self) -> pd.DataFrame:
        """Return one row a model: ``model, weight, log_score`` (mean over countries, alone)."""
        return pd.DataFrame(
            {
                "model": self.weights.index,
                "weight": self.weights.to_numpy(),
                "log_score": self.scores.mean().to_numpy(),
            }
        )


def stack_models(panel: Panel, specs: Sequence[ModelSpec]) -> Stacking:
    """Return the weights that maximise the log score of countries left out (Yao et al. 2018).

    Every model is estimated without a country, and gives a joint density for all of that country's
    rows. Scored are the rows that all models can explain; a country that is the only one of its
    value of a factor is not scored. The weights maximise the mean log density
    of the mixture, a concave problem.

    A density is normal around level + x'b. Models supply slopes b and their covariance V. The level
    (by year, where the model has year effects; the mean, in a year that only the country has), the
    variance of country effects and that of the rest come, in one way for all models, from y - x'b
    of the other countries; x holds the country means that correlated random effects add. Its
    covariance is s2_e I + s2_u J + x V x': a country not yet seen has an effect nobody knows,
    whichever way the model treated those of the others.

    Parameters
    ----------
    panel : Panel
    specs : sequence of ModelSpec
        Two or more, of one outcome, each with one coefficient a driver.

    Raises
    ------
    EstimationError
        If outcomes differ, fewer than three countries are left in common, or a model cannot be
        estimated without a country.
    """
    _comparable(specs)
    samples = [sample(panel, spec) for spec in specs]
    common = samples[0].index
    for one in samples[1:]:
        common = common.intersection(one.index)
    alone = {country for one in samples for country in _alone(one)}
    common = common[~common.get_level_values("country").isin(sorted(alone))]
    countries = sorted(set(common.get_level_values("country")))
    if len(countries) < 3:
        raise EstimationError(
            f"stacking: the models have {len(countries)} countries in common, at least 3 are needed"
        )
    scores = np.empty((len(countries), len(specs)))
    for row, country in enumerate(countries):
        others = panel.without([country])
        scored = common[common.get_level_values("country") == country]
        for column, (spec, rows) in enumerate(zip(specs, samples, strict=True)):
            scores[row, column] = _log_density(estimate(others, spec), rows, country, scored)
    names = [spec.name for spec in specs]
    weights = stacking_weights(scores)
    gains = _gains(scores, weights)
    return Stacking(
        weights=pd.Series(weights, index=names, name="weight"),
        scores=pd.DataFrame(scores, index=pd.Index(countries, name="country"), columns=names),
        log_score=float(np.mean(_log_mixture(scores, weights))),
        gap=float(gains.max() - 1),
    )


def stacking_weights(scores: Matrix) -> Vector:
    """Return the weights (k,) on the simplex that maximise the mean of log(exp(scores) w).

    Sequential quadratic programming from equal weights, then multiplicative steps w <- w x gradient
    (which keep the simplex and never lose), until no weights can gain more than 1e-9: as the
    problem is concave, the gain left is at most the largest gradient less 1.

    Parameters
    ----------
    scores : (n, k) log densities.
    """
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    models = scores.shape[1]

    def loss(w: Vector) -> tuple[float, Vector]:
        mixture = np.maximum(shifted @ w, 1e-300)
        return -float(np.mean(np.log(mixture))), -(shifted.T @ (1 / mixture)) / len(shifted)

    found = optimize.minimize(
        loss,
        np.full(models, 1 / models),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * models,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-15, "maxiter": 500},
    )
    # a weight at zero could never grow again by multiplication
    weights: Vector = np.maximum(found.x, 1e-12)
    weights /= weights.sum()
    for _ in range(ROUNDS):
        gains = _gains(scores, weights)
        if gains.max() - 1 <= GAP:
            break
        weights = weights * gains
    weights[weights < 1e-10] = 0.0
    return np.asarray(weights / weights.sum(), dtype=float)


def _gains(scores: Matrix, weights: Vector) -> Vector:
    """Return the gradient of the mean log mixture by each weight, 1 at an optimum."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted.T @ (1 / (shifted @ weights)) / len(scores), dtype=float)


def _log_mixture(scores: Matrix, weights: Vector) -> Vector:
    top = scores.max(axis=1)
    return np.asarray(top + np.log(np.exp(scores - top[:, None]) @ weights), dtype=float)


def _comparable(specs: Sequence[ModelSpec]) -> None:
    if len(specs) < 2:
        raise EstimationError(f"stacking: found {len(specs)} model, at least 2 are needed")
    outcomes = sorted({spec.outcome for spec in specs})
    if len(outcomes) > 1:
        raise EstimationError(
            f"stacking: the models have outcomes {', '.join(outcomes)}; densities of different "
            f"outcomes cannot be compared"
        )


def _alone(rows: Sample) -> set[str]:
    """Return the countries that alone have a dummy of a factor, of which others say nothing."""
    found = set()
    for position, term in enumerate(rows.terms):
        if "[" in term:
            holders = set(rows.index[rows.x[:, position] != 0].get_level_values("country"))
            found |= holders if len(holders) == 1 else set()
    return found


def _log_density(found: Estimate, rows: Sample, country: str, scored: pd.MultiIndex) -> float:
    """Return the log density of one country's rows by an estimate without it."""
    rows = _with_means(rows, found.terms)
    if not set(rows.terms) <= set(found.terms):
        raise EstimationError(
            f"stacking: model {found.spec.name!r} has no one coefficient for each driver"
        )
    places = [found.terms.index(term) for term in rows.terms]
    slopes, spread = found.params.to_numpy()[places], found.cov[np.ix_(places, places)]
    left = pd.Series(rows.y - rows.x @ slopes, index=rows.index)
    own = rows.index.get_level_values("country") == country
    level, components = _levels(left[~own], "year" in found.spec.effects)
    years = scored.get_level_values("year")
    error = left.loc[scored].to_numpy() - level.reindex(years).fillna(level.mean()).to_numpy()
    x = pd.DataFrame(rows.x, index=rows.index).loc[scored].to_numpy()
    cov = components[0] * np.eye(len(x)) + components[1] + x @ spread @ x.T
    factor = linalg.cholesky(cov, lower=True)
    standard = linalg.solve_triangular(factor, error, lower=True)
    return float(
        -0.5 * standard @ standard
        - np.sum(np.log(np.diag(factor)))
        - 0.5 * len(x) * np.log(2 * np.pi)
    )


def _with_means(rows: Sample, terms: Sequence[str]) -> Sample:
    """Return the sample with the country means that are terms of the estimate, ``mean(x)``."""
    places = [i for i, term in enumerate(rows.terms) if f"mean({term})" in terms]
    if not places:
        return rows
    means = group_means(rows.x[:, places], rows.country, group_count(rows.country))[rows.country]
    names = (f"mean({rows.terms[i]})" for i in places)
    return replace(rows, x=np.column_stack([rows.x, means]), terms=(*rows.terms, *names))


def _levels(left: pd.Series, by_year: bool) -> tuple[pd.Series, tuple[float, float]]:
    """Return the level by year, and the variances of the rest and of country effects."""
    year = left.index.get_level_values("year")
    mean = left.groupby(year).mean() if by_year else pd.Series(left.mean(), index=year.unique())
    rest = left.to_numpy() - mean.reindex(year).to_numpy()
    codes = pd.factorize(left.index.get_level_values("country"))[0].astype(np.int64)
    countries = group_count(codes)
    sizes = group_sizes(codes, countries)
    means = group_means(rest[:, None], codes, countries)[:, 0]
    within = rest - means[codes]
    spare = max(len(rest) - countries, 1)
    idios = float(within @ within) / spare
    effects = max(float(np.mean(means**2)) - idios * float(np.mean(1 / sizes)), 0.0)
    return mean, (idios if idios > 0 else effects, effects)
