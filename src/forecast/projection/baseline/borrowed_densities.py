"""Densities of one economy's growth that are learnt from all economies' records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

import numpy as np
import pandas as pd

from forecast.arrays import read_only
from forecast.errors import EstimationError, ForecastError
from forecast.panel import Panel
from forecast.projection.baseline.hierarchical_density import level_panel
from forecast.randomness.streams import Randomness
from forecast.timeseries.density import Sampler
from forecast.timeseries.hierarchical.chains import GROWTH_AHEAD, hierarchical_chains
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling
from forecast.timeseries.record import GrowthDensity
from forecast.timeseries.univariate.world_shrinkage import (
    WorldShrinkage,
    fit_world_shrinkage,
    world_shrinkage_growth,
)

HIERARCHICAL, SHRINKAGE = "hierarchical", "world_shrinkage"
BORROWED = (HIERARCHICAL, SHRINKAGE)
# A minute of processor time: drawn once where it is kept (docs/methods/hierarchical_growth.md).
CHAINS = Sampling(draws=750, burn=300, thin=4, chains=4)
# Of each past origin of a backtest: growth of one economy mixes well.
PAST_CHAIN = Sampling(draws=750, burn=300)
APART = 1.1  # split R-hat from which chains have not met

PosteriorOf = Callable[[LevelPanel, int, Sampling], HierarchicalPosterior]

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

    def caveat(self, country: str) -> str:
        """Return how many independent draws the chains are worth; nothing where none were asked."""
        if isinstance(self.posterior, str) or country not in self.posterior.countries:
            return ""
        told = self.posterior.mixing
        if not told:
            return ""
        growth = told[GROWTH_AHEAD][self.posterior.countries.index(country)]
        apart = [f"{k} ({v[0]:.2f})" for k, v in told.items() if k != GROWTH_AHEAD and v[0] > APART]
        return (
            f"The density {HIERARCHICAL!r} has {self.posterior.size} draws of several chains, "
            f"worth {growth[1]:.0f} independent ones for the growth that {country} is expected to "
            f"have over ten years (split R-hat {growth[0]:.3f}) and {told['tails'][1]:.0f} for how "
            f"heavy the tails of annual shocks are ({told['tails'][0]:.3f})"
            + (f"; chains have not met on {', '.join(apart)}." if apart else ".")
        )


def world_record(
    names: Sequence[str],
    world: Panel | None,
    annual: Panel,
    origin: int,
    seed: int,
    own: Mapping[str, pd.Series] | None = None,
    *,
    posterior_of: PosteriorOf | None = None,
    sampling: Sampling = CHAINS,
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
    posterior_of : function of estimable levels, seed and sampling, optional
        What has the posterior kept; `fresh_posterior` if not given.
    sampling : Sampling
        How long the chains are.
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
        posterior=_attempt(partial(_posterior, panel, seed, sampling, posterior_of))
        if HIERARCHICAL in names
        else why,
        shrinkage=_attempt(partial(_shrinkage, panel)) if SHRINKAGE in names else why,
    )


def _attempt(fit: Callable[[], T]) -> T | str:
    try:
        return fit()
    except EstimationError as error:
        return str(error)


def _posterior(
    panel: LevelPanel, seed: int, sampling: Sampling, posterior_of: PosteriorOf | None
) -> HierarchicalPosterior:
    return (posterior_of or fresh_posterior)(panel.estimable(), seed, sampling)


# The chains are the slowest part of a run and depend on nothing else: equal panels share them.
@lru_cache(maxsize=4)
def fresh_posterior(panel: LevelPanel, seed: int, sampling: Sampling) -> HierarchicalPosterior:
    """Return the posterior of the hierarchical growth model, drawn once a process."""
    return read_only(hierarchical_chains(panel, seed, sampling))


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
