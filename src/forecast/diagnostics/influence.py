"""Influence: what each row, each country or each year does to the coefficients."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.absorbing import effect_leverages
from forecast.estimation.algebra.grouping import group_sizes, group_sums
from forecast.estimation.algebra.least_squares import Fit, least_squares
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.covariance_blocks import cluster_codes, cluster_count
from forecast.estimation.inference.leave_one_out import leave_one_out
from forecast.estimation.problem import Regression, unweighted
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.changed import changed

# Leaving rows out changes nothing in these transformations but what `leave_one_out` undoes.
CLOSED_FORM = ("pooled", "within")
ALL = 1e-10  # a hat value this near to one: the row alone makes its own fit


def leave_one_out_table(
    panel: Panel, one: Estimate, dimension: Literal["country", "year"] = "country"
) -> pd.DataFrame:
    """Return the coefficients with each country, or each year, left out.

    ``pooled`` and ``within`` by downdating (no estimate is made again); any other estimator is
    estimated again on the other rows, with ``min_periods`` and filters as declared.

    Parameters
    ----------
    panel : Panel
        The one that the estimate comes from.
    one : Estimate
    dimension : {"country", "year"}

    Returns
    -------
    pandas.DataFrame
        ``model, left_out, term, estimate, change, dfbeta``: ``change`` against all rows, and
        ``dfbeta`` the change in standard errors of the full estimate (Belsley, Kuh and Welsch
        1980, the sign as here: without less with). Coefficients are missing where no estimate is
        possible without the rows. Sorted by the largest absolute dfbeta of each label.

    Raises
    ------
    EstimationError
        If the dimension is unknown or the model has no sample on this panel.
    """
    if dimension not in {"country", "year"}:
        raise EstimationError(f"dimension: found {dimension!r}, must be 'country' or 'year'")
    labels = sorted(one.residuals.index.get_level_values(dimension).unique())
    spec = one.spec
    if spec.estimator in CLOSED_FORM and spec.sample.min_periods == 1 and not spec.prior:
        problem = regression(panel, spec)
        change = leave_one_out(least_squares(problem), problem, dimension)
    else:
        again = np.stack([_again(panel, one, dimension, label) for label in labels])
        change = again - one.params.to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        dfbeta = change / one.std_errors.to_numpy()
    table = pd.DataFrame(
        {
            "model": spec.name,
            "left_out": np.repeat(np.array(labels, dtype=object), len(one.terms)),
            "term": list(one.terms) * len(labels),
            "estimate": (one.params.to_numpy() + change).ravel(),
            "change": change.ravel(),
            "dfbeta": dfbeta.ravel(),
        }
    )
    largest = np.nan_to_num(np.abs(dfbeta), nan=np.inf).max(axis=1)
    order = np.argsort(-largest, kind="stable")
    rows = (order[:, None] * len(one.terms) + np.arange(len(one.terms))).ravel()
    return table.iloc[rows].reset_index(drop=True)


def influence_table(
    panel: Panel, one: Estimate, by: Literal["row", "country", "year"] = "row"
) -> pd.DataFrame:
    """Return hat values, Cook's distances and DFBETAs of a least-squares estimate.

    For each row as R's ``influence.measures`` on least squares with the effects' dummies written
    out (Belsley, Kuh and Welsch 1980): swept-out effects count in hat values, in Cook's distance
    and in its parameters. What a transformation has estimated (theta of random effects) stays.

    Parameters
    ----------
    panel : Panel
        The one that the estimate comes from.
    one : Estimate
        Of an estimator that is a least-squares problem; priors are left aside.
    by : {"row", "country", "year"}

    Returns
    -------
    pandas.DataFrame
        Sorted by Cook's distance, the largest first. By row: ``model, country, year, residual, hat,
        student`` (the residual over its standard error without the row), ``dffits, cov_ratio,
        cooks_distance`` and a ``dfbeta_<term>`` a coefficient. By country or year: ``model``, that,
        ``rows, hat`` (their sum), ``cooks_distance`` of the coefficients shown, and the DFBETAs.
        A DFBETA is the coefficient without less with, as in `leave_one_out_table` (R's has the
        other sign), in standard errors: by row the classical one without the row, else the
        estimate's own. Missing where nothing is left of a row or a coefficient without it.

    Raises
    ------
    EstimationError
        If the estimator is no least-squares problem, ``by`` is unknown, or the model has no sample
        on this panel.
    """
    if by not in {"row", "country", "year"}:
        raise EstimationError(f"by: found {by!r}, must be 'row', 'country' or 'year'")
    problem = regression(panel, one.spec)
    fit = least_squares(problem)
    hat = _hat(fit, problem)
    table = _by_row(fit, problem, hat) if by == "row" else _by_group(fit, problem, hat, one, by)
    table.insert(0, "model", one.spec.name)
    order = np.argsort(-table["cooks_distance"].fillna(np.inf), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _hat(fit: Fit, problem: Regression) -> Vector:
    found: Vector = np.einsum("ij,ij->i", fit.q, fit.q)
    if problem.dummies is not None:
        basis = np.linalg.qr(problem.dummies)[0]
        found += np.einsum("ij,ij->i", basis, basis)
        return found
    if problem.blocks:
        root = np.ones(len(found)) if problem.weights is None else np.sqrt(problem.weights)
        found = found + effect_leverages(problem.blocks, root)
        if "const" in problem.terms:  # which the dummies span already
            found -= root**2 / float(root @ root)
    return found


def _by_row(fit: Fit, problem: Regression, hat: Vector) -> pd.DataFrame:
    residual, count = fit.residuals, len(problem.terms) + problem.absorbed
    left = np.where(hat < 1 - ALL, 1 - hat, np.nan)
    variance = fit.rss / fit.df_resid
    without = (fit.rss - residual**2 / left) / (fit.df_resid - 1)  # of the errors
    change = -(fit.q * (residual / left)[:, None]) @ fit.root.T
    spread = np.sqrt(np.sum(fit.root**2, axis=1))
    student = residual / np.sqrt(without * left)
    dfbeta = change / (np.sqrt(without)[:, None] * spread)
    return pd.DataFrame(
        {
            "country": problem.index.get_level_values("country"),
            "year": problem.index.get_level_values("year"),
            "residual": unweighted(residual, problem),
            "hat": hat,
            "student": student,
            "dffits": student * np.sqrt(hat / left),
            "cov_ratio": (without / variance) ** count / left,
            "cooks_distance": residual**2 * hat / (variance * left**2 * count),
            **{f"dfbeta_{term}": dfbeta[:, place] for place, term in enumerate(problem.terms)},
        }
    )


def _by_group(
    fit: Fit, problem: Regression, hat: Vector, one: Estimate, by: Literal["country", "year"]
) -> pd.DataFrame:
    count, codes = cluster_count(problem, by), cluster_codes(problem, by)
    change = leave_one_out(fit, problem, by)
    errors = (one.data_alone or one).std_errors.to_numpy()
    # on orthonormal columns X'X is the identity
    moved = np.linalg.solve(fit.root, change.T)
    distance = np.sum(moved**2, axis=0) / (len(problem.terms) * fit.rss / fit.df_resid)
    first = np.unique(codes, return_index=True)[1]
    return pd.DataFrame(
        {
            by: problem.index.get_level_values(by)[first],
            "rows": group_sizes(codes, count).astype(np.int64),
            "hat": group_sums(hat[:, None], codes, count)[:, 0],
            "cooks_distance": distance,
            **{
                f"dfbeta_{term}": change[:, place] / errors[place]
                for place, term in enumerate(problem.terms)
            },
        }
    )


def _again(panel: Panel, one: Estimate, dimension: str, label: object) -> np.ndarray:
    index = panel.frame.index
    rest = one.spec.sample
    if dimension == "country":
        exclude = [*rest.exclude, str(label)]
        include = [c for c in rest.include if c != label]
        spec = changed(one.spec, sample=changed(rest, exclude=exclude, include=include))
        kept = panel
    else:
        # the year's outcome is taken away, not its row, which later years' lags still need
        values = panel.frame.copy()
        if one.spec.outcome not in values.columns:
            raise EstimationError(
                f"leave one out: model {one.spec.name!r}: its outcome is derived; leaving years "
                f"out needs an outcome that is a column of the panel"
            )
        values.loc[index.get_level_values("year") == label, one.spec.outcome] = np.nan
        kept = Panel(values, panel.source, panel.step, panel.imputed)
        spec = one.spec
    try:
        found = estimate(kept, spec)
    except EstimationError:
        return np.full(len(one.terms), np.nan)
    return np.array([_param(found, term) for term in one.terms])


def _param(one: Estimate, term: str) -> float:
    return float(one.params[term]) if term in one.terms else float("nan")
