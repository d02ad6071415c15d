"""A panel and a model in, an estimate out: sample, transformation, least squares, covariance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import EstimationError, choose
from forecast.estimation.algebra.fit_statistics import FitStatistics, fit_statistics, slope_fit
from forecast.estimation.algebra.grouping import group_count, group_means, group_sums
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.averaging.with_prior import with_prior
from forecast.estimation.inference.covariance import covariance
from forecast.estimation.inference.formed import formed
from forecast.estimation.problem import (
    Regression,
    Sample,
    Solution,
    rows_counted,
    unweighted,
)
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.changed import changed
from forecast.specs.dimensions import DIMENSIONS
from forecast.specs.estimators import ESTIMATORS
from forecast.specs.formulas.formula import as_model
from forecast.specs.model import ModelSpec

# A Regression goes on to least squares and the covariances; a Solution is complete.
Engine = Callable[[Sample, ModelSpec], Regression | Solution]

# Their residuals are of rows less a share of the country's mean, or of differences beside levels.
TRANSFORMED = {
    "random_effects", "correlated_random_effects", "hausman_taylor", "difference_gmm",
    "system_gmm", "anderson_hsiao",
}  # fmt: skip


def estimate(panel: Panel, spec: ModelSpec | str, **options: Any) -> Estimate:
    """Return a model estimated on a panel.

    Parameters
    ----------
    panel : Panel
        Entities by year; left as it is.
    spec : ModelSpec or str
        Outcome, drivers, effects, estimator, covariance, derivations, sample; or a formula such as
        ``"growth ~ gap + log(rd_gdp) | country + year"`` (`parse_formula`).
    **options
        With a formula: further keys of a model, such as ``covariance="clustered"``.

    Returns
    -------
    Estimate
        Coefficients in outcome units per driver unit, their covariance, fit and residuals. For
        ``between`` and ``first_difference`` ``n_obs`` and the residuals are of the transformed
        rows; years and anchors are of the sample.

    Raises
    ------
    EstimationError
        If the sample is empty, a driver is absorbed or collinear, degrees of freedom run out, or
        the covariance cannot be formed; the message names the model.
    DataError
        If a derivation cannot be made.
    SpecError
        If a formula or an option cannot be read.
    """
    spec = in_panel(as_model(spec, **options), panel)
    rows = sample(panel, spec)
    with _named(spec):
        found = _applied(rows, spec)
        if isinstance(found, Solution):
            solution, shares = found, _shares(rows, found)
        else:
            solution, shares = _least_squares(rows, spec, found)
        if spec.estimator != "lsdvc":  # which without draws reports none
            formed(solution.cov, solution.terms, spec.covariance)
    result = _record(panel, spec, rows, solution, shares)
    stated = spec.estimator == "calibrated"  # whose coefficients are the priors already
    return with_prior(result) if spec.prior and spec.use_prior and not stated else result


def regression(panel: Panel, spec: ModelSpec | str, **options: Any) -> Regression:
    """Return the least-squares problem that a model comes down to on a panel.

    Its rows, columns and codes are what ``estimate`` solves and what ``wild_bootstrap`` resamples.
    Parameters are those of ``estimate``.

    Raises
    ------
    EstimationError
        If the sample is empty, a driver is absorbed, or the estimator is none that comes down to
        least squares; the message names the model.
    DataError
        If a derivation cannot be made.
    SpecError
        If a formula or an option cannot be read.
    """
    spec = in_panel(as_model(spec, **options), panel)
    rows = sample(panel, spec)
    with _named(spec):
        found = _applied(rows, spec)
        if isinstance(found, Solution):
            raise EstimationError(f"estimator {spec.estimator!r} is no least-squares problem")
        return found


def in_panel(spec: ModelSpec, panel: Panel) -> ModelSpec:
    """Return the model with the panel's own names of its dimensions as ``country`` and ``year``."""
    words = {word: own for word, own in zip(panel.keys, DIMENSIONS, strict=True) if word != own}
    named = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, words)) + r")(?![\w.])")
    if not words or not any(named.search(text) for text in (*spec.effects, spec.cluster)):
        return spec

    def own(text: str) -> str:
        return named.sub(lambda found: words[found[1]], text)

    return changed(spec, effects=[own(name) for name in spec.effects], cluster=own(spec.cluster))


