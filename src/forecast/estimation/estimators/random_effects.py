"""Random country effects: feasible generalised least squares."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Codes, Matrix, Vector
from forecast.estimation.algebra.grouping import group_count, group_means, group_sizes
from forecast.estimation.algebra.least_squares import beyond
from forecast.estimation.algebra.sweeping import refuse_absorbed, rounding
from forecast.estimation.estimators.variance_components import Components, variance_components
from forecast.estimation.problem import Regression, Sample
from forecast.specs.model import ModelSpec


def random_effects(rows: Sample, spec: ModelSpec) -> Regression:
    """Return generalised least squares as a regression on quasi-demeaned columns.

    Variances by ``spec.variance``; the default, ``swamy_arora``, takes s2_e from the within
    residuals and s2_u from the between residuals, unbiased for unbalanced panels (Baltagi and Chang
    1994), as plm's ``random.method = "swar"``.

    Returns
    -------
    Regression
        ``stats``: ``sigma2_idios``, ``sigma2_id`` (squared units of the outcome), ``theta`` (mean
        over countries), ``theta_min``, ``theta_max``.

    Raises
    ------
    EstimationError
        If the variances cannot be estimated or a driver does not vary beyond the year effects.
    """
    return feasible_gls(rows, spec, variance_components(rows, design(rows, spec), spec.variance))


def design(rows: Sample, spec: ModelSpec) -> Matrix:
    """Return (n, p) the constant, the drivers and, with year effects, centred year dummies."""
    return np.column_stack([np.ones(len(rows.y)), rows.x, _years(rows, spec)])


def feasible_gls(rows: Sample, spec: ModelSpec, components: Components) -> Regression:
    """Return generalised least squares at given variances.

    Each column loses ``theta_i`` times its country mean, theta_i = 1 - sqrt(s2_e / (T_i s2_u +
    s2_e)), the constant too. ``effects = ["year"]`` adds year dummies, which are then projected
    out; the constant is the one at which they average to zero over the rows.

    Raises
    ------
    EstimationError
        If a driver does not vary beyond the year effects.
    """
    years = _years(rows, spec)
    x = np.column_stack([np.ones(len(rows.y)), rows.x])
    countries = group_count(rows.country)
    sizes = group_sizes(rows.country, countries)
    theta = 1 - np.sqrt(components.idios / (sizes * components.country + components.idios))
    values = _quasi_demean(np.column_stack([rows.y, x, years]), theta, rows.country)
    taken = x.shape[1] + 1
    values, dummies = values[:, :taken], values[:, taken:]
    terms = ("const", *rows.terms)
    if spec.effects:
        projected = beyond(np.linalg.qr(dummies)[0], values)
        refuse_absorbed(values, projected, ("outcome", *terms), spec.effects)
        values = projected
    return Regression(
        y=values[:, 0],
        x=values[:, 1:],
        terms=terms,
        country=rows.country,
        year=rows.year,
        index=rows.index,
        absorbed=years.shape[1],
        stats={
            "sigma2_idios": components.idios,
            "sigma2_id": components.country,
            "theta": float(theta.mean()),
            "theta_min": float(theta.min()),
            "theta_max": float(theta.max()),
        },
        dummies=dummies if spec.effects else None,
        counted=years.shape[1],
        rounding=rounding(x, values[:, 1:]),
        places=rows.places,
    )


def _years(rows: Sample, spec: ModelSpec) -> Matrix:
    return _centred_dummies(rows.year) if spec.effects else np.empty((len(rows.y), 0))


def _centred_dummies(year: Codes) -> Matrix:
    dummies: Matrix = (year[:, None] == np.arange(1, group_count(year))).astype(float)
    centred: Matrix = dummies - dummies.mean(axis=0)
    return centred


def _quasi_demean(values: Matrix, theta: Vector, country: Codes) -> Matrix:
    means = group_means(values, country, len(theta))
    return values - (theta[:, None] * means)[country]
