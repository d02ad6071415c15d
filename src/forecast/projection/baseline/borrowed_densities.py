"""Densities of one economy's growth that are learnt from all economies' records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

import numpy as np
import pandas as pd

from forecast.errors import EstimationError, ForecastError
from forecast.panel import Panel
from forecast.projection.baseline.hierarchical_density import level_panel
from forecast.randomness.streams import Randomness
from forecast.timeseries.density import Sampler
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.posterior import hierarchical_posterior
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling
from forecast.timeseries.record import GrowthDensity
from forecast.timeseries.univariate.world_shrinkage import (
    WorldShrinkage,
    fit_world_shrinkage,
    world_shrinkage_growth,
)

HIERARCHICAL, SHRINKAGE = "hierarchical", "world_shrinkage"
BORROWED = (HIERARCHICAL, SHRINKAGE)
# Half of the chain that docs/methods/hierarchical_growth.md reports on: growth of one economy
# mixes well, and a run should not wait twenty seconds for one density.
CHAIN = Sampling(draws=750, burn=300)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldRecord:
    """What all economies' records say by one origin: fitted once, drawn from for any economy.

    Attributes
    ----------
    posterior : HierarchicalPosterior or str
        Or why there is none.
    shrinkage : WorldShrinkage or str
    """

    posterior: HierarchicalPosterior | str
    shrinkage: WorldShrinkage | str

    def sampler(self, name: str, country: str, recent: pd.Series) -> Sampler | str:
        """Return one density of one economy, or why it has none; ``recent`` is its own growth."""
        if name == SHRINKAGE:
            shrunk = self.shrinkage
            return shrunk if isinstance(shrunk, str) else partial(_shrunk, shrunk, recent)
        if isinstance(self.posterior, str):
            return self.posterior
        if country not in self.posterior.countries:
            return f"{HIERARCHICAL}: {country} has growth in fewer than 10 years"
        return partial(_hierarchical, self.posterior, country)


def world_record(
    names: Sequence[str],
    world: Panel | None,
    annual: Panel,
    origin: int,
    seed: int,
    own: Mapping[str, pd.Series] | None = None,
) -> WorldRecord:
    """Fit the densities among ``names`` to all economies' growth through ``origin``.

    Parameters
    ----------
    names : sequence of str
        Those of ``BORROWED`` that are wanted.
    world : Panel or None
        A Penn World Table; None: there is none.
    annual : Panel
        Annual series that carry economies on after the Penn World Table ends.
    origin : int
        Last year that may be seen.
    seed : int
        Of the chain.
    own : dict of economy to growth by year, %, optional
        Used before ``annual``'s.
    """
    why = "not asked for"
    if names and world is None:
        why = "the data package has no Penn World Table"
    if not names or world is None:
        return WorldRecord(posterior=why, shrinkage=why)
    try:
        panel = level_panel(world, annual, origin, dict(own or {}))
    except ForecastError as error:
        return WorldRecord(posterior=str(error), shrinkage=str(error))
    return WorldRecord(
        posterior=_attempt(partial(_chain, panel, seed)) if HIERARCHICAL in names else why,
        shrinkage=_attempt(partial(_shrinkage, panel)) if SHRINKAGE in names else why,
    )


def _attempt(fit: Callable[[], T]) -> T | str:
    try:
        return fit()
    except EstimationError as error:
        return str(error)


def _chain(panel: LevelPanel, seed: int) -> HierarchicalPosterior:
    used = panel.estimable()
    return _kept_chain(
        used.countries, used.leader, used.years.tobytes(), used.levels.tobytes(), seed
    )


# The chain is the slowest part of a run and depends on nothing else: equal panels share it.
@lru_cache(maxsize=4)
def _kept_chain(
    countries: tuple[str, ...], leader: str, years: bytes, levels: bytes, seed: int
) -> HierarchicalPosterior:
    when = np.frombuffer(years, dtype=np.int64)
    shape = (len(countries), len(when))
    panel = LevelPanel(
        years=when,
        countries=countries,
        levels=np.frombuffer(levels, dtype=np.float64).reshape(shape),
        leader=leader,
    )
    return hierarchical_posterior(panel, np.random.default_rng(seed), sampling=CHAIN)


def _shrinkage(panel: LevelPanel) -> WorldShrinkage:
    growth = pd.DataFrame(panel.levels.T, index=panel.years, columns=list(panel.countries)).diff()
    return fit_world_shrinkage(growth)


def _hierarchical(
    posterior: HierarchicalPosterior, country: str, horizon: int, draws: int, rng: Randomness
) -> GrowthDensity:
    paths = hierarchical_paths(posterior, [country], horizon, draws, rng)[:, 0]
    growth = np.diff(paths, axis=1)
    return GrowthDensity(name=HIERARCHICAL, draws=growth, point=growth.mean(axis=0))


def _shrunk(
    fit: WorldShrinkage, recent: pd.Series, horizon: int, draws: int, rng: Randomness
) -> GrowthDensity:
    return world_shrinkage_growth(fit, recent, horizon, draws, rng)
