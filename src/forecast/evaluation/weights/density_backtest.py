"""Rolling-origin backtest of the densities that a study's baseline pools, economy by economy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.errors import ALL_ECONOMIES, EstimationError, ProjectionError
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.evaluation.scores.scores import crps_sample
from forecast.evaluation.weights.kernel_density import log_kernel_density
from forecast.panel import Panel
from forecast.projection.baseline.baseline import fit_densities
from forecast.projection.baseline.borrowed_densities import (
    BORROWED,
    PAST_CHAIN,
    WorldRecord,
    world_record,
)
from forecast.projection.drivers.drivers import baseline_paths
from forecast.projection.futures.futures import Inputs
from forecast.projection.futures.pool import catch_up
from forecast.projection.regressors import raw_drivers
from forecast.randomness.streams import Streams
from forecast.randomness.tasks import in_parallel
from forecast.specs.model import ModelSpec

DENSITY_ORIGINS = (2004, 2009, 2014, 2019)
DENSITY_HORIZONS = (1, 2, 3, 5, 10)
LEAST_PAST = 12  # growth rates: what the most demanding density asks for
DRAWS = 1000
NO_CASE = (
    f"densities: no economy has {LEAST_PAST} growth rates of output per worker and an outcome; "
    f"{ALL_ECONOMIES}"
)
_PIECES = 40  # tasks an origin is cut into
SECONDS = 0.2  # an economy and origin
COLUMNS = [
    "density", "origin", "horizon", "country", "mean", "outcome",
    "crps", "log_density", "pit", "covered_80",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What all forecasts from one origin share, cut there."""

    densities: tuple[str, ...]
    seed: int
    origin: int
    growth_panel: Panel
    annual: Panel
    convergence: Estimate | None
    world: WorldRecord


