"""Panel threshold regression: coefficients that differ between regimes of a variable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from forecast.arrays import Array, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import least_squares, orthonormal
from forecast.estimation.algebra.sweeping import sweep, swept_regression
from forecast.estimation.estimators.threshold_search import (
    Search,
    bootstrap_statistics,
    candidates,
    search,
)
from forecast.estimation.inference.covariance import covariance
from forecast.estimation.problem import Regression, Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.threshold import ThresholdSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """The sample, its threshold variable, and the swept model without a break."""

    rows: Sample
    spec: ModelSpec
    rule: ThresholdSpec
    variable: Vector
    swept: Regression
    switching: Matrix
    df: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Break:
    value: float
    search: Search
    held: Matrix


def threshold(rows: Sample, spec: ModelSpec) -> Solution:
    """Return a regression whose switching drivers have one coefficient in each regime.

    Hansen (1999): the threshold is the value of least squares over a grid; its confidence set are
    the values with LR <= -2 log(1 - sqrt(level)); whether there is a break is tested by F, whose
    distribution is bootstrapped. A second threshold is searched given the first, then the first
    again given the second; its test holds the first where it was found. Coefficients
    and their covariance take the thresholds as known, which is right in large samples.

    Returns
    -------
    Solution
        Terms ``x [q <= 20.1]`` and so on. ``stats``: ``threshold``, ``threshold_low``,
        ``threshold_high``, ``f_threshold``, ``p_threshold`` (of the last threshold, ``_2``).
        ``tables["threshold"]``: thresholds, sets, tests, critical values; ``tables["search"]``: LR
        by value.

    Raises
    ------
    EstimationError
        If no value leaves enough rows in each regime, the bootstrap asked for needs a balanced
        panel, or as in ``pooled`` and ``within``.
    """
    problem = _problem(rows, spec)
    first = _searched(problem, ())
    tests = [_test(problem, first)]
    breaks = [first]
    if problem.rule.thresholds == 2:
        second = _searched(problem, (first.value,))
        tests.append(_test(problem, second))
        breaks = [_searched(problem, (second.value,)), second]
    values = tuple(b.value for b in breaks)
    regimes = _regimes(problem, tuple(sorted(values)))
    fit = least_squares(regimes)
    found = covariance(fit, regimes, spec)
    table = _table(problem, breaks, tests)
    return Solution(
        terms=regimes.terms,
        params=fit.params,
        cov=found.matrix,
        df_resid=found.df,
        residuals=fit.residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(fit.rss / fit.df_resid)),
        stats={**_stats(table), **found.stats},
        tables={"threshold": table, "search": _lr_table(problem, breaks)},
    )


def _problem(rows: Sample, spec: ModelSpec) -> _Problem:
    rule = spec.threshold
    assert rule is not None
    swept = swept_regression(rows, spec.effects, constant="country" not in spec.effects)
    least_squares(swept)  # refuses collinear drivers
    return _Problem(
        rows=rows,
        spec=spec,
        rule=rule,
        variable=rows.history.frame.loc[rows.index, rule.variable].to_numpy(dtype=float),
        swept=swept,
        switching=rows.x[:, [rows.terms.index(name) for name in rule.switching]],
        df=len(rows.y) - swept.absorbed - ("const" in swept.terms),
    )


def _searched(problem: _Problem, taken: tuple[float, ...]) -> _Break:
    rule = problem.rule
    grid = candidates(problem.variable, rule.grid, rule.trim, taken)
    if not len(grid):
        raise EstimationError(
            f"threshold: no value of {rule.variable!r} leaves {rule.trim:.0%} of the rows in every "
            f"regime{' beside the first threshold' if taken else ''}; lower 'trim'"
        )
    held = (
        np.column_stack([problem.swept.x, _below(problem, np.array(taken))[:, :, 0]])
        if (taken)
        else problem.swept.x
    )
    basis = orthonormal(held)
    found = search(problem.swept.y, basis, _by_value(problem, grid), grid)
    return _Break(value=float(grid[found.best]), search=found, held=basis)


def _by_value(problem: _Problem, grid: Vector) -> Array:
    """Return (n, g, s) the switching drivers where the variable is at most each value, swept."""
    columns = _below(problem, grid)
    return np.moveaxis(columns, 1, 2)


def _below(problem: _Problem, values: Vector) -> Array:
    """Return (n, s, g) swept columns x 1(q <= value)."""
    inside = problem.variable[:, None] <= values
    columns = problem.switching[:, :, None] * inside[:, None, :]
    if not problem.spec.effects:
        return np.asarray(columns, dtype=float)
    rows = problem.rows
    flat = columns.reshape(len(rows.y), -1)
    swept = sweep(flat, rows.country, rows.year, problem.spec.effects).values
    return swept.reshape(columns.shape)


def _test(problem: _Problem, found: _Break) -> Vector:
    """Return the statistics of the bootstrap, empty where none was asked for."""
    rule, rows = problem.rule, problem.rows
    if not rule.draws:
        return np.empty(0)
    balanced = len(rows.y) == group_count(rows.country) * group_count(rows.year)
    if rule.bootstrap == "countries" and not balanced:
        raise EstimationError(
            "threshold.bootstrap: 'countries' needs a balanced panel, found one with gaps; "
            "use 'wild'"
        )
    direction = found.search.directions[:, found.search.best]
    y = problem.swept.y
    residuals = y - found.held @ (found.held.T @ y)
    residuals = residuals - direction @ (direction.T @ residuals)
    return bootstrap_statistics(
        found.search,
        residuals,
        rows.country,
        orthonormal(np.column_stack([_year_dummies(problem), found.held])),
        problem.df,
        rule.draws,
        np.random.default_rng(rule.seed),
        wild=rule.bootstrap == "wild" or not balanced,
    )


def _year_dummies(problem: _Problem) -> Matrix:
    """Return swept year dummies, to which reshuffled residuals are not orthogonal."""
    rows, effects = problem.rows, problem.spec.effects
    if "year" not in effects:
        return np.empty((len(rows.y), 0))
    dummies: Matrix = (rows.year[:, None] == np.arange(group_count(rows.year))).astype(float)
    if "country" in effects:
        dummies = sweep(dummies, rows.country, rows.year, ["country"]).values
    return dummies


def _regimes(problem: _Problem, values: tuple[float, ...]) -> Regression:
    rows, rule = problem.rows, problem.rule
    edges = [-np.inf, *values, np.inf]
    columns, terms = [], []
    for place, name in enumerate(rows.terms):
        if name not in rule.switching:
            columns.append(rows.x[:, place])
            terms.append(name)
            continue
        for low, high in pairwise(edges):
            inside = (problem.variable > low) & (problem.variable <= high)
            columns.append(rows.x[:, place] * inside)
            terms.append(f"{name} [{_interval(rule.variable, low, high)}]")
    wider = replace(rows, x=np.column_stack(columns), terms=tuple(terms))
    return swept_regression(wider, problem.spec.effects, constant="const" in problem.swept.terms)


def _interval(name: str, low: float, high: float) -> str:
    if np.isinf(low):
        return f"{name} <= {high:.4g}"
    return f"{name} > {low:.4g}" if np.isinf(high) else f"{low:.4g} < {name} <= {high:.4g}"


def _table(problem: _Problem, breaks: list[_Break], tests: list[Vector]) -> pd.DataFrame:
    rows = []
    critical = -2 * np.log(1 - np.sqrt(problem.rule.level))
    for number, (one, drawn) in enumerate(zip(breaks, tests, strict=True), start=1):
        inside = one.search.grid[one.search.likelihood_ratio(problem.df) <= critical]
        # the test of a threshold is against the model with one less: of the first, with none
        against = one.search if number == 2 or len(breaks) == 1 else _searched(problem, ()).search
        statistic = against.statistic(problem.df)
        blank = float("nan")
        rows.append(
            {
                "number": number,
                "threshold": one.value,
                "conf_low": float(inside.min()),
                "conf_high": float(inside.max()),
                "rows_at_most": int(np.sum(problem.variable <= one.value)),
                "f": statistic,
                "p_value": float(np.mean(drawn >= statistic)) if len(drawn) else blank,
                **{
                    f"critical_{share:.0%}".rstrip("%"): (
                        float(np.quantile(drawn, share)) if len(drawn) else blank
                    )
                    for share in (0.90, 0.95, 0.99)
                },
                "draws": len(drawn),
            }
        )
    return pd.DataFrame(rows)


def _stats(table: pd.DataFrame) -> dict[str, float]:
    names = {
        "threshold": "threshold",
        "threshold_low": "conf_low",
        "threshold_high": "conf_high",
        "f_threshold": "f",
        "p_threshold": "p_value",
    }
    return {
        key + ("_2" if place else ""): float(table[column].iloc[place])
        for place in range(len(table))
        for key, column in names.items()
    }


def _lr_table(problem: _Problem, breaks: list[_Break]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "number": number,
                    "value": one.search.grid,
                    "ssr": one.search.ssr,
                    "likelihood_ratio": one.search.likelihood_ratio(problem.df),
                }
            )
            for number, one in enumerate(breaks, start=1)
        ],
        ignore_index=True,
    )
