"""Seemingly unrelated regressions: equations whose errors are correlated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import RANK
from forecast.estimation.equations.system import Equation, equations_of
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.sur import Divisor, SurSpec
from forecast.statistics.significance.tails import chi2_sf

MOST_ITERATIONS = 1000
AGREE = 1e-12  # of the errors' correlations, from one iteration to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class _System:
    """Generalised least squares of all equations.

    params (K,) and moves (K, K) with moves' moves their covariance; residuals (m, t); sigma (m, m)
    the errors' covariance that it was made with, and by how many iterations.
    """

    params: Vector
    moves: Matrix
    residuals: Matrix
    sigma: Matrix
    iterations: int


def sur(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the equations of a model by generalised least squares (Zellner 1962).

    The covariance of the errors is that of least-squares residuals, equation by equation, or of
    its own residuals where iterated.

    Returns
    -------
    Solution
        Terms are ``equation: driver``. ``stats``: Breusch and Pagan's (1980) Lagrange multiplier
        test that errors are uncorrelated, from least-squares residuals; Wald tests that slopes, and
        that all coefficients, are equal in all equations, where these have the same drivers;
        McElroy's (1977) R^2. ``tables``: ``equations``, ``residual_correlation``, and
        ``by_country`` where an equation is a country, ``residuals`` where equations are listed;
        the solution's own residuals are then of the model's own outcome.

    Raises
    ------
    EstimationError
        As ``equations_of``; if there are too few rows for the errors' covariance, or iterations do
        not agree.
    """
    rule = spec.sur or SurSpec()
    system = equations_of(rows, spec)
    first = _covariance(system, np.array([one.fit.residuals for one in system]), rule.divisor)
    found = _solved(system, rule, first)
    own = 1 if rule.equations else len(system)
    residuals, spare = found.residuals[:own].ravel(), [one.fit.df_resid for one in system]
    return Solution(
        terms=tuple(f"{one.name}: {term}" for one in system for term in one.problem.terms),
        params=found.params,
        cov=found.moves.T @ found.moves,
        df_resid=sum(spare) if rule.divisor != "rows" else np.inf,  # type: ignore[arg-type]
        residuals=residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(residuals @ residuals / sum(spare[:own]))),
        stats={
            "equations": float(len(system)),
            **_independence(first, len(system[0].problem.y)),
            **_equality(system, found),
            "mcelroy_r2": _fit(system, found, rule.divisor),
            **({"iterations": float(found.iterations)} if rule.iterate else {}),
        },
        tables={
            "equations": _table(system, found),
            "residual_correlation": _named(_correlations(found.sigma), system),
            **_further_table(rows, system, found, listed=bool(rule.equations)),
        },
    )


def _further_table(
    rows: Sample, system: Sequence[Equation], found: _System, *, listed: bool
) -> dict[str, pd.DataFrame]:
    """Return residuals, a column an equation, or coefficients by country in long form."""
    if listed:
        table = pd.DataFrame(found.residuals.T, columns=[one.name for one in system])
        table.insert(0, "country", rows.index.get_level_values("country"))
        table.insert(1, "year", rows.index.get_level_values("year"))
        return {"residuals": table}
    return {
        "by_country": pd.DataFrame(
            {
                "unit": [one.name for one in system for _ in one.problem.terms],
                "term": [term for one in system for term in one.problem.terms],
                "estimate": found.params,
            }
        )
    }


def _covariance(system: Sequence[Equation], residuals: Matrix, divisor: Divisor) -> Matrix:
    """Return the errors' covariance (m, m) from residuals (m, t)."""
    spare = [float(residuals.shape[1] if divisor == "rows" else one.fit.df_resid) for one in system]
    found: Matrix = residuals @ residuals.T / np.sqrt(np.outer(spare, spare))
    return found


def _solved(system: Sequence[Equation], rule: SurSpec, sigma: Matrix) -> _System:
    for iteration in range(1, MOST_ITERATIONS + 1):
        found = _weighted(system, sigma, iteration)
        if not rule.iterate:
            return found
        last, sigma = sigma, _covariance(system, found.residuals, rule.divisor)
        size = np.sqrt(np.diag(sigma))
        if (np.abs(sigma - last) <= AGREE * np.outer(size, size)).all():
            return found
    raise EstimationError(
        f"sur: coefficients and covariance do not agree after {MOST_ITERATIONS} iterations; take "
        f"sur.iterate = false"
    )


