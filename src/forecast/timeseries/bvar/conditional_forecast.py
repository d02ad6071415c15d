"""Forecasts of a Bayesian vector autoregression given what is known about the future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array, Integers
from forecast.errors import EstimationError
from forecast.randomness.truncated_normal import truncated_normal
from forecast.timeseries.bvar.banded_precision import (
    coupling,
    factorise,
    free_band,
    precision_blocks,
    solve,
)
from forecast.timeseries.bvar.conditions import Condition, Conditions, lay_out, on
from forecast.timeseries.bvar.posterior import BvarDraws
from forecast.timeseries.bvar.simulate import mean_path, simulate_bvar

# Parameter draws solved together; fixed, since the interval draws' random numbers follow it.
TOGETHER = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _System:
    """What a set of conditions leaves free, and its precision, for some parameter draws.

    ``spread_rows`` (free, q, d) and ``among_rows`` (d, q, q) are the covariance of the free
    elements with the conditioned sums and of the sums, given the fixed elements.
    """

    at: Conditions
    free: Integers
    blocks: Array
    lower: Array
    spread_rows: Array
    among_rows: Array


def conditional_forecast(
    parameters: BvarDraws,
    history: Array,
    names: Sequence[str],
    years: Sequence[int],
    conditions: Sequence[Condition],
    rng: Generator,
) -> Array:
    """Draw the future given conditions, exactly and jointly over all years.

    One path a parameter draw, its shocks from the exact conditional distribution: an
    unconditional path is moved to the conditions along the covariance of the future (Rue and
    Held, 2005, section 2.3.3), which comes from the banded precision of the free elements (Chan,
    Pettenuzzo, Poon and Zhu, 2025). Intervals are drawn first, from the truncated normal that
    they and the other conditions define (`truncated_normal`). Every path meets every condition;
    a sum under a density condition has that density over the paths. Parameters are taken as
    given: conditions do not make some draws of them more likely than others, which they would
    where they were news about the process (Waggoner and Zha, 1999).

    Without conditions the result is that of `simulate_bvar` with the same generator.

    Parameters
    ----------
    parameters : BvarDraws
        With normal shocks.
    history : (t, n)
        Years up to the last known one, at least p.
    names : sequence of str
        The n variables, in order.
    years : sequence of int
        Forecast years.
    conditions : sequence of Condition
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray
        (draws, horizon, n) in the variables' units.

    Raises
    ------
    EstimationError
        If a condition is unknown, repeated or contradicted (see `lay_out`), too improbable (see
        `truncated_normal`), or the draws have tails or volatility.
    """
    at = _checked(parameters, names, years, conditions)
    paths = simulate_bvar(parameters, history, len(years), rng)
    if not conditions:
        return paths
    noise = rng.standard_normal((len(at.fixed) + len(at.rows), len(paths)))
    middle = mean_path(parameters, history, len(years)) if len(at.bounded) else paths
    for some in _chunks(len(paths)):
        system = _system(_some(parameters, some), at, len(years))
        both = np.stack([_stacked(paths[some]), _stacked(middle[some])], axis=1)
        values = np.concatenate([at.fixed_value, at.rows_value])[:, None]
        values = values + np.concatenate([at.fixed_std, at.rows_std])[:, None] * noise[:, some]
        both = _imposed(system, both, np.repeat(values[:, None], 2, axis=1))
        found = _bounded(system, both, rng) if len(at.bounded) else both[:, 0]
        paths[some] = found.T.reshape(paths[some].shape)
    return paths


def conditional_moments(
    parameters: BvarDraws,
    history: Array,
    names: Sequence[str],
    years: Sequence[int],
    conditions: Sequence[Condition],
) -> tuple[Array, Array]:
    """Return mean (draws, horizon, n) and covariance (draws, horizon n, horizon n) in closed form.

    For each parameter draw by itself, under hard and density conditions.

    Raises
    ------
    EstimationError
        As `conditional_forecast`; also for intervals, under which the forecast is not normal.
    """
    at = _checked(parameters, names, years, conditions)
    if len(at.bounded):
        raise EstimationError("conditions: no closed-form moments under intervals")
    mean = mean_path(parameters, history, len(years))
    system = _system(parameters, at, len(years))
    draws, size = len(mean), mean.shape[1] * mean.shape[2]
    values = np.concatenate([at.fixed_value, at.rows_value])
    std = np.concatenate([at.fixed_std, at.rows_std])
    shape = (len(values), 1, draws)
    imposed = _imposed(
        system, _stacked(mean)[:, None], np.broadcast_to(values[:, None, None], shape)
    )
    free = len(system.free)
    spread = solve(system.lower, np.repeat(np.eye(free)[:, :, None], draws, axis=2))
    spread = spread - _through_rows(system, system.spread_rows.swapaxes(0, 1))
    covariance = np.zeros((draws, size, size))
    covariance[:, system.free[:, None], system.free] = spread.transpose(2, 0, 1)
    effect = _imposed(
        system,
        np.zeros((size, len(std), draws)),
        np.repeat(np.diag(std)[:, :, None], draws, axis=2),
    ).transpose(2, 0, 1)
    return imposed[:, 0].T.reshape(mean.shape), covariance + effect @ effect.swapaxes(1, 2)


def conditional_response(parameters: BvarDraws, names: Sequence[str], shift: pd.DataFrame) -> Array:
    """Return how the forecast moves where hard conditions on whole paths move by ``shift``.

    The conditional mean is linear in the values, so neither shocks nor history enter, and no
    shift gives exactly zero.

    Parameters
    ----------
    parameters : BvarDraws
    names : sequence of str
        The system's n variables.
    shift : pandas.DataFrame
        Change of the conditioned variables' values; index the forecast years, one column a
        variable.

    Returns
    -------
    numpy.ndarray
        (draws, horizon, n)

    Raises
    ------
    EstimationError
        If a column is no variable of the system, or a value is not finite.
    """
    years = [int(year) for year in shift.index]
    conditions = [
        on(str(name), year, value=float(value))
        for name, column in shift.items()
        for year, value in zip(years, column, strict=True)
    ]
    at = _checked(parameters, names, years, conditions)
    draws, n = len(parameters.root), parameters.size
    out = np.empty((draws, len(years), n))
    for some in _chunks(draws):
        system = _system(_some(parameters, some), at, len(years))
        width = system.blocks.shape[-1]
        values = np.broadcast_to(at.fixed_value[:, None, None], (len(at.fixed), 1, width))
        moved = _imposed(system, np.zeros((len(years) * n, 1, width)), values)
        out[some] = moved[:, 0].T.reshape(-1, len(years), n)
    return out


def _checked(
    parameters: BvarDraws,
    names: Sequence[str],
    years: Sequence[int],
    conditions: Sequence[Condition],
) -> Conditions:
    if parameters.tails is not None or parameters.volatility is not None:
        raise EstimationError("conditions: need normal shocks of constant variance")
    if len(names) != parameters.size:
        raise EstimationError(f"conditions: {len(names)} names for {parameters.size} variables")
    return lay_out(conditions, names, years)


def _system(parameters: BvarDraws, at: Conditions, horizon: int) -> _System:
    size = horizon * parameters.size
    free = np.setdiff1d(np.arange(size), at.fixed)
    blocks = precision_blocks(parameters, horizon)
    lower = factorise(free_band(blocks, free))
    rows = at.rows[:, free]
    spread = _spread(lower, rows)
    among = np.einsum("qf,fsd->dqs", rows, spread)
    return _System(
        at=at, free=free, blocks=blocks, lower=lower, spread_rows=spread, among_rows=among
    )


def _imposed(system: _System, y: Array, values: Array) -> Array:
    """Return y (h n, e, draws) moved to ``values`` (m + q, e, draws) of elements and sums."""
    at, free = system.at, system.free
    fixed = len(at.fixed)
    out = y.copy()
    out[at.fixed] = values[:fixed]
    if fixed:
        gap = values[:fixed] - y[at.fixed]
        out[free] -= solve(system.lower, coupling(system.blocks, free, at.fixed, gap))
    if len(at.rows):
        gap = values[fixed:] - np.tensordot(at.rows, out, axes=1)
        out[free] += _through_rows(system, gap)
    return out


def _through_rows(system: _System, gap: Array) -> Array:
    """Return the move of the free elements that closes ``gap`` (q, e, draws) in the sums."""
    return _move(system.spread_rows, system.among_rows, gap)


def _move(spread: Array, among: Array, gap: Array) -> Array:
    weights = np.linalg.solve(among, gap.transpose(2, 0, 1))
    return np.asarray(np.einsum("fqd,dqe->fed", spread, weights))


def _spread(lower: Array, rows: Array) -> Array:
    """Return the free elements' covariance with sums, (free, q, draws)."""
    right = np.repeat(rows.T[:, :, None], lower.shape[-1], axis=2)
    return solve(lower, right)


