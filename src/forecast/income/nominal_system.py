"""How prices, the exchange rate and employment move, given productivity growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from forecast.arrays import Array
from forecast.income.nominal_block import NominalHistory
from forecast.timeseries.systems.varx import VarxPrior, draw_varx, simulate_varx, varx_posterior

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


def simulate_system(
    system: NominalSystem,
    history: NominalHistory,
    growth: Array,
    parameter_rng: Generator,
    shock_rng: Generator | Sequence[Generator],
) -> tuple[Array, float]:
    """Simulate a system along growth paths, parameters drawn anew for each path.

    Parameters
    ----------
    system : NominalSystem
    history : NominalHistory
    growth : (draws, t) growth of output per worker, log differences x 100.
    parameter_rng : numpy.random.Generator
    shock_rng : numpy.random.Generator, or one for each of ``VARIABLES``
        The numbers drawn do not depend on ``growth``.

    Returns
    -------
    paths : (draws, t, 5)
        In the order of ``VARIABLES``: log differences x 100, but ``real_rate`` a log level x 100.
    rejected : float
        Share of parameter draws refused as explosive.

    Raises
    ------
    EstimationError
        If the system cannot be estimated.
    """
    if system.elasticity == 0.0 and system.elasticity_error == 0.0:
        return _along(system, history, growth, 0.0, parameter_rng, shock_rng)
    codes = parameter_rng.permutation(np.arange(len(growth)) % STRATA)
    paths = np.empty((*growth.shape, len(VARIABLES)))
    rejected = 0.0
    for code, point in enumerate(_strata_points()):
        rows = codes == code
        if not rows.any():
            continue
        elasticity = system.elasticity + point * system.elasticity_error
        paths[rows], refused = _along(
            system, history, growth[rows], elasticity, parameter_rng, shock_rng
        )
        rejected = max(rejected, refused)
    return paths, rejected


def _along(
    system: NominalSystem,
    history: NominalHistory,
    growth: Array,
    elasticity: float,
    parameter_rng: Generator,
    shock_rng: Generator | Sequence[Generator],
) -> tuple[Array, float]:
    """Simulate a system at one elasticity: what the frontier's gap explains is set apart."""
    values = history.rates[list(VARIABLES)].to_numpy(copy=True)
    driver = history.rates["growth"].to_numpy()
    today = values[-1, REAL_RATE]
    lead = np.cumsum(driver - history.frontier)  # relative productivity, log points x 100
    if system.reverts:
        values[:, REAL_RATE] -= elasticity * lead
    else:
        values[:, REAL_RATE] = np.diff(values[:, REAL_RATE], prepend=0.0)
    persistence = np.zeros(len(VARIABLES))
    persistence[REAL_RATE] = system.persistence
    posterior = varx_posterior(values, driver, system.prior, persistence)
    parameters = draw_varx(posterior, len(growth), parameter_rng)
    paths = simulate_varx(parameters, values[-1], float(driver[-1]), growth, shock_rng)
    if system.reverts:
        ahead = lead[-1] + np.cumsum(growth - history.frontier, axis=1)
        paths[:, :, REAL_RATE] += elasticity * ahead
    else:
        paths[:, :, REAL_RATE] = today + np.cumsum(paths[:, :, REAL_RATE], axis=1)
    return paths, parameters.rejected


def _strata_points() -> Array:
    """Return the medians of equally likely strata of a standard normal, their variance one."""
    from scipy.special import ndtri

    points = ndtri((np.arange(STRATA) + 0.5) / STRATA)
    return np.asarray(points / points.std())