def _weighted(system: Sequence[Equation], sigma: Matrix, iterations: int) -> _System:
    """Return generalised least squares at a covariance of the errors.

    Solved on each equation's Q and in units of its error, where the regressors' units and levels
    do not exist: errors' correlations C = L L', rows times the inverse of L, by QR.
    """
    scale = np.sqrt(np.diag(sigma))
    y = np.array([one.problem.y for one in system]) / scale[:, None]
    lower = _root(_correlations(sigma), y.shape[1])
    turned = linalg.solve_triangular(lower, np.eye(len(scale)), lower=True)
    columns = [
        np.einsum("i,tk->itk", turned[:, j], one.fit.q).reshape(y.size, -1)
        for j, one in enumerate(system)
    ]
    q, r = linalg.qr(np.column_stack(columns), mode="economic", check_finite=False)
    gamma = linalg.solve_triangular(r, q.T @ (turned @ y).ravel())
    edges = np.cumsum([one.fit.q.shape[1] for one in system])[:-1]
    own = np.split(gamma, edges)
    root = linalg.block_diag(*[s * one.fit.root for s, one in zip(scale, system, strict=True)])
    fitted = np.array([one.fit.q @ g for one, g in zip(system, own, strict=True)])
    return _System(
        params=root @ gamma,
        moves=linalg.solve_triangular(r, root.T, trans="T"),
        residuals=(y - fitted) * scale[:, None],
        sigma=sigma,
        iterations=iterations,
    )


def _root(correlations: Matrix, rows: int) -> Matrix:
    """Return the lower triangular root of the errors' correlations."""
    if np.linalg.eigvalsh(correlations)[0] < RANK * len(correlations) * rows:
        raise EstimationError(
            f"sur: the covariance of {len(correlations)} equations' errors is singular with {rows} "
            f"rows each: leave equations out, or drivers"
        )
    lower: Matrix = linalg.cholesky(correlations, lower=True)
    return lower


def _correlations(sigma: Matrix) -> Matrix:
    size = np.sqrt(np.diag(sigma))
    found: Matrix = sigma / np.outer(size, size)
    return found


def _independence(first: Matrix, rows: int) -> dict[str, float]:
    """Return the test that errors are uncorrelated: rows times the sum of squared correlations."""
    statistic = rows * float(np.sum(np.tril(_correlations(first), -1) ** 2))
    df = len(first) * (len(first) - 1) // 2
    return {
        "independence": statistic,
        "independence_df": float(df),
        "independence_p": float(chi2_sf(statistic, df)),
    }


def _equality(system: Sequence[Equation], found: _System) -> dict[str, float]:
    """Return Wald tests that slopes, and all coefficients, are equal; none where drivers differ."""
    terms = system[0].problem.terms
    if any(one.problem.terms != terms for one in system):
        return {}
    sets = {
        "equal_slopes": [j for j, term in enumerate(terms) if term != "const"],
        "equal_coefficients": list(range(len(terms))),
    }
    out: dict[str, float] = {}
    for name, taken in sets.items():
        contrast = np.column_stack([np.ones(len(system) - 1), -np.eye(len(system) - 1)])
        restrictions = np.kron(contrast, np.eye(len(terms))[taken])
        out |= _wald(name, restrictions.astype(np.float64), found)
    return out


def _wald(name: str, restrictions: Matrix, found: _System) -> dict[str, float]:
    """Return a test that ``restrictions`` (q, K) of the coefficients are zero."""
    r = linalg.qr(found.moves @ restrictions.T, mode="economic", check_finite=False)[1]
    off = linalg.solve_triangular(r, restrictions @ found.params, trans="T")
    statistic, df = float(off @ off), len(restrictions)
    return {
        name: statistic,
        f"{name}_df": float(df),
        f"{name}_p": float(chi2_sf(statistic, df)),
    }


def _fit(system: Sequence[Equation], found: _System, divisor: Divisor) -> float:
    """Return McElroy's R^2, weighted by the covariance of the residuals themselves."""
    sigma = _covariance(system, found.residuals, divisor)
    y = np.array([one.problem.y for one in system])
    lower = _root(_correlations(sigma), y.shape[1])
    scale = np.sqrt(np.diag(sigma))[:, None]
    left, all_of_it = (
        linalg.solve_triangular(lower, values / scale, lower=True)
        for values in (found.residuals, y - y.mean(axis=1, keepdims=True))
    )
    return 1 - float(np.sum(left**2)) / float(np.sum(all_of_it**2))


def _table(system: Sequence[Equation], found: _System) -> pd.DataFrame:
    """Return a row an equation: rows, coefficients, fit, and a test that all slopes are zero."""
    start, rows = 0, []
    for one, residuals in zip(system, found.residuals, strict=True):
        terms = one.problem.terms
        slopes = [start + j for j, term in enumerate(terms) if term != "const"]
        test = _wald("chi2", np.eye(len(found.params))[slopes], found)
        y = one.problem.y
        rss = float(residuals @ residuals)
        rows.append(
            {
                "equation": one.name,
                "rows": len(y),
                "coefficients": len(terms),
                "rmse": float(np.sqrt(rss / one.fit.df_resid)),
                "r2": 1 - rss / float(np.sum((y - y.mean()) ** 2)),
                **test,
            }
        )
        start += len(terms)
    return pd.DataFrame(rows)


def _named(correlations: Matrix, system: Sequence[Equation]) -> pd.DataFrame:
    names = [one.name for one in system]
    table = pd.DataFrame(correlations, columns=names)
    table.insert(0, "equation", names)
    return table
