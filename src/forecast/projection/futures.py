"""What futures are drawn from, and the draws that every scenario of one economy shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.estimation.record import Estimate
from forecast.income.accounts import Accounts
from forecast.income.nominal_block import NominalHistory
from forecast.income.nominal_system import NOMINAL_SYSTEMS, NominalSystem
from forecast.income.working_age import AgeStructure
from forecast.panel import Panel
from forecast.projection.baseline import Baseline, CatchUp, Densities
from forecast.projection.driver_deviations import DriverSpread
from forecast.projection.effects import CoefficientDraws
from forecast.projection.record import Paths
from forecast.projection.state import Frontier
from forecast.specs.study import StudySpec


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
    """

    growth_panel: Panel
    annual: Panel
    sdr_parts: pd.DataFrame
    thresholds: pd.DataFrame
    population: pd.DataFrame
    relative_income: pd.DataFrame | None = None
    world: Panel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """What all scenarios of a study share.

    Attributes
    ----------
    country : str
    origin : int
        Last year with published income and threshold.
    years : (t,) projected years.
    baseline : Baseline
        Growth of output per worker without departures, and the densities behind it.
    accounts : Accounts
        Employment, prices, exchange rate, line and income along ``growth``.
    coefficients : CoefficientDraws
    estimates : dict of model to Estimate
    gaps : dict of outcome to (draws, t)
        Log gap to the frontier at the start of each year; empty where no scenario departs.
    drivers : pandas.DataFrame
        Baseline driver paths by year.
    history : NominalHistory
    growth_panel : Panel
    """

    country: str
    origin: int
    years: NDArray[np.int64]
    baseline: Baseline
    accounts: Accounts
    coefficients: CoefficientDraws
    estimates: Mapping[str, Estimate]
    gaps: Mapping[str, Paths]
    drivers: pd.DataFrame
    history: NominalHistory
    growth_panel: Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What futures are drawn from: everything that is known and fitted, nothing random.

    Attributes
    ----------
    study : StudySpec
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
    systems : dict of name to NominalSystem
    """

    study: StudySpec
    years: NDArray[np.int64]
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
    systems: Mapping[str, NominalSystem] = field(default_factory=lambda: NOMINAL_SYSTEMS)
