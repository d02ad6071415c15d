"""How prices, the exchange rate and employment move, given productivity growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array, Integers, read_only, running_sum
from forecast.income.nominal_block import NominalHistory
from forecast.timeseries.systems.varx import (
    VarxDraws,
    VarxPosterior,
    VarxPrior,
    draw_varx,
    varx_paths,
    varx_posterior,
)

VARIABLES = ("employment", "deflator", "real_rate", "sdr", "usa")
REAL_RATE = VARIABLES.index("real_rate")
INTERNATIONAL = ("sdr", "usa")  # the variables that no economy but the largest moves


@dataclass(frozen=True, slots=True, kw_only=True)
class NominalSystem:
    """One way in which the real exchange rate and growth hang together.

    Attributes
    ----------
    label : str
        How a sentence names it.
    reverts : bool
        Whether the real exchange rate is a level that returns to its mean; otherwise its rate of
        change is, and the level wanders.
    persistence : float
        Prior mean of the own first lag of the real rate, in the form that ``reverts`` says.
    prior : VarxPrior
    elasticity, elasticity_error : float
        By how many per cent the level that the real rate returns to rises when output per worker
        rises by one per cent against the frontier, and its standard error: each path draws its
        own (Balassa 1964; Samuelson 1964). Zero: the level stays.
    """

    label: str
    reverts: bool
    persistence: float
    prior: VarxPrior
    elasticity: float = 0.0
    elasticity_error: float = 0.0


# Paths share the elasticities of this many strata of their distribution, so that the posterior
# is found that often and not once a path.
STRATA = 8

# Several systems, because 30 years of one economy cannot tell them apart and they disagree
# (docs/methods/income_accounting.md). An own lag of 0.95 is slower than the consensus half-life of
# three to five years (Rogoff 1996: 0.79 to 0.87): a random walk cannot be refused here either.
NOMINAL_SYSTEMS = {
    "mean_reverting": NominalSystem(
        label="a real exchange rate that returns to its mean, whatever growth does",
        reverts=True,
        persistence=0.95,
        prior=VarxPrior(lag=0.1, impact=0.5, long_run=0.02),
    ),
    "growth_linked": NominalSystem(
        label="a real exchange rate that goes on falling with growth, as since 2015",
        reverts=False,
        persistence=0.0,
        prior=VarxPrior(lag=0.1, impact=0.5, long_run=0.3),
    ),
    # Ten-year differences of all economies, 1987-2024: benchmarks/nominal_systems.py.
    "balassa_samuelson": NominalSystem(
        label="a real exchange rate that returns to a level which rises with relative productivity",
        reverts=True,
        persistence=0.95,
        prior=VarxPrior(lag=0.1, impact=0.5, long_run=0.02),
        elasticity=0.176,
        elasticity_error=0.055,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedSystem:
    """A nominal system on one economy's history: all that its draws are made from.

    Attributes
    ----------
    system : NominalSystem
    elasticities : (s,) one a stratum; a single one where it is certain.
    posteriors : of each stratum.
    last : (s, 5) ``VARIABLES`` in the last known year, what the frontier's gap explains set apart.
    today : the real rate of the last known year as published.
    last_growth, lead, frontier : growth of output per worker in the last known year, relative
        productivity then, and the frontier's growth; log differences and log points x 100.
    """

    system: NominalSystem
    elasticities: Array
    posteriors: tuple[VarxPosterior, ...]
    last: Array
    today: float
    last_growth: float
    lead: float
    frontier: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDraws:
    """Parameters of a system, drawn for each path.

    Attributes
    ----------
    fitted : FittedSystem
    sizes : (s,) paths of each stratum.
    order : (draws,) the path of each row of ``parameters``, which come stratum by stratum.
    parameters : rejected is the largest share of a stratum.
    """

    fitted: FittedSystem
    sizes: Integers
    order: Integers
    parameters: VarxDraws


@lru_cache(maxsize=32)
def fit_price_system(system: NominalSystem, history: NominalHistory) -> FittedSystem:
    """Return a system's posterior on a history, found once for all blocks of draws.

    Raises
    ------
    EstimationError
        If the system cannot be estimated.
    """
    values = history.rates[list(VARIABLES)].to_numpy(copy=True)
    growth = history.rates["growth"].to_numpy()
    lead = np.cumsum(growth - history.frontier)  # relative productivity, log points x 100
    certain = system.elasticity == 0.0 and system.elasticity_error == 0.0
    points = np.zeros(1) if certain else _strata_points()
    elasticities = system.elasticity + points * system.elasticity_error
    persistence = np.zeros(len(VARIABLES))
    persistence[REAL_RATE] = system.persistence
    posteriors, last = [], []
    for elasticity in elasticities:
        apart = values.copy()
        if system.reverts:
            apart[:, REAL_RATE] -= elasticity * lead
        else:
            apart[:, REAL_RATE] = np.diff(values[:, REAL_RATE], prepend=0.0)
        posteriors.append(varx_posterior(apart, growth, system.prior, persistence))
        last.append(apart[-1])
    fitted = FittedSystem(
        system=system,
        elasticities=elasticities,
        posteriors=tuple(posteriors),
        last=np.array(last),
        today=float(values[-1, REAL_RATE]),
        last_growth=float(growth[-1]),
        lead=float(lead[-1]),
        frontier=history.frontier,
    )
    return read_only(fitted)


def draw_price_system(fitted: FittedSystem, draws: int, rng: Generator) -> SystemDraws:
    """Draw a system's parameters anew for each path.

    Raises
    ------
    EstimationError
        If hardly any draw is stable.
    """
    count = len(fitted.posteriors)
    strata = np.arange(draws) % count
    if count > 1:
        strata = rng.permutation(strata)
    sizes = np.bincount(strata, minlength=count)
    parts = [
        draw_varx(posterior, int(size), rng)
        for posterior, size in zip(fitted.posteriors, sizes, strict=True)
        if size
    ]
    return SystemDraws(
        fitted=fitted,
        sizes=sizes,
        order=np.argsort(strata, kind="stable"),
        parameters=VarxDraws(
            coefficients=np.concatenate([part.coefficients for part in parts]),
            root=np.concatenate([part.root for part in parts]),
            rejected=max(part.rejected for part in parts),
        ),
    )


def simulate_systems(
    drawn: Sequence[SystemDraws], growth: Array, shock_rngs: Sequence[Sequence[Generator]]
) -> Array:
    """Simulate paths of several systems along growth.

    Parameters
    ----------
    drawn : of each system, one set of parameters a path.
    growth : (draws, t) growth of output per worker, log differences x 100: one system's paths
        after the other's, each in its ``order``.
    shock_rngs : of each system, one numpy.random.Generator for each of ``VARIABLES``
        The numbers drawn do not depend on ``growth``.

    Returns
    -------
    numpy.ndarray
        (draws, t, 5) as ``growth`` and ``VARIABLES`` are ordered, draws side by side in memory:
        log differences x 100, but ``real_rate`` a log level x 100.
    """
    t = growth.shape[1]
    shocks = (
        np.concatenate(
            [
                rngs[variable].standard_normal((t, size))
                for one, rngs in zip(drawn, shock_rngs, strict=True)
                for size in one.sizes.tolist()
            ],
            axis=1,
        )
        for variable in range(len(VARIABLES))
    )
    last = [np.repeat(one.fitted.last.T, one.sizes, axis=1) for one in drawn]
    found = varx_paths(
        [one.parameters for one in drawn],
        np.concatenate(last, axis=1),
        drawn[0].fitted.last_growth,
        growth,
        shocks,
    )
    end = 0
    for one in drawn:
        begin, end = end, end + len(one.order)
        real, fitted = found[begin:end, :, REAL_RATE], one.fitted
        if fitted.system.reverts:
            along = np.asfortranarray(growth[begin:end]) - fitted.frontier
            ahead = fitted.lead + running_sum(along)
            real += np.repeat(fitted.elasticities, one.sizes)[:, None] * ahead
        else:
            real[...] = fitted.today + running_sum(real)
    return found


def _strata_points() -> Array:
    """Return the medians of equally likely strata of a standard normal, their variance one."""
    from scipy.special import ndtri

    points = ndtri((np.arange(STRATA) + 0.5) / STRATA)
    return np.asarray(points / points.std())
