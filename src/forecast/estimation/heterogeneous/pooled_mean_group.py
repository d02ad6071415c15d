"""One long run for all countries, each with its own short run: the pooled mean group estimator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import linalg

from forecast.arrays import Cube, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count, group_sizes, group_sums
from forecast.estimation.algebra.least_squares import beyond, orthonormal
from forecast.estimation.dynamic.period_grid import column_grid, moved_by, period_grid
from forecast.estimation.heterogeneous.long_run import LongRun, long_run
from forecast.estimation.heterogeneous.mean_of_countries import table_of_means
from forecast.estimation.heterogeneous.some_rows import some_rows
from forecast.estimation.heterogeneous.unit_regressions import UnitRegressions, unit_regressions
from forecast.estimation.inference.contrast import contrast
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.heterogeneous import PooledMeanGroupSpec
from forecast.statistics.variation import REMAINDER

SPEED = "error_correction"
SEVERAL = (
    "the likelihood of the long run has several maxima; the highest that was found from the "
    "countries' own long runs, their mean and the pooled one is taken"
)


def pooled_mean_group(rows: Sample, spec: ModelSpec) -> Solution:
    """Return common long-run coefficients and the means of the countries' short runs.

    dy_it = phi_i (y_i,t-1 - theta'x_it) + sum_j=1^p-1 lambda_ij dy_i,t-j
    + sum_j=0^q-1 delta_ij'dx_i,t-j + mu_i + e_it, e_it of a variance a country (Pesaran, Shin and
    Smith 1999). theta is that of maximum likelihood, under the drivers' names; ``error_correction``
    is the mean of phi_i, ``d(x)`` and its lags the means of the short run. Lags reach back behind
    the sample. Standard errors of theta come from the information matrix; means have those of the
    countries' spread, as in the mean group. The two blocks are taken as independent.

    Returns
    -------
    Solution
        ``stats``: ``loglik``, ``maxima`` found, ``hausman`` (the long run against the mean group's)
        with ``hausman_df`` and ``hausman_p``. ``tables``: ``by_country`` (estimates and standard
        errors), ``mean_group`` (no coefficient common).

    Raises
    ------
    EstimationError
        If there is one country, one has too few rows or is fitted exactly, or no maximum is found.
    """
    options = spec.pooled_mean_group or PooledMeanGroupSpec()
    changes, short = _equations(rows, spec, options)
    drivers, size = len(rows.terms), group_count(changes.country)
    apart = _apart(changes, drivers)
    roots = _roots(changes, drivers, size)
    peaks = apart[:, :drivers]
    sizes = group_sizes(changes.country, size)
    common, maxima = long_run(roots, sizes, [peaks.mean(axis=0), _pooled(roots), *peaks])
    x = changes.x[:, 1 : 1 + drivers]
    gap = changes.x[:, 0] - x @ common.theta
    moving = np.column_stack([gap, changes.x[:, 1 + drivers :]])
    tied = replace(changes, x=moving, terms=(SPEED, *short))
    each = unit_regressions(tied, tied.country, "country", x[:, :0])
    own = np.column_stack([each.params[:, 1:], each.params[:, 0]])
    spread = _inverted(common.expected if options.information == "expected" else common.observed)
    names = (*rows.terms, SPEED, *short, "const")
    return Solution(
        terms=names,
        params=np.concatenate([common.theta, own.mean(axis=0)]),
        cov=linalg.block_diag(spread, np.cov(own, rowvar=False) / size),
        df_resid=np.inf,  # type: ignore[arg-type]  # the normal distribution
        residuals=each.residuals,
        index=changes.index,
        country=changes.country,
        resid_std=float(np.sqrt(each.residuals @ each.residuals / (each.df - drivers))),
        stats={
            "countries": float(size),
            "loglik": common.loglik,
            "maxima": float(maxima),
            **_hausman(peaks, common, spread),
        },
        tables={
            "by_country": _by_country(tied, x, each, spread),
            "mean_group": table_of_means(names, apart),
        },
        notes=(SEVERAL,) if maxima > 1 else (),
    )


def _apart(changes: Sample, drivers: int) -> Matrix:
    """Return each country's long run, speed, short run and constant with nothing in common."""
    free = unit_regressions(changes, changes.country, "country", np.empty((len(changes.y), 0)))
    both = np.column_stack([free.residuals, changes.y]) ** 2
    left, whole = group_sums(both, changes.country, len(free.units)).T
    exact = np.sqrt(left) <= REMAINDER * np.sqrt(whole)
    if exact.any():
        raise EstimationError(
            f"country {free.units[int(np.argmax(exact))]}: its own regression fits exactly; leave "
            f"it out"
        )
    speed = free.params[:, 1:2]
    long = -free.params[:, 2 : 2 + drivers] / speed
    return np.column_stack([long, speed, free.params[:, 2 + drivers :], free.params[:, :1]])


def _inverted(information: Matrix) -> Matrix:
    """Return the covariance that an information matrix says, in the drivers' units."""
    scale = np.sqrt(np.diag(information))
    factor = linalg.cho_factor(information / np.outer(scale, scale))
    found: Matrix = linalg.cho_solve(factor, np.eye(len(scale))) / np.outer(scale, scale)
    return found


def _equations(
    rows: Sample, spec: ModelSpec, options: PooledMeanGroupSpec
) -> tuple[Sample, tuple[str, ...]]:
    """Return the change on lagged level, drivers and short run, and the short run's names.

    Rows without one of the lags are left out.
    """
    grid = period_grid(rows)
    columns = column_grid(rows, grid, [spec.outcome, *rows.terms])
    made = {spec.outcome: columns[spec.outcome] - moved_by(columns[spec.outcome], 1, np.nan)}
    made |= {x: columns[x] - moved_by(columns[x], 1, np.nan) for x in rows.terms}
    lags = [(spec.outcome, by) for by in range(1, options.p)]
    lags += [(x, by) for x in rows.terms for by in range(options.driver_lags(x))]
    short = {
        f"d({name})" + (f"_lag{by}" if by else ""): moved_by(made[name], by, np.nan)
        for name, by in lags
    }
    if options.trend:
        short["trend"] = np.broadcast_to(np.arange(len(grid.years), dtype=float), grid.inside.shape)
    level = moved_by(columns[spec.outcome], 1, np.nan)
    wide = np.stack([made[spec.outcome], level, *short.values()], axis=2)
    values = wide[grid.country, grid.period]
    kept = np.flatnonzero(np.isfinite(values).all(axis=1))
    if not len(kept):
        raise EstimationError(f"no row has the {options.p} lag(s) of the outcome and the drivers'")
    inside = some_rows(rows, kept)
    x = np.column_stack([values[kept, 1], inside.x, values[kept, 2:]])
    terms = ("lagged level", *rows.terms, *short)
    return replace(inside, y=values[kept, 0], x=x, terms=terms), tuple(short)


def _roots(changes: Sample, drivers: int, size: int) -> Cube:
    """Return by country the triangular factor of what the short run and constant leave."""
    long = np.column_stack([changes.y, changes.x[:, : 1 + drivers]])
    short = np.column_stack([np.ones(len(changes.y)), changes.x[:, 1 + drivers :]])
    roots = np.empty((size, long.shape[1], long.shape[1]))
    for country in range(size):
        mine = changes.country == country
        basis = orthonormal(short[mine])
        left = beyond(basis, long[mine] - long[mine].mean(axis=0))
        roots[country] = np.linalg.qr(left, mode="r")
    return roots


def _pooled(roots: Cube) -> Vector:
    """Return the long run where all of it is pooled: a further value to begin from."""
    flat = roots.reshape(-1, roots.shape[2])
    slopes = np.linalg.lstsq(flat[:, 1:], flat[:, 0], rcond=None)[0]
    return np.asarray(-slopes[1:] / slopes[0])


def _hausman(apart: Matrix, common: LongRun, spread: Matrix) -> dict[str, float]:
    difference = apart.mean(axis=0) - common.theta
    consistent = np.atleast_2d(np.cov(apart, rowvar=False)) / len(apart)
    statistic, p_value, _ = contrast(difference, consistent, spread)
    return {"hausman": statistic, "hausman_df": float(len(difference)), "hausman_p": p_value}


def _by_country(tied: Sample, x: Matrix, each: UnitRegressions, spread: Matrix) -> pd.DataFrame:
    """Return each country's coefficients with standard errors of the whole information matrix."""
    table = each.table(("const", *tied.terms))
    errors = np.empty_like(each.params)
    for country in range(len(errors)):
        mine = tied.country == country
        z = np.column_stack([np.ones(int(mine.sum())), tied.x[mine]])
        triangle = np.linalg.qr(z, mode="r")
        root = linalg.solve_triangular(triangle, np.eye(len(triangle)), check_finite=False)
        inverse = root @ root.T
        variance = float(each.residuals[mine] @ each.residuals[mine]) / len(z)
        moved = each.params[country, 1] * inverse @ (z.T @ x[mine])  # by a unit of theta
        errors[country] = np.sqrt(np.diag(variance * inverse + moved @ spread @ moved.T))
    return table.assign(std_error=errors.T.ravel())
