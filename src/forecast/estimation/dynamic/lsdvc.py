"""The within estimator of a dynamic panel, corrected for its bias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from forecast.arrays import Cube, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.dynamic.anderson_hsiao import anderson_hsiao_options
from forecast.estimation.dynamic.gmm import gmm
from forecast.estimation.dynamic.lsdv_bias import lsdv_bias
from forecast.estimation.dynamic.moments import exogenous, moments_of, regressors
from forecast.estimation.dynamic.period_grid import (
    PeriodGrid,
    column_grid,
    period_grid,
    within_maps,
)
from forecast.estimation.problem import Sample, Solution
from forecast.randomness.tasks import in_parallel
from forecast.specs.model import ModelSpec
from forecast.specs.options.gmm import GmmSpec, InstrumentSpec
from forecast.specs.options.lsdvc import LsdvcSpec

PIECE = 10  # draws of one task
SECONDS = 0.01  # a draw


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corrected:
    """``params`` (p,) corrected, ``plain`` (p,) within, ``initial`` coefficient, error variance."""

    params: Vector
    plain: Vector
    initial: float
    sigma2: float


def lsdvc(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the within estimator less an estimate of its bias (Kiviet 1995; Bun and Kiviet 2003).

    Bruno (2005) for unbalanced panels: the bias is evaluated at a consistent initial estimate
    (Anderson-Hsiao, one-step difference or system GMM). All drivers but the lagged outcome are
    taken as strictly exogenous. Standard errors: a parametric bootstrap that keeps the drivers and
    each country's first outcome, draws independent normal errors and repeats everything, initial
    estimate included. ``spec.lsdvc.seed`` seeds its generator.

    Returns
    -------
    Solution
        ``stats``: ``within`` and ``initial``, the two other estimates of the lagged outcome's
        coefficient; ``sigma2``, the error variance that the bias was evaluated at; ``draws``.

    Raises
    ------
    EstimationError
        If the initial estimate cannot be made or degrees of freedom run out.
    """
    options = spec.lsdvc or LsdvcSpec()
    grid = period_grid(rows)
    names = [spec.outcome, *exogenous(spec, _initial_options(spec))]
    columns = column_grid(rows, grid, names)
    maps = within_maps(grid.inside)
    levels, terms, years = regressors(grid, spec, maps, constant=False)
    spare = len(rows.y) - len(grid.inside) - len(terms)
    if spare < 1:
        raise EstimationError(
            f"lsdvc: {len(rows.y)} rows are too few for {len(terms)} coefficients and "
            f"{len(grid.inside)} country effects"
        )
    found = _corrected(grid, levels, maps, columns, spec)
    kept = len(terms) - years
    cov = np.full((kept, kept), np.nan)
    if options.draws:
        draws = _bootstrap(grid, levels, maps, columns, spec, found)
        cov = np.atleast_2d(np.cov(draws[:, :kept], rowvar=False))
    left = (maps @ (grid.y - levels @ found.params)[:, :, None])[:, :, 0]
    residuals = left[grid.country, grid.period]
    return Solution(
        terms=terms[:kept],
        params=found.params[:kept],
        cov=cov,
        df_resid=spare,
        residuals=residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(residuals @ residuals / spare)),
        stats={
            "within": float(found.plain[_lag_place(spec)]),
            "initial": found.initial,
            "sigma2": found.sigma2,
            "draws": float(options.draws),
            "n_groups": float(len(grid.inside)),
        },
    )


def _corrected(
    grid: PeriodGrid, levels: Cube, maps: Cube, columns: Mapping[str, Matrix], spec: ModelSpec
) -> _Corrected:
    options = spec.lsdvc or LsdvcSpec()
    initial = _initial_options(spec)
    system = options.initial == "blundell_bond"
    problem = moments_of(grid, columns, spec, initial, system=system)
    first = gmm(problem, initial.initial_weights).one.params
    errors = (maps @ (grid.y - problem.levels @ first)[:, :, None])[:, :, 0]
    place = _lag_place(spec)
    changed = (maps @ levels).reshape(-1, levels.shape[2])
    size = np.linalg.norm(changed, axis=0)
    outcome = (maps @ grid.y[:, :, None]).ravel()
    plain: Vector = np.linalg.lstsq(changed / size, outcome, rcond=None)[0].astype(float) / size
    spare = int(grid.inside.sum()) - len(grid.inside) - levels.shape[2]
    sigma2 = float(np.sum(errors**2)) / spare
    gamma = float(first[place])
    terms = lsdv_bias(levels, maps, errors, gamma=gamma, sigma2=sigma2, place=place)
    bias = terms[: options.order].sum(axis=0)
    return _Corrected(params=plain - bias, plain=plain, initial=gamma, sigma2=sigma2)


def _bootstrap(
    grid: PeriodGrid,
    levels: Cube,
    maps: Cube,
    columns: Mapping[str, Matrix],
    spec: ModelSpec,
    found: _Corrected,
) -> Matrix:
    """Return the corrected coefficients of simulated samples, (draws, p)."""
    options = spec.lsdvc or LsdvcSpec()
    rng = np.random.default_rng(options.seed)
    shape = (options.draws, *grid.inside.shape)
    shocks = rng.normal(scale=np.sqrt(found.sigma2), size=shape)
    again = partial(_again, grid, levels, maps, columns, spec, found)
    tasks = [(shocks[i : i + PIECE],) for i in range(0, options.draws, PIECE)]
    return np.concatenate(in_parallel(again, tasks, seconds=PIECE * SECONDS))


def _again(
    grid: PeriodGrid,
    levels: Cube,
    maps: Cube,
    columns: Mapping[str, Matrix],
    spec: ModelSpec,
    found: _Corrected,
    drawn_shocks: Cube,
) -> Matrix:
    """Return the corrected coefficients of the samples that shocks (draws, n, t) make."""
    place = _lag_place(spec)
    inside = grid.inside
    rows = inside.sum(axis=1, keepdims=True)
    gap = np.where(inside, grid.y - levels @ found.params, 0.0)
    effect = gap.sum(axis=1, keepdims=True) / rows
    gamma = found.params[place]
    fixed = levels @ found.params - gamma * levels[:, :, place] + effect
    draws = np.empty((len(drawn_shocks), len(found.params)))
    for number, shocks in enumerate(drawn_shocks):
        y, lag = grid.y.copy(), levels[:, :, place].copy()
        for t in range(inside.shape[1]):
            if t:  # a row after a gap starts from the outcome that was observed
                lag[:, t] = np.where(inside[:, t - 1], y[:, t - 1], lag[:, t])
            y[:, t] = np.where(inside[:, t], gamma * lag[:, t] + fixed[:, t] + shocks[:, t], 0.0)
        lag = np.where(inside, lag, 0.0)
        x, drawn = grid.x.copy(), levels.copy()
        x[:, :, place] = drawn[:, :, place] = lag
        history = {**columns, spec.outcome: np.where(inside, y, columns[spec.outcome])}
        again = _corrected(replace(grid, y=y, x=x), drawn, maps, history, spec)
        draws[number] = again.params
    return draws


def _initial_options(spec: ModelSpec) -> GmmSpec:
    options = spec.lsdvc or LsdvcSpec()
    if options.initial == "anderson_hsiao":
        return anderson_hsiao_options(spec)
    return GmmSpec(
        instruments={spec.outcome: InstrumentSpec()}, steps=1, exogenous_in="transformed"
    )


def _lag_place(spec: ModelSpec) -> int:
    return spec.drivers.index(next(iter(spec.outcome_lags)))
