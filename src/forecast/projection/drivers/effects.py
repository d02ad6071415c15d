"""From driver paths to growth: coefficient draws, and a scenario's difference from the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers, Paths
from forecast.estimation.effects.coefficient_draws import coefficient_draws
from forecast.estimation.record import Estimate
from forecast.projection.regressors import (
    RegressorPath,
    gap_outcome,
    raw_drivers,
    regressor_path,
    regressor_paths,
)
from forecast.randomness.allot import allot
from forecast.randomness.streams import Streams
from forecast.specs.options.capital import CapitalSpec

LEAST_KEPT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class CoefficientDraws:
    """One model and one coefficient vector a draw.

    Attributes
    ----------
    models : names, the order of ``assignment``'s codes.
    assignment : (draws,) code of the model that each draw uses.
    beta : model to (draws of that model, k) coefficients of the spec's regressors, constant left
        out, in the unit of growth (% a year) per unit of regressor.
    """

    models: tuple[str, ...]
    assignment: Integers
    beta: Mapping[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What turns a path of the drivers into growth.

    Attributes
    ----------
    coefficients : CoefficientDraws
    estimates : dict of model to Estimate
    drivers : pandas.DataFrame
        Baseline driver paths by year.
    gaps : model's outcome to (draws, t)
        Baseline gap to the frontier at the start of each year, in logs.
    years : (t,) projected years.
    step : int
        Step of the estimation panel.
    """

    coefficients: CoefficientDraws
    estimates: Mapping[str, Estimate]
    drivers: pd.DataFrame
    gaps: Mapping[str, Paths]
    years: Integers
    step: int


def draw_effect_coefficients(
    estimates: Mapping[str, Estimate],
    weights: Mapping[str, float],
    draws: int,
    streams: Streams,
) -> CoefficientDraws:
    """Draw models by their weights and coefficients from what each says (`coefficient_draws`)."""
    assignment = allot(weights, draws, streams.generator("model", "effects"))
    beta = {
        name: coefficient_draws(
            estimates[name],
            int(np.sum(assignment == code)),
            streams.generator("coefficients", f"effects {name}"),
        )
        for code, name in enumerate(weights)
    }
    return CoefficientDraws(models=tuple(weights), assignment=assignment, beta=beta)


def growth_difference(effects: Effects, scenario: pd.DataFrame) -> Paths:
    """Return a scenario's growth minus the baseline's, draw by draw, with convergence feedback.

    With x = a + b gap (b holds the gap itself and its interactions), D the log difference in the
    level accumulated so far, s the scenario and 0 the baseline:

        delta_t = beta'(a_t^s - a_t^0) + beta'(b_t^s - b_t^0) gap_t + beta'b_t^s D_t,
        D_{t+1} = D_t + delta_t / 100.

    A lasting change of x then raises growth by beta at once and the level by beta/|lambda| in logs
    in the long run, as the convergence regression says. A model of total factor productivity
    passes its difference to output per worker one for one, or as capital follows (`model_growth`).

    Parameters
    ----------
    effects : Effects
    scenario : pandas.DataFrame
        Raw driver paths by year.

    Returns
    -------
    (draws, t) differences in % a year.
    """
    coefficients, years = effects.coefficients, effects.years
    out = np.zeros((len(coefficients.assignment), len(years)))
    if scenario.equals(effects.drivers):
        return out
    for code, name in enumerate(coefficients.models):
        spec = effects.estimates[name].spec
        here = regressor_path(spec, effects.drivers, years, effects.step)
        there = regressor_path(spec, scenario, years, effects.step)
        rows = coefficients.assignment == code
        gap = effects.gaps[gap_outcome(spec)][rows]
        out[rows] = model_growth(coefficients.beta[name], here, there, gap, spec.capital)
    return out


def deviation_growth(effects: Effects, deviations: Mapping[str, Paths]) -> Paths:
    """Return the difference that deviations of the drivers make to growth, draw by draw.

    The same as `growth_difference`, with a path of the drivers for every draw. A driver that is
    held above zero does not fall below a tenth of that: shares of GDP cannot turn negative, and
    some regressors are logs.

    Parameters
    ----------
    effects : Effects
        Its drivers are the held paths, by year without gaps, history included.
    deviations : driver to (draws, t)
        Differences from the held paths in the years projected.

    Returns
    -------
    (draws, t) differences in % a year.
    """
    coefficients, years = effects.coefficients, effects.years
    out = np.zeros((len(coefficients.assignment), len(years)))
    every = effects.drivers.index.to_numpy()
    for code, name in enumerate(coefficients.models):
        spec, rows = effects.estimates[name].spec, coefficients.assignment == code
        held = {raw: effects.drivers[raw].to_numpy(dtype=float) for raw in raw_drivers(spec)}
        strayed = {
            raw: _strayed(path, _after(deviations[raw][rows], len(every)))
            if raw in deviations
            else path
            for raw, path in held.items()
        }
        here = regressor_paths(spec, held, every, years, effects.step)
        there = regressor_paths(spec, strayed, every, years, effects.step)
        gap = effects.gaps[gap_outcome(spec)][rows]
        out[rows] = model_growth(coefficients.beta[name], here, there, gap, spec.capital)
    return out


def model_growth(
    beta: Array,
    here: RegressorPath,
    there: RegressorPath,
    gap: Paths,
    capital: CapitalSpec | None = None,
) -> Paths:
    """Return one model's difference in growth between two paths of its regressors.

    The recursion of `growth_difference`. Where capital follows total factor productivity, with a
    the log difference in productivity that the recursion gives, k that in capital and y that in
    output per worker, share s and rate r (Solow 1956, near the steady state):

        k_{t+1} = k_t + r (y_t - k_t),    y_{t+1} = a_{t+1} + s k_{t+1},

    so that y comes to a / (1 - s).

    Parameters
    ----------
    beta : (draws, k)
    here, there : RegressorPath
        Of the baseline and of the scenario: one path, or one a draw.
    gap : (draws, t)
    capital : CapitalSpec or None
        None: output rises as productivity does.
    """
    direct = _times(there.level - here.level, beta)
    if np.any(there.slope != here.slope):
        direct = direct + _times(there.slope - here.slope, beta) * gap
    # A year's draws lie side by side while years follow one another.
    direct = np.ascontiguousarray(direct.T)
    slope = np.ascontiguousarray(_times(there.slope, beta).T)
    delta = np.empty_like(direct)
    level, stock, output = np.zeros((3, len(beta)))
    for t in range(len(direct)):
        delta[t] = direct[t] + slope[t] * level
        level = level + delta[t] / 100
        if capital is not None:
            stock = stock + capital.rate * (output - stock)
            risen = level + capital.share * stock
            delta[t], output = 100 * (risen - output), risen
    return delta.T


def _strayed(held: Array, deviations: Paths) -> Paths:
    """Return paths that wander; one that is above zero keeps a tenth of what it was."""
    floor = np.where(held > 0, LEAST_KEPT * held, -np.inf)
    return np.maximum(held + deviations, floor)


def _after(values: Paths, length: int) -> Paths:
    """Return paths with zeros before them, (draws, length)."""
    return np.pad(values, ((0, 0), (length - values.shape[1], 0)))


def _times(regressors: Array, beta: Array) -> Paths:
    """Return beta'x, (draws, t), of one path (t, k) or of one a draw (draws, t, k)."""
    if regressors.ndim == 2:
        return np.asarray(beta @ regressors.T)
    return np.asarray((regressors @ beta[:, :, None])[:, :, 0])
