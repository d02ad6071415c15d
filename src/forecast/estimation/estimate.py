"""A panel and a model in, an estimate out: sample, transformation, least squares, covariance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd

from forecast.errors import EstimationError, choose
from forecast.estimation.between import between
from forecast.estimation.covariance import Covariance, covariance
from forecast.estimation.first_difference import first_difference
from forecast.estimation.fit_statistics import fit_statistics
from forecast.estimation.grouping import group_count, group_means
from forecast.estimation.least_squares import Fit, least_squares
from forecast.estimation.pooled import pooled
from forecast.estimation.random_effects import random_effects
from forecast.estimation.record import Estimate, Regression, Sample
from forecast.estimation.sample import sample
from forecast.estimation.within import within
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def estimate(panel: Panel, spec: ModelSpec) -> Estimate:
    """Return a model estimated on a panel.

    Parameters
    ----------
    panel : Panel
        Entities by year; left as it is.
    spec : ModelSpec
        Outcome, drivers, effects, estimator, covariance, derivations, sample.

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
    """
    rows = sample(panel, spec)
    with _named(spec):
        regression = _transformed(rows, spec)
        fit = least_squares(regression)
        return _record(panel, spec, rows, regression, fit, covariance(fit, regression, spec))


def regression(panel: Panel, spec: ModelSpec) -> Regression:
    """Return the least-squares problem that a model comes down to on a panel.

    Its rows, columns and codes are what ``estimate`` solves and what ``wild_bootstrap`` resamples.

    Raises
    ------
    EstimationError
        If the sample is empty or a driver is absorbed; the message names the model.
    DataError
        If a derivation cannot be made.
    """
    rows = sample(panel, spec)
    with _named(spec):
        return _transformed(rows, spec)


def _transformed(rows: Sample, spec: ModelSpec) -> Regression:
    return choose(spec.estimator, ESTIMATORS, "estimator", EstimationError)(rows, spec)


@contextmanager
def _named(spec: ModelSpec) -> Iterator[None]:
    try:
        yield
    except EstimationError as error:
        raise EstimationError(f"model {spec.name!r}: {error}") from None


def _record(
    panel: Panel, spec: ModelSpec, rows: Sample, solved: Regression, fit: Fit, cov: Covariance
) -> Estimate:
    years = rows.index.get_level_values("year")
    shares = fit_statistics(fit, solved, rows)
    return Estimate(
        spec=spec,
        source=panel.source,
        terms=solved.terms,
        params=fit.params,
        cov=cov.matrix,
        df_resid=cov.df,
        n_obs=len(solved.y),
        n_countries=group_count(solved.country),
        n_years=group_count(rows.year),
        first_year=int(years.min()),
        last_year=int(years.max()),
        dropped=rows.dropped,
        r2=shares.r2,
        r2_within=shares.within,
        r2_between=shares.between,
        r2_overall=shares.overall,
        resid_std=float(np.sqrt(fit.rss / fit.df_resid)),
        residuals=pd.Series(fit.residuals, index=solved.index, name="residual"),
        anchors=_anchors(rows, spec),
        stats={**solved.stats, **cov.stats},
    )


def _anchors(rows: Sample, spec: ModelSpec) -> pd.DataFrame:
    means = group_means(np.column_stack([rows.y, rows.x]), rows.country, group_count(rows.country))
    first = np.flatnonzero(np.diff(rows.country, prepend=-1))
    countries = rows.index[first].get_level_values("country")
    return pd.DataFrame(means, index=countries, columns=[spec.outcome, *rows.terms])


ESTIMATORS: dict[str, Callable[[Sample, ModelSpec], Regression]] = {
    "pooled": pooled,
    "between": between,
    "within": within,
    "random_effects": random_effects,
    "first_difference": first_difference,
}
