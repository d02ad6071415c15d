"""A scenario's effect on growth from the country's own record: conditions inside a BVAR."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Integers, Paths
from forecast.errors import EstimationError, ProjectionError
from forecast.panel import Panel
from forecast.timeseries.bvar.conditional_forecast import conditional_response
from forecast.timeseries.bvar.growth import TIGHTNESS_DRAWS, system_prior
from forecast.timeseries.bvar.posterior import bvar_posterior, draw_bvar
from forecast.timeseries.bvar.tightness import draw_bvar_tightness

GROWTH = "growth"
LAGS = 2
# Levels with unit roots give draws with roots on both sides of one; the drivers' paths are held,
# so that only plainly explosive ones do harm.
MAX_ROOT = 1.05
# Years in which growth and every driver of the system are known.
LEAST_YEARS = 20


def bvar_difference(
    annual: Panel,
    country: str,
    drivers: pd.DataFrame,
    scenario: pd.DataFrame,
    recent_growth: pd.Series,
    years: Integers,
    draws: int,
    rng: Generator,
) -> Paths:
    """Return a scenario's growth minus the baseline's, as a BVAR of the country's record has it.

    The system holds growth and the drivers that the scenario moves, in levels, so that a driver
    that stays higher can raise growth for good, as in the panel regressions; in differences it
    could not. All own first lags are centred on 1, growth's too (its record prefers that to 0:
    docs/methods/bvar.md), and the tightnesses are integrated over (Giannone, Lenza and Primiceri,
    2015). Both paths are hard conditions on every
    projected year. Parameters and shocks are the same for both, and the conditional mean is
    linear, so the difference depends on the parameters and the paths' difference alone.

    The conditions are on a reduced form: growth is what usually goes with such paths, whichever
    moved the other.

    Parameters
    ----------
    annual : Panel
        Annual series; the drivers' record up to the year before ``years``.
    country : str
    drivers, scenario : pandas.DataFrame
        Baseline and scenario paths by year, in the drivers' units.
    recent_growth : pandas.Series
        Growth of output per worker by year, % a year (log differences x 100).
    years : (t,) projected years.
    draws : int
    rng : numpy.random.Generator
        One with the same seed gives every scenario that moves the same drivers the same
        parameters.

    Returns
    -------
    (draws, t) differences in % a year; zero where the scenario moves nothing.

    Raises
    ------
    ProjectionError
        If growth and the drivers are known together for fewer than 20 unbroken years, or the
        system cannot be estimated.
    """
    shift = (scenario - drivers).reindex(years)
    moved = [str(name) for name in shift.columns if shift[name].ne(0).any()]
    if not moved:
        return np.zeros((draws, len(years)))
    origin = int(years[0]) - 1
    system = _system(annual.through(origin), country, moved, recent_growth.loc[:origin])
    try:
        return _response(system, shift[moved], draws, rng)
    except EstimationError as error:
        raise ProjectionError(f"{country}: {error}") from error


def _response(system: pd.DataFrame, shift: pd.DataFrame, draws: int, rng: Generator) -> Paths:
    names = [str(name) for name in system.columns]
    prior = system_prior(names, names, LAGS)
    data = system.to_numpy(dtype=float)
    tightness = draw_bvar_tightness(data, prior, min(draws, TIGHTNESS_DRAWS), rng)
    posterior = bvar_posterior(data, prior, tightness.values)
    parameters = draw_bvar(posterior, draws, rng, MAX_ROOT)
    return np.ascontiguousarray(conditional_response(parameters, names, shift)[:, :, 0])


def _system(annual: Panel, country: str, moved: Sequence[str], growth: pd.Series) -> pd.DataFrame:
    """Return growth and the drivers over the last unbroken run of years that has them all."""
    columns = {GROWTH: growth} | {name: annual.series(country, name) for name in moved}
    for name, column in columns.items():
        if len(_last_run(column.to_frame())) < LEAST_YEARS:
            raise ProjectionError(f"{country}: {_record(name, column)}, needs {LEAST_YEARS}")
    joint = _last_run(pd.DataFrame(columns))
    if len(joint) < LEAST_YEARS:
        each = "; ".join(_record(name, column) for name, column in columns.items())
        raise ProjectionError(
            f"{country}: growth and the drivers are known together for {len(joint)} years, needs "
            f"{LEAST_YEARS}: {each}"
        )
    return joint


def _last_run(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the last rows without a gap in years or a missing value."""
    known = frame.dropna().sort_index()
    breaks = np.flatnonzero(np.diff(known.index.to_numpy()) != 1)
    return known.iloc[breaks[-1] + 1 :] if len(breaks) else known


def _record(name: str, column: pd.Series) -> str:
    run = _last_run(column.to_frame())
    if run.empty:
        return f"{name!r} has no record"
    return f"{name!r} is known unbroken for {len(run)} years ({run.index[0]}-{run.index[-1]})"
