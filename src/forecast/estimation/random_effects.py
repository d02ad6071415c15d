"""Random country effects: Swamy and Arora (1972), Baltagi and Chang (1994) where unbalanced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.estimation.grouping import group_count, group_means, group_sizes
from forecast.estimation.record import Codes, Matrix, Regression, Sample, Vector
from forecast.estimation.sweeping import refuse_absorbed, rounding
from forecast.specs.model import ModelSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Components:
    idios: float
    country: float


def random_effects(rows: Sample, spec: ModelSpec) -> Regression:
    """Return generalised least squares as a regression on quasi-demeaned columns.

    Each column loses ``theta_i`` times its country mean, theta_i = 1 - sqrt(s2_e / (T_i s2_u +
    s2_e)), the constant too. Variances: s2_e from the within residuals, s2_u from the between
    residuals, unbiased for unbalanced panels (Baltagi and Chang 1994), the estimator of plm's
    ``random.method = "swar"``. ``effects = ["year"]`` adds year dummies, which are then projected
    out; the constant is the one at which they average to zero over the rows.

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
    years = _centred_dummies(rows.year) if spec.effects else np.empty((len(rows.y), 0))
    x = np.column_stack([np.ones(len(rows.y)), rows.x])
    components = _variances(rows, np.column_stack([x, years]))
    countries = group_count(rows.country)
    sizes = group_sizes(rows.country, countries)
    theta = 1 - np.sqrt(components.idios / (sizes * components.country + components.idios))
    values = _quasi_demean(np.column_stack([rows.y, x, years]), theta, rows.country)
    taken = x.shape[1] + 1
    values, dummies = values[:, :taken], values[:, taken:]
    terms = ("const", *rows.terms)
    if spec.effects:
        projected = _project_out(values, dummies)
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
        effects=tuple(spec.effects),
        dummies=dummies if spec.effects else None,
        counted=years.shape[1],
        rounding=rounding(x, values[:, 1:]),
    )


def _centred_dummies(year: Codes) -> Matrix:
    dummies: Matrix = (year[:, None] == np.arange(1, group_count(year))).astype(float)
    centred: Matrix = dummies - dummies.mean(axis=0)
    return centred


def _variances(rows: Sample, x: Matrix) -> _Components:
    """Return the variance components by linearmodels, checked against plm in the tests.

    The components depend on the columns' span only; columns of one length keep linearmodels' rank
    decisions free of the drivers' units.
    """
    from linearmodels.panel import RandomEffects

    index = pd.MultiIndex.from_arrays([rows.country, rows.year])
    model = RandomEffects(
        pd.DataFrame({"y": rows.y}, index=index),
        pd.DataFrame(
            x / np.linalg.norm(x, axis=0), index=index, columns=[f"x{j}" for j in range(x.shape[1])]
        ),
        check_rank=False,
    )
    try:
        parts = model.fit(small_sample=True).variance_decomposition
    except ValueError as error:
        raise EstimationError(f"random effects: {error}") from None
    components = _Components(idios=float(parts["Residual"]), country=float(parts["Effects"]))
    if components.idios <= np.finfo(float).eps * float(np.var(rows.y)):
        raise EstimationError(
            "random effects: the drivers fit the outcome exactly within countries"
        )
    return components


def _quasi_demean(values: Matrix, theta: Vector, country: Codes) -> Matrix:
    means = group_means(values, country, len(theta))
    return values - (theta[:, None] * means)[country]


def _project_out(values: Matrix, dummies: Matrix) -> Matrix:
    basis = np.linalg.qr(dummies)[0]
    for _ in range(2):  # the second pass removes the rounding of the first
        values = values - basis @ (basis.T @ values)
    return values
