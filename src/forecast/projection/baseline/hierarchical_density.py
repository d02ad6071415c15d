"""The hierarchical growth model on the project's tables: a density for the baseline's pool."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Array
from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.timeseries.hierarchical.growth import hierarchical_growth
from forecast.timeseries.hierarchical.record import LevelPanel
from forecast.timeseries.record import GrowthDensity

LEADER = "USA"
OUTPUT, PRODUCTIVITY = "rgdpna", "output_per_worker"


def hierarchical_density(
    pwt: Panel,
    annual: Panel,
    country: str,
    origin: int,
    horizon: int,
    draws: int,
    rng: Generator,
    recent: pd.Series | None = None,
) -> GrowthDensity:
    """Return draws of an economy's growth of output per worker, learnt from all economies.

    Parameters
    ----------
    pwt : Panel
        Penn World Table, columns ``rgdpna`` and ``emp``.
    annual : Panel
        Column ``output_per_worker``; carries economies on after the Penn World Table ends.
    country : str
    origin : int
        Last year that may be seen.
    horizon, draws : int
    rng : numpy.random.Generator
    recent : pandas.Series or None
        The economy's growth of output per worker by year, %, used before ``annual``'s.

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon), % a year, from the year after ``origin``.

    Raises
    ------
    DataError, ProjectionError, EstimationError
        If a column is missing, the frontier economy has no level, or the economy has too few years.
    """
    later = {} if recent is None else {country: recent}
    panel = level_panel(pwt, annual, origin, later)
    return hierarchical_growth(panel, country, horizon, draws, rng)


def level_panel(
    pwt: Panel,
    annual: Panel | None,
    origin: int,
    later: dict[str, pd.Series] | None = None,
    heads: str = "emp",
) -> LevelPanel:
    """Return log output per head of all economies through ``origin``.

    Levels are the Penn World Table's real GDP at constant national prices (in US$ of its base
    year, at that year's PPP) over persons. After its last year an economy goes on with its growth
    in ``later``, else in ``annual``, as long as that is unbroken.

    Parameters
    ----------
    pwt : Panel
        Columns ``rgdpna`` and ``heads``.
    annual : Panel or None
        Column ``output_per_worker``. None: nothing is added.
    origin : int
    later : dict of economy to growth by year, %, used before ``annual``'s.
    heads : str
        ``emp`` for output per worker, ``pop`` per capita (then leave ``annual`` out).

    Raises
    ------
    DataError
        If a column is missing.
    ProjectionError
        If the Penn World Table holds nothing to ``origin``.
    """
    known = pwt.through(origin).require([OUTPUT, heads])
    ratio = known[OUTPUT].where(known[OUTPUT] > 0) / known[heads]
    levels: pd.DataFrame = 100 * ratio.unstack("country").astype(np.float64).apply(np.log)
    if levels.empty:
        raise ProjectionError(f"{pwt.source}: no rows up to {origin}")
    levels = levels.reindex(range(int(levels.index.min()), origin + 1))
    growth = _later(annual, later or {}, origin)
    growth = growth.reindex(index=levels.index, columns=levels.columns)
    return LevelPanel(
        years=levels.index.to_numpy(dtype=np.int64),
        countries=tuple(str(code) for code in levels.columns),
        levels=_run_on(levels.to_numpy(dtype=np.float64).T, growth.to_numpy(dtype=np.float64).T),
        leader=LEADER,
    )


def _run_on(levels: Array, growth: Array) -> Array:
    """Return levels (N, T), each going on with growth (N, T) after its last known year."""
    out = levels.copy()
    ended = np.isnan(levels[:, ::-1]).cumprod(axis=1)[:, ::-1].astype(bool)
    for t in range(1, out.shape[1]):
        out[:, t] = np.where(ended[:, t], out[:, t - 1] + growth[:, t], out[:, t])
    return out


def _later(annual: Panel | None, given: dict[str, pd.Series], origin: int) -> pd.DataFrame:
    """Return growth (year, economy), %, that may follow the Penn World Table."""
    columns = {code: series.loc[:origin] for code, series in given.items()}
    found = pd.DataFrame(columns, dtype=np.float64)
    if annual is not None:
        levels = annual.through(origin).require([PRODUCTIVITY])[PRODUCTIVITY].unstack("country")
        found = found.combine_first(100 * levels.apply(np.log).diff())
    return found.sort_index()
