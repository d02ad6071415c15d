"""Slopes that differ between countries: mean group and common correlated effects."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from forecast.arrays import Matrix
from forecast.estimation.algebra.grouping import group_count, group_means, group_sums
from forecast.estimation.algebra.least_squares import beyond, least_squares
from forecast.estimation.algebra.sweeping import rounding
from forecast.estimation.heterogeneous.mean_of_countries import mean_of_countries
from forecast.estimation.heterogeneous.unit_regressions import unit_regressions
from forecast.estimation.inference.covariance_blocks import outer_sandwich
from forecast.estimation.problem import Regression, Sample, Solution
from forecast.specs.model import ModelSpec


def mean_group(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the mean of the countries' own coefficients (Pesaran and Smith 1995).

    Covariance: that of the countries' coefficients over their number, N - 1 degrees of freedom
    (Pesaran, Smith and Im 1996).

    Raises
    ------
    EstimationError
        If there are fewer than two countries, or one has too few rows or collinear drivers.
    """
    each = unit_regressions(rows, rows.country, "country", np.empty((len(rows.y), 0)))
    return mean_of_countries(rows, each, ("const", *rows.terms))


def cce_mean_group(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the mean of slopes with the yearly averages beside the drivers (Pesaran 2006).

    Each country's regression holds the averages over countries of outcome and drivers, which stand
    for unobserved factors that all countries load on, each in its own way. Averages are of the
    sample's rows of a year. Constants are the countries' own and not reported.

    Raises
    ------
    EstimationError
        As ``mean_group``; a country needs more rows than 2 drivers + 2.
    """
    each = unit_regressions(rows, rows.country, "country", _averages(rows))
    return mean_of_countries(rows, each, rows.terms)


def cce_pooled(rows: Sample, spec: ModelSpec) -> Solution:
    """Return one slope for all, each country's own constant and factor loadings (Pesaran 2006).

    Averages and constants are partialled out country by country; covariance by the spread of the
    countries' own slopes, which also holds where slopes differ. Where
    panels are unbalanced every country weighs by its own rows, X_i'M_i X_i, with no mean T.

    Raises
    ------
    EstimationError
        As ``cce_mean_group``.
    """
    each = unit_regressions(rows, rows.country, "country", _averages(rows))
    countries = len(each.params)
    partial = np.column_stack([np.ones(len(rows.y)), _averages(rows)])
    left = np.empty((len(rows.y), 1 + len(rows.terms)))
    for country in range(countries):
        mine = np.flatnonzero(rows.country == country)
        basis = linalg.qr(partial[mine], mode="economic", check_finite=False)[0]
        left[mine] = beyond(basis, np.column_stack([rows.y[mine], rows.x[mine]]))
    fit = least_squares(
        Regression(
            y=left[:, 0],
            x=left[:, 1:],
            terms=rows.terms,
            country=rows.country,
            year=rows.year,
            index=rows.index,
            absorbed=countries * partial.shape[1],
            rounding=rounding(rows.x, left[:, 1:]),
        )
    )
    off = each.params[:, 1:] - each.params[:, 1:].mean(axis=0)
    own = np.sum(left[:, 1:] * off[rows.country], axis=1)
    scores = group_sums(fit.q * own[:, None], rows.country, countries)
    return Solution(
        terms=rows.terms,
        params=fit.params,
        cov=countries / (countries - 1) * outer_sandwich(fit, scores),
        df_resid=countries - 1,
        residuals=fit.residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(fit.rss / fit.df_resid)),
        stats={"countries": float(countries)},
        tables={"by_country": each.table(("const", *rows.terms))},
    )


def _averages(rows: Sample) -> Matrix:
    """Return (n, 1 + k) the year's average over countries of outcome and drivers."""
    values = np.column_stack([rows.y, rows.x])
    return group_means(values, rows.year, group_count(rows.year))[rows.year]