def backtest_densities(  # noqa: PLR0913 what a backtest is of
    inputs: Inputs,
    densities: Sequence[str],
    convergence: ModelSpec,
    *,
    seed: int,
    origins: Sequence[int] = DENSITY_ORIGINS,
    horizons: Sequence[int] = DENSITY_HORIZONS,
    draws: int = DRAWS,
    jobs: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return scores of densities of the baseline for average growth after each origin.

    The forecast is of output per worker, by the projection's own code, everything estimated again
    on the data through the origin. Cases are economies with ``LEAST_PAST`` growth rates through it
    and a known outcome. Today's edition of the data is used: revisions are not undone.

    Parameters
    ----------
    inputs : Inputs
        Of all economies, such as the tables of a package ``full-<vintage>``.
    densities : sequence of str
        Names that a study may pool.
    convergence : ModelSpec
        The model behind the density ``convergence``.
    seed : int
        Of the draws.
    origins, horizons : sequence of int
    draws : int
        A forecast.
    jobs : int, processes; the numbers do not depend on it
    progress : function of a message

    Returns
    -------
    pandas.DataFrame
        ``density, origin, horizon, country, mean, outcome`` (% a year), ``crps`` (percentage
        points), ``log_density`` (nats, of a kernel estimate over the draws), ``pit`` (0 to 1),
        ``covered_80`` (100 or 0). A density that could not be fitted has no row for the case.

    Raises
    ------
    ProjectionError
        If no economy has a case.
    """
    output = 100 * np.log(inputs.annual.require(["output_per_worker"])["output_per_worker"])
    growth = output.unstack("country").sort_index().diff()
    frames = []
    for origin in origins:
        progress(f"densities: origin {origin}")
        known = _known(inputs, densities, seed, convergence, origin)
        cases_of = partial(_cases_at, known, horizons=tuple(horizons), draws=draws)
        tasks = [(piece,) for piece in _pieces(growth, origin)]
        frames += in_parallel(cases_of, tasks, jobs, seconds=SECONDS * growth.shape[1] / _PIECES)
    rows = [row for frame in frames for row in frame]
    if not rows:
        raise ProjectionError(NO_CASE)
    cases = pd.DataFrame(rows, columns=COLUMNS)
    return cases.sort_values(["density", "origin", "horizon", "country"], ignore_index=True)


def _pieces(growth: pd.DataFrame, origin: int) -> list[pd.DataFrame]:
    """Return the eligible economies' growth, cut into tasks."""
    past = growth.loc[:origin]
    eligible = [c for c in growth if past[c].iloc[-LEAST_PAST:].notna().all()]
    return [growth[eligible[i::_PIECES]] for i in range(min(_PIECES, len(eligible)))]


def _known(
    inputs: Inputs, densities: Sequence[str], seed: int, convergence: ModelSpec, origin: int
) -> _Known:
    panel = inputs.growth_panel.through(origin)
    try:
        found = estimate(panel, convergence)
    except EstimationError:
        found = None
    annual = inputs.annual.through(origin)
    names = [name for name in densities if name in BORROWED]
    return _Known(
        densities=tuple(densities),
        seed=seed,
        origin=origin,
        growth_panel=panel,
        annual=annual,
        convergence=found,
        world=world_record(
            names,
            inputs.world,
            annual,
            origin,
            seed,
            posterior_of=inputs.posterior_of,
            sampling=PAST_CHAIN,
        ),
    )


def _cases_at(
    known: _Known,
    growth: pd.DataFrame,
    horizons: tuple[int, ...],
    draws: int,
) -> list[tuple[object, ...]]:
    """Return the rows of some economies; ``growth`` holds the future for the outcomes alone."""
    rows: list[tuple[object, ...]] = []
    for country in growth:
        series = growth[country]
        recent = _unbroken(series.loc[: known.origin])
        ahead = series.loc[known.origin + 1 :].to_numpy(dtype=np.float64)
        usable = [h for h in horizons if len(ahead) >= h and np.isfinite(ahead[:h]).all()]
        if not usable:
            continue
        paths = _paths(known, str(country), recent, max(usable), draws)
        for name, drawn in paths.items():
            for h in usable:
                sample, outcome = drawn[:, :h].mean(axis=1), float(ahead[:h].mean())
                scored = _scored(sample, outcome)
                rows.append((name, known.origin, h, country, sample.mean(), outcome, *scored))
    return rows


def _paths(
    known: _Known, country: str, recent: pd.Series, horizon: int, draws: int
) -> dict[str, Array]:
    """Return each density's draws (draws, horizon) for one economy, from the projection's code."""
    years = np.arange(known.origin + 1, known.origin + horizon + 1)
    start = None
    if known.convergence is not None:
        wanted = [
            name
            for name in raw_drivers(known.convergence.spec)
            if not known.annual.series(country, name).empty
        ]
        drivers = baseline_paths(known.annual, country, wanted, known.origin, int(years[-1]))
        start = catch_up(
            known.convergence, drivers, known.growth_panel, country, recent, known.origin
        )
    names = [name for name in known.densities if name in BORROWED]
    borrowed = {name: known.world.sampler(name, country, recent) for name in names}
    try:
        fitted = fit_densities(
            country, dict.fromkeys(known.densities, 1.0), recent, years, start, borrowed=borrowed
        )
    except ProjectionError:
        return {}
    streams = replace(Streams.of_seed(known.seed), block=known.origin)
    return {
        name: sampler(horizon, draws, streams.pair(f"{country} {name}")).draws
        for name, sampler in fitted.samplers.items()
    }


def _unbroken(series: pd.Series) -> pd.Series:
    holes = series.index[series.isna()]
    return series[series.index > holes.max()] if len(holes) else series


def _scored(sample: Array, outcome: float) -> tuple[float, float, float, float]:
    low, high = np.quantile(sample, [0.1, 0.9])
    at, draws = np.array([outcome]), sample[None, :]
    return (
        float(crps_sample(at, draws)[0]),
        float(log_kernel_density(at, draws)[0]),
        float(np.mean(sample <= outcome)),
        100.0 * float(low <= outcome <= high),
    )
