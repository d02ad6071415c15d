"""Where an economy stands to the frontier today, and how the frontier moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.arrays import Array, Paths
from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.randomness.streams import Randomness, paired

# Growth that moves each gap, both in the growth panel.
GROWTH_OF = {"growth_output_per_worker": "gap_output_per_worker", "growth_tfp": "gap_tfp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Growth of the frontier economy's output per worker, % a year.

    Attributes
    ----------
    mean, std : float
        Over the growth panel's periods.
    periods : int
        How many there are.
    """

    mean: float
    std: float
    periods: int


def frontier(growth_panel: Panel, country: str = "USA") -> Frontier:
    """Return the frontier's record of growth of output per worker."""
    record = growth_panel.series(country, "growth_output_per_worker").to_numpy()
    return Frontier(mean=float(record.mean()), std=float(record.std(ddof=1)), periods=len(record))


def gap_at(
    growth_panel: Panel,
    country: str,
    outcome: str,
    recent: pd.Series,
    origin: int,
    leader: Frontier,
) -> float:
    """Return the log gap to the frontier at the end of ``origin``.

    The gap at the start of the last period, plus that period's growth relative to the United
    States, plus the years since at the country's own growth less the frontier's mean.

    Parameters
    ----------
    outcome : str
        ``growth_output_per_worker`` or ``growth_tfp``.
    recent : pandas.Series
        Annual growth of output per worker by year, %, through ``origin``.

    Raises
    ------
    ProjectionError
        If the country has no growth and gap in any period.
    """
    state = GROWTH_OF[outcome]
    own = growth_panel.require([outcome, state]).dropna()
    if country not in own.index.get_level_values("country"):
        raise ProjectionError(f"{country}: no period has both {outcome} and {state}")
    rows = own.loc[country]
    year = int(rows.index.max())
    last = rows.loc[year].to_numpy(dtype=float)
    ahead = float(growth_panel.series("USA", outcome).loc[year])
    gap = float(last[1] + growth_panel.step * (last[0] - ahead) / 100)
    if outcome == "growth_output_per_worker":
        since = recent[(recent.index > year) & (recent.index <= origin)]
        gap += float((since - leader.mean).sum()) / 100
    return gap


def gap_paths(start: float, growth: Paths, leader: Frontier, rng: Randomness, block: int) -> Paths:
    """Return the gap at the start of each year, (draws, t), along growth paths.

    The frontier's mean growth is drawn from its sampling distribution and its period averages
    around it, ``block`` years each.
    """
    ahead = frontier_growth(leader, growth.shape, rng, block)
    steps = (growth - ahead) / 100
    gaps: Array = start + np.cumsum(steps, axis=1) - steps
    return gaps


def frontier_growth(leader: Frontier, shape: tuple[int, ...], rng: Randomness, block: int) -> Paths:
    """Return draws of the frontier's growth, (draws, t), % a year."""
    draws, years = shape
    blocks = -(-years // block)
    streams = paired(rng)
    spread = leader.std / np.sqrt(leader.periods)
    mean = leader.mean + spread * streams.parameters.standard_normal((draws, 1))
    shocks = leader.std * streams.shocks.standard_normal((draws, blocks))
    return np.asarray(mean + np.repeat(shocks, block, axis=1)[:, :years])
