"""The baseline's productivity growth: several density forecasts, pooled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Integers, Paths
from forecast.errors import EstimationError, ProjectionError, unknown
from forecast.estimation.record import Estimate
from forecast.projection.baseline.borrowed_densities import BORROWED, HIERARCHICAL, SHRINKAGE
from forecast.projection.baseline.convergence import check_convergence, convergence_growth
from forecast.projection.baseline.state import Frontier, frontier_growth
from forecast.projection.regressors import RegressorPath, regressor_path
from forecast.randomness.allot import allot
from forecast.randomness.streams import Randomness, Streams, paired
from forecast.randomness.tasks import in_parallel
from forecast.timeseries.density import GROWTH_MODELS, Sampler, growth_sampler
from forecast.timeseries.record import GrowthDensity

CONVERGENCE = "convergence"
FIT_SECONDS = 0.02  # to fit one density to one economy

# How a sentence names each density.
DENSITY_LABELS = {
    "auto_arima": "an ARIMA model of growth, its order chosen by AICc",
    "ets": "exponential smoothing of log output, its form weighted by AICc",
    "local_linear_trend": "a local linear trend with damped slope",
    "random_walk_drift": "a random walk with drift",
    "theta": "the Theta method, half the trend as drift",
    HIERARCHICAL: "a hierarchical model of all economies' growth around a common factor",
    SHRINKAGE: "growth that returns to the world's mean, as fast as past growth has",
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
    codes: Integers
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Densities:
    """The densities of a study's baseline, fitted, without any random number drawn yet.

    Attributes
    ----------
    samplers : dict of density to function of horizon, draws and random numbers
    weights : dict of density to weight as used; one that failed gives its weight to the others.
    failures : dict of density to message.
    caveat : what a reader must know of them, if anything.
    """

    samplers: Mapping[str, Sampler]
    weights: Mapping[str, float]
    failures: Mapping[str, str]
    caveat: str = ""


def fit_densities(
    country: str,
    weights: Mapping[str, float],
    recent: pd.Series,
    years: Integers,
    catch_up: CatchUp | str | None,
    borrowed: Mapping[str, Sampler | str] | None = None,
) -> Densities:
    """Fit the density forecasts that the baseline pools.

    Parameters
    ----------
    country : str
    weights : dict of density to weight
    recent : pandas.Series
        Annual growth of output per worker by year, %, unbroken to the last known year.
    years : (t,) projected years.
    catch_up : CatchUp, str or None
        A sentence that says why it cannot be used, or None where its model could not be
        estimated: the density then counts as failed.
    borrowed : dict of density to sampler or message, optional
        Densities learnt from all economies (`borrowed_samplers`).

    Raises
    ------
    ProjectionError
        If a density is unknown, the convergence model does not suit, or all densities failed.
    """
    _known_densities(weights)
    names = [name for name in weights if name in GROWTH_MODELS]
    samplers: dict[str, Sampler] = {}
    failures: dict[str, str] = {}
    tasks = [(name, recent) for name in names]
    made_of = in_parallel(_attempt, tasks, seconds=FIT_SECONDS)
    found = dict(zip(names, made_of, strict=True))
    absent = dict.fromkeys(set(weights) & set(BORROWED), "no record of others given")
    for name, made in {**found, **absent, **(borrowed or {})}.items():
        if isinstance(made, str):
            failures[name] = made
        else:
            samplers[name] = made
    if CONVERGENCE in weights:
        if isinstance(catch_up, CatchUp):
            samplers[CONVERGENCE] = _convergence_sampler(country, recent, years, catch_up)
        else:
            failures[CONVERGENCE] = catch_up or "its model was not estimated"
    return Densities(
        samplers=samplers,
        weights=_reweighted(weights, samplers, failures),
        failures=failures,
    )


def draw_baseline(fitted: Densities, horizon: int, draws: int, streams: Streams) -> Baseline:
    """Draw baseline growth from a linear pool of density forecasts.

    Each draw comes whole from one density, in proportion to the weights (a linear opinion pool,
    Hall and Mitchell 2007), so that a path keeps its model's persistence.

    Parameters
    ----------
    fitted : Densities
    horizon, draws : int
    streams : Streams
    """
    found = [
        replace(sampler(horizon, draws, streams.pair(name)), name=name)
        for name, sampler in fitted.samplers.items()
        if name in fitted.weights
    ]
    order = {density.name: density for density in found}
    codes = allot(fitted.weights, draws, streams.generator("model", "baseline"))
    densities = [order[name] for name in fitted.weights]
    return Baseline(
        growth=np.choose(codes[:, None], [density.draws for density in densities]),
        densities=densities,
        codes=codes,
        weights=fitted.weights,
        failures=fitted.failures,
    )


def _known_densities(weights: Mapping[str, float]) -> None:
    allowed = [*GROWTH_MODELS, CONVERGENCE, *BORROWED]
    for name in weights:
        if name not in allowed:
            raise ProjectionError(unknown(name, allowed, "baseline density"))


def _attempt(name: str, growth: pd.Series) -> Sampler | str:
    """Fit one density; the reason where it cannot be."""
    try:
        return growth_sampler(name, growth)
    except EstimationError as error:
        return str(error)


def _convergence_sampler(
    country: str, recent: pd.Series, years: Integers, catch_up: CatchUp
) -> Sampler:
    step, spec = catch_up.step, catch_up.estimate.spec
    path = regressor_path(spec, catch_up.drivers, years, step)
    around = _annual_deviation(recent, step)
    check_convergence(catch_up.estimate, country)
    return partial(_convergence, country, catch_up, path, around)


def _convergence(
    country: str,
    catch_up: CatchUp,
    path: RegressorPath,
    around: float,
    horizon: int,
    draws: int,
    rng: Randomness,
) -> GrowthDensity:
    streams, step = paired(rng), catch_up.step
    ahead = frontier_growth(catch_up.leader, (draws, horizon), streams, step)
    paths = convergence_growth(
        catch_up.estimate, path, country, catch_up.gap, ahead, around, step, streams
    )
    notes: dict[str, str | float] = {
        "model": catch_up.estimate.spec.name,
        "gap": catch_up.gap,
        "annual_std": around,
    }
    return GrowthDensity(name=CONVERGENCE, draws=paths, point=paths.mean(axis=0), notes=notes)


def _reweighted(
    weights: Mapping[str, float], found: Mapping[str, Sampler], failures: Mapping[str, str]
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