def _bounded(system: _System, both: Array, rng: Generator) -> Array:
    """Return paths (h n, draws) with every bounded sum in its interval.

    ``both`` holds paths that meet the other conditions and their mean.
    """
    at, free = system.at, system.free
    rows = at.bounded[:, free]
    spread = _spread(system.lower, rows)
    if len(at.rows):
        spread = spread - _through_rows(system, np.einsum("qf,fsd->qsd", at.rows[:, free], spread))
    among = np.einsum("qf,fsd->dqs", rows, spread)
    now = np.tensordot(at.bounded, both, axes=1)
    wanted = truncated_normal(now[:, 1].T, among, at.low, at.high, rng)
    out = both[:, 0].copy()
    out[free] += _move(spread, among, (wanted.T - now[:, 0])[:, None])[:, 0]
    return out


def _stacked(paths: Array) -> Array:
    """Return (draws, h, n) as (h n, draws)."""
    return np.ascontiguousarray(paths.reshape(len(paths), -1).T)


def _some(parameters: BvarDraws, some: slice) -> BvarDraws:
    return replace(
        parameters, coefficients=parameters.coefficients[some], root=parameters.root[some]
    )


def _chunks(draws: int) -> list[slice]:
    return [slice(first, first + TOGETHER) for first in range(0, draws, TOGETHER)]
