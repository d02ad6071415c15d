"""What futures are drawn from, and the draws that every scenario of one economy shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from forecast.arrays import Integers, Paths
from forecast.crosscountry.chain.record import ChainFit
from forecast.estimation.record import Estimate
from forecast.income.accounts import Accounts
from forecast.income.nominal_block import NominalHistory
from forecast.income.nominal_system import NOMINAL_SYSTEMS, NominalSystem
from forecast.income.working_age import AgeStructure
from forecast.panel import Panel
from forecast.projection.baseline.baseline import Baseline, CatchUp, Densities
from forecast.projection.baseline.borrowed_densities import PosteriorOf
from forecast.projection.baseline.income_chain import ChainSource
from forecast.projection.baseline.state import Frontier
from forecast.projection.drivers.driver_deviations import DriverSpread
from forecast.projection.drivers.effects import CoefficientDraws, Effects
from forecast.specs.known import KnownSpec

# Draws of one block: enough for whole arrays to pay, few enough for the memory of a small machine.
BLOCK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The tables that a projection needs, as a data package holds them.

    Attributes
    ----------
    growth_panel, annual : Panel
        Five-year periods of all economies; annual series of the subject at least.
    sdr_parts, thresholds, population : pandas.DataFrame
    relative_income : pandas.DataFrame, optional
    world : Panel or None
        A Penn World Table, for densities that are learnt from all economies.
    chain : ChainFit or None
        The income chain fitted on all economies.
    revisions : pandas.DataFrame or None
        What has become of incomes between editions, by distance to the line.
    posterior_of : function or None
        What has the hierarchical growth model's posterior kept; None: it is drawn each time.
    """

    growth_panel: Panel
    annual: Panel
    sdr_parts: pd.DataFrame
    thresholds: pd.DataFrame
    population: pd.DataFrame
    relative_income: pd.DataFrame | None = None
    world: Panel | None = None
    chain: ChainFit | None = None
    revisions: pd.DataFrame | None = None
    posterior_of: PosteriorOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for: a subject, a horizon, weights, switches.

    Attributes
    ----------
    country : str
        Subject, ISO 3166 alpha-3.
    horizon : int
        Last projected year.
    draws : int
        Paths.
    seed : int
        Of what is learnt from all economies; draws take their streams from the caller.
    growth_weights, nominal_weights : dict of density, or of price system, to weight
    effect_weights : dict of model to weight
        Models that turn drivers into growth.
    convergence_model : str
        The estimated model behind the density ``convergence``; empty where no pool asks for it.
    baseline : {"chain", "pool"}
        Whether income follows the income chain, or a pool of growth densities and price systems.
    population : {"uncertain", "median"}
    driver_uncertainty : bool
    known : KnownSpec
        What is known of the first year ahead.
    base_revision : bool
        Whether paths start from the last published income as it may be revised.
    price_elasticity : float
        Of the real exchange rate with respect to growth that a scenario adds; 0: prices stay.
    """

    country: str
    horizon: int
    draws: int
    seed: int
    growth_weights: Mapping[str, float]
    nominal_weights: Mapping[str, float]
    effect_weights: Mapping[str, float]
    convergence_model: str
    baseline: str = "chain"
    population: str = "uncertain"
    driver_uncertainty: bool = False
    known: KnownSpec = field(default_factory=KnownSpec)
    base_revision: bool = False
    price_elasticity: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What futures are drawn from: everything that is known and fitted, nothing random.

    Attributes
    ----------
    plan : Plan
    years : (t,) projected years.
    densities : Densities
    estimates : dict of model to Estimate
    drivers : pandas.DataFrame
        Baseline driver paths by year.
    history : NominalHistory
    share : pandas.Series or AgeStructure
        Share of ages 15-64, %, from the last known year on, with its uncertainty if published.
    growth_panel : Panel
    starts : dict of outcome to float
        Log gap to the frontier at the end of the last known year; empty where nothing departs.
    recent : pandas.Series
        Annual growth of output per worker by year, %, unbroken to the last known year.
    catch_up : CatchUp, str or None
        What the convergence density starts from, or why there is none.
    leader : Frontier
        Growth of the frontier, which moves the gaps.
    spread : DriverSpread or None
        How drivers wander from their held paths; None: they do not.
    chain : ChainSource or None
        Where income follows the income chain; densities and systems are then not drawn from.
    systems : dict of name to NominalSystem
    unserved : dict of model to sentence
        Effects models that lack something of the economy; their weight went to the others.
    """

    plan: Plan
    years: Integers
    densities: Densities
    estimates: Mapping[str, Estimate]
    drivers: pd.DataFrame
    history: NominalHistory
    share: pd.Series | AgeStructure
    growth_panel: Panel
    starts: Mapping[str, float]
    recent: pd.Series
    catch_up: CatchUp | str | None
    leader: Frontier
    spread: DriverSpread | None = None
    chain: ChainSource | None = None
    systems: Mapping[str, NominalSystem] = field(default_factory=lambda: NOMINAL_SYSTEMS)
    unserved: Mapping[str, str] = field(default_factory=dict)

    def sizes(self, draws: int) -> list[int]:
        """Return the draws of each block.

        A block of the income chain is a whole set of its error vectors, so that every one of them
        counts alike and what is drawn is at least what is asked; fewer draws than one set take as
        many different vectors.
        """
        block = self.chain.vectors if self.chain is not None else BLOCK
        if self.chain is None or draws < block:
            return [min(block, draws - begun) for begun in range(0, draws, block)]
        return [block] * -(-draws // block)

    def effects(self, coefficients: CoefficientDraws, gaps: Mapping[str, Paths]) -> Effects:
        """Return what turns drivers' paths into growth, along given draws."""
        return Effects(
            coefficients=coefficients,
            estimates=self.estimates,
            drivers=self.drivers,
            gaps=gaps,
            years=self.years,
            step=self.growth_panel.step,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """What all scenarios of a study share: a setting, and one set of draws from it.

    Attributes
    ----------
    setting : Setting
    baseline : Baseline
        Growth of output per worker without departures, and the densities behind it.
    accounts : Accounts
        Employment, prices, exchange rate, line and income along ``growth``.
    coefficients : CoefficientDraws
    gaps : dict of outcome to (draws, t)
        Log gap to the frontier at the start of each year; empty where no scenario departs.
    """

    setting: Setting
    baseline: Baseline
    accounts: Accounts
    coefficients: CoefficientDraws
    gaps: Mapping[str, Paths]

    @property
    def country(self) -> str:
        """The subject, ISO 3166 alpha-3."""
        return self.setting.plan.country

    @property
    def origin(self) -> int:
        """Last year with published income and threshold."""
        return self.setting.history.base_year

    @property
    def years(self) -> Integers:
        """Projected years, (t,)."""
        return self.setting.years

    @property
    def effects(self) -> Effects:
        """What turns drivers' paths into growth, along these draws."""
        return self.setting.effects(self.coefficients, self.gaps)
