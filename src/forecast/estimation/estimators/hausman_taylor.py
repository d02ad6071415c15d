"""Random effects of which some drivers are correlated with the country effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Mask, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_means, group_sizes
from forecast.estimation.algebra.least_squares import least_squares, orthonormal
from forecast.estimation.estimators.iv import sargan_test, second_stage
from forecast.estimation.estimators.random_effects import design, feasible_gls
from forecast.estimation.estimators.variance_components import (
    VARIES,
    Components,
    within_residuals,
)
from forecast.estimation.problem import Regression, Sample, Solution
from forecast.specs.model import ModelSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Regressors without the constant, centred year dummies last among them.

    x (n, p); ``means`` of countries (g, p); ``within`` (n, p) deviations from them, zero where a
    column does not vary; ``varies`` and ``exogenous`` (p,).
    """

    x: Matrix
    means: Matrix
    within: Matrix
    varies: Mask
    exogenous: Mask


def hausman_taylor(rows: Sample, spec: ModelSpec) -> Solution:
    """Return generalised least squares by instruments from inside the model.

    Hausman and Taylor (1981): on quasi-demeaned rows, deviations from country means instrument the
    drivers that vary, and country means of the exogenous ones the endogenous drivers that do not.
    Amemiya and MaCurdy (1986) and Breusch, Mizon and Schmidt (1989) add the values of every year.
    Variances are those of the within residuals, and of their country means less what the drivers
    constant in time explain by two-stage least squares, as plm's
    ``random.method = "ht"``; in an unbalanced panel every country has its own theta, and a year
    that it lacks counts as zero among the values of every year.

    Returns
    -------
    Solution
        ``stats``: variances and theta as ``random_effects``, and Sargan's test of the instruments
        beyond those needed.

    Raises
    ------
    EstimationError
        If fewer exogenous drivers vary within countries than endogenous ones do not, no driver
        varies, or drivers are collinear.
    """
    parts = _parts(rows, spec)
    components = _components(rows, parts, spec)
    problem = feasible_gls(rows, spec, components)
    basis = orthonormal(_instruments(rows, spec, parts, components, problem))
    second, fit, found = second_stage(problem, basis, spec)
    return Solution(
        terms=problem.terms,
        params=fit.params,
        cov=found.matrix,
        df_resid=found.df,
        residuals=fit.residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(fit.rss / fit.df_resid)),
        stats={
            **problem.stats,
            **sargan_test(fit, basis, basis.shape[1] - second.x.shape[1]),
            **found.stats,
        },
        notes=found.notes,
    )


def _parts(rows: Sample, spec: ModelSpec) -> _Parts:
    assert spec.hausman_taylor is not None
    x = design(rows, spec)[:, 1:]
    means = group_means(x, rows.country, group_count(rows.country))
    within = x - means[rows.country]
    varies = np.linalg.norm(within, axis=0) > VARIES * np.linalg.norm(x, axis=0)
    named = [name in spec.hausman_taylor.endogenous for name in rows.terms]
    exogenous = ~np.array(named + [False] * (x.shape[1] - len(named)))
    fixed = [n for n, e, v in zip(rows.terms, ~exogenous, varies, strict=False) if e and not v]
    moving = int(np.sum(exogenous[: len(named)] & varies[: len(named)]))
    if moving < len(fixed):
        raise EstimationError(
            f"hausman_taylor: {', '.join(map(repr, fixed))} do not vary within countries and are "
            f"endogenous; at least as many exogenous drivers must vary, found {moving}"
        )
    return _Parts(x=x, means=means, within=within * varies, varies=varies, exogenous=exogenous)


def _components(rows: Sample, parts: _Parts, spec: ModelSpec) -> Components:
    countries, n = group_count(rows.country), len(rows.y)
    residuals, _, _ = within_residuals(rows, design(rows, spec))
    effects = group_means(residuals[:, None], rows.country, countries)[rows.country, 0]
    left = residuals - effects
    idios = float(left @ left) / (n - countries)
    if idios <= np.finfo(float).eps * float(np.var(rows.y)):
        raise EstimationError("hausman_taylor: the drivers fit the outcome exactly in countries")
    explained = _between(rows, parts, effects)
    form = float(np.sum((effects - explained) ** 2))
    # the form's expectation is n var_u + countries var_e
    return Components(idios=idios, country=max((form - countries * idios) / n, 0.0))


def _between(rows: Sample, parts: _Parts, effects: Vector) -> Vector:
    """Return what drivers constant in time explain of the effects, by instruments, (n,)."""
    one = np.ones((len(effects), 1))
    x = np.column_stack([one, parts.x[:, ~parts.varies]])
    basis = orthonormal(np.column_stack([one, parts.x[:, parts.exogenous]]))
    fixed = [name for name, v in zip(rows.terms, parts.varies, strict=False) if not v]
    fit = least_squares(
        Regression(
            y=effects,
            x=basis @ (basis.T @ x),
            terms=("const", *fixed),
            country=rows.country,
            year=rows.year,
            index=rows.index,
        )
    )
    explained: Vector = x @ fit.params
    return explained


def _instruments(
    rows: Sample, spec: ModelSpec, parts: _Parts, components: Components, problem: Regression
) -> Matrix:
    """Return (m, l) instruments of the quasi-demeaned rows, weighted as these are.

    Means carry 1 - theta of their country, so that exogenous drivers instrument themselves.
    """
    assert spec.hausman_taylor is not None
    countries = group_count(rows.country)
    sizes = group_sizes(rows.country, countries)
    kept = np.sqrt(components.idios / (sizes * components.country + components.idios))
    drivers = np.arange(parts.x.shape[1]) < len(rows.terms)
    exogenous = parts.exogenous & drivers
    levels = np.column_stack([np.ones(countries), parts.means[:, exogenous]])
    columns = [parts.within[:, parts.varies & drivers], (kept[:, None] * levels)[rows.country]]
    variant = spec.hausman_taylor.variant
    if variant != "hausman_taylor":
        starred = parts.varies & (exogenous if variant == "amemiya_macurdy" else drivers)
        columns.append(_every_year(rows, parts.within[:, starred]))
    found = np.column_stack(columns)
    if problem.dummies is None:
        return found
    basis = orthonormal(problem.dummies)
    left: Matrix = found - basis @ (basis.T @ found)
    return left


def _every_year(rows: Sample, within: Matrix) -> Matrix:
    """Return (n, q T) each country's deviations of every year, zero where it lacks a year."""
    cube = np.zeros((group_count(rows.country), group_count(rows.year), within.shape[1]))
    cube[rows.country, rows.year] = within
    return cube.reshape(len(cube), -1)[rows.country]
