"""The baseline's productivity growth: several density forecasts, pooled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.errors import EstimationError, ProjectionError, unknown
from forecast.estimation.record import Estimate
from forecast.projection.convergence import convergence_growth
from forecast.projection.record import Paths
from forecast.projection.regressors import regressor_path
from forecast.projection.state import Frontier, frontier_growth
from forecast.projection.tasks import in_parallel
from forecast.specs.study import StudySpec
from forecast.timeseries.density import GROWTH_MODELS, forecast_growth
from forecast.timeseries.pool import allot
from forecast.timeseries.record import GrowthDensity

CONVERGENCE = "convergence"

# How a sentence names each density.
DENSITY_LABELS = {
    "auto_arima": "an ARIMA model of growth, its order chosen by AICc",
    "ets": "exponential smoothing of log output, its form weighted by AICc",
    "local_linear_trend": "a local linear trend with damped slope",
    "random_walk_drift": "a random walk with drift",
    "theta": "the Theta method, half the trend as drift",
    CONVERGENCE: "a convergence regression over all economies, the gap to the frontier closing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Baseline growth of output per worker.

    Attributes
    ----------
    growth : (draws, t) % a year, log differences x 100.
    densities : list of GrowthDensity
        Those pooled, in the order of ``codes``.
    codes : (draws,) density that each draw came from.
    weights : dict of density to weight as used; one that failed gives its weight to the others.
    failures : dict of density to message.
    """

    growth: Paths
    densities: list[GrowthDensity]
    codes: NDArray[np.int64]
    weights: Mapping[str, float]
    failures: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """What the convergence density starts from.

    Attributes
    ----------
    estimate : Estimate
    drivers : pandas.DataFrame
        Baseline driver paths by year.
    gap : float
        Log gap to the frontier at the end of the last known year.
    leader : Frontier
    step : int
        Years a period of the growth panel.
    """

    estimate: Estimate
    drivers: pd.DataFrame
    gap: float
    leader: Frontier
    step: int


def draw_baseline(
    study: StudySpec,
    recent: pd.Series,
    years: NDArray[np.int64],
    catch_up: CatchUp | str | None,
    rng: np.random.Generator,
    jobs: int = 1,
) -> Baseline:
    """Draw baseline growth from a linear pool of density forecasts.

    Each draw comes whole from one density, in proportion to the weights (a linear opinion pool,
    Hall and Mitchell 2007), so that a path keeps its model's persistence.

    Parameters
    ----------
    study : StudySpec
        ``country``, ``baseline`` and ``draws`` are used.
    recent : pandas.Series
        Annual growth of output per worker by year, %, unbroken to the last known year.
    years : (t,) projected years.
    catch_up : CatchUp, str or None
        A sentence that says why it cannot be used, or None where its model could not be
        estimated: the density then counts as failed.
    rng : numpy.random.Generator
        Split into one stream a density, so that ``jobs`` changes nothing.
    jobs : int
        Processes for the densities.

    Raises
    ------
    ProjectionError
        If a density is unknown, the convergence model does not suit, or all densities failed.
    """
    _known_densities(study)
    streams = rng.spawn(3)
    found, failures = _densities(study, recent, len(years), streams[0], jobs)
    if CONVERGENCE in study.baseline.weights:
        if isinstance(catch_up, CatchUp):
            found[CONVERGENCE] = _convergence(study, recent, years, catch_up, streams[1])
        else:
            model = study.baseline.convergence_model
            failures[CONVERGENCE] = catch_up or f"model {model!r} was not estimated"
    weights = _reweighted(study.baseline.weights, found, failures)
    codes = allot(weights, study.draws, streams[2])
    return Baseline(
        growth=np.choose(codes[:, None], [found[name].draws for name in weights]),
        densities=[found[name] for name in weights],
        codes=codes,
        weights=weights,
        failures=failures,
    )


def _known_densities(study: StudySpec) -> None:
    allowed = [*GROWTH_MODELS, CONVERGENCE]
    for name in study.baseline.weights:
        if name not in allowed:
            raise ProjectionError(unknown(name, allowed, "baseline density"))


def _densities(
    study: StudySpec, growth: pd.Series, horizon: int, rng: np.random.Generator, jobs: int
) -> tuple[dict[str, GrowthDensity], dict[str, str]]:
    """Fit the time-series densities; one that fails is reported and the others go on."""
    names = [name for name in study.baseline.weights if name != CONVERGENCE]
    tasks = [
        (name, growth, horizon, study.draws, stream)
        for name, stream in zip(names, rng.spawn(len(names)), strict=True)
    ]
    found, failures = {}, {}
    for name, result in zip(names, in_parallel(_attempt, tasks, jobs), strict=True):
        if isinstance(result, GrowthDensity):
            found[name] = result
        else:
            failures[name] = result
    return found, failures


def _attempt(
    name: str, growth: pd.Series, horizon: int, draws: int, rng: np.random.Generator
) -> GrowthDensity | str:
    try:
        return forecast_growth(name, growth, horizon, draws, rng)
    except EstimationError as error:
        return str(error)


def _convergence(
    study: StudySpec,
    recent: pd.Series,
    years: NDArray[np.int64],
    catch_up: CatchUp,
    rng: np.random.Generator,
) -> GrowthDensity:
    step, spec = catch_up.step, catch_up.estimate.spec
    ahead = frontier_growth(catch_up.leader, (study.draws, len(years)), rng, step)
    path = regressor_path(spec, catch_up.drivers, years, step)
    around = _annual_deviation(recent, step)
    draws = convergence_growth(
        catch_up.estimate, path, study.country, catch_up.gap, ahead, around, step, rng
    )
    notes: dict[str, str | float] = {"model": spec.name, "gap": catch_up.gap, "annual_std": around}
    return GrowthDensity(name=CONVERGENCE, draws=draws, point=draws.mean(axis=0), notes=notes)


def _reweighted(
    weights: Mapping[str, float], found: Mapping[str, GrowthDensity], failures: Mapping[str, str]
) -> dict[str, float]:
    kept = {name: weight for name, weight in weights.items() if name in found}
    if not kept:
        raise ProjectionError(f"no baseline density could be fitted: {dict(failures)}")
    total = sum(kept.values())
    return {name: weight / total for name, weight in kept.items()}


def _annual_deviation(growth: pd.Series, block: int) -> float:
    """Return the standard deviation of annual growth around means of ``block`` years."""
    whole = growth.iloc[len(growth) % block :].to_numpy().reshape(-1, block)
    around = whole - whole.mean(axis=1, keepdims=True)
    return float(np.sqrt((around**2).sum() / (around.size - len(whole))))