def _applied(rows: Sample, spec: ModelSpec) -> Regression | Solution:
    place, name = choose(spec.estimator, ESTIMATORS, "estimator", EstimationError).engine.split(":")
    engine: Engine = getattr(import_module(f"forecast.estimation.{place}"), name)
    return engine(rows, spec)


@contextmanager
def _named(spec: ModelSpec) -> Iterator[None]:
    try:
        yield
    except EstimationError as error:
        raise EstimationError(f"model {spec.name!r}: {error}") from None


def _least_squares(
    rows: Sample, spec: ModelSpec, problem: Regression
) -> tuple[Solution, FitStatistics]:
    fit = least_squares(problem)
    cov = covariance(fit, problem, spec)
    solution = Solution(
        terms=problem.terms,
        params=fit.params,
        cov=cov.matrix,
        df_resid=cov.df,
        residuals=unweighted(fit.residuals, problem),
        index=problem.index,
        country=problem.country,
        resid_std=float(np.sqrt(fit.rss / fit.df_resid)),
        stats={**problem.stats, **cov.stats},
        notes=(*problem.notes, *cov.notes),
    )
    return solution, fit_statistics(fit, problem, rows)


def _shares(rows: Sample, found: Solution) -> FitStatistics:
    # a driver that switches between regimes has no one slope, so no x'b of the sample's columns
    slope = dict(zip(found.terms, found.params, strict=True))
    return slope_fit(np.array([slope.get(term, np.nan) for term in rows.terms]), rows)


def _record(
    panel: Panel, spec: ModelSpec, rows: Sample, found: Solution, shares: FitStatistics
) -> Estimate:
    twice = [term for term in found.terms if found.terms.count(term) > 1]
    if twice:
        raise EstimationError(
            f"model {spec.name!r}: two terms are called {twice[0]!r}, the estimator's own and a "
            f"driver: give the column another name"
        )
    years = rows.index.get_level_values("year")
    return Estimate(
        spec=spec,
        source=panel.source,
        terms=found.terms,
        params=pd.Series(found.params),
        cov=found.cov,
        df_resid=found.df_resid,
        n_obs=_n_obs(found, rows),
        n_countries=group_count(found.country),
        n_years=group_count(rows.year),
        first_year=int(years.min()),
        last_year=int(years.max()),
        dropped=rows.dropped,
        r2=shares.r2,
        r2_within=shares.within,
        r2_between=shares.between,
        r2_overall=shares.overall,
        resid_std=found.resid_std,
        residuals=pd.Series(found.residuals, index=found.index, name="residual"),
        anchors=_anchors(rows, spec),
        observed=_observed(rows, spec, found),
        stats=dict(found.stats),
        tables=dict(found.tables),
        average=found.average,
        notes=found.notes,
        entity=panel.entity,
    )


def _observed(rows: Sample, spec: ModelSpec, found: Solution) -> pd.Series | None:
    """Return the outcome of the residuals' rows, where those are rows of the sample."""
    if spec.estimator in TRANSFORMED or not found.index.equals(rows.index):
        return None
    return pd.Series(rows.y, index=rows.index, name=spec.outcome)


def _n_obs(found: Solution, rows: Sample) -> int:
    if rows.weights is not None:
        return rows_counted(rows.weights, rows.counts)
    return len(found.residuals)


def _anchors(rows: Sample, spec: ModelSpec) -> pd.DataFrame:
    values, size = np.column_stack([rows.y, rows.x]), group_count(rows.country)
    if rows.weights is None:
        means = group_means(values, rows.country, size)
    else:
        weights = rows.weights[:, None]
        means = group_sums(values * weights, rows.country, size)
        means /= group_sums(weights, rows.country, size)
    first = np.flatnonzero(np.diff(rows.country, prepend=-1))
    countries = rows.index[first].get_level_values("country")
    return pd.DataFrame(means, index=countries, columns=[spec.outcome, *rows.terms])
