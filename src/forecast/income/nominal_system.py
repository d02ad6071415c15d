"""How prices, the exchange rate and employment move, given productivity growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forecast.income.nominal_block import NominalHistory
from forecast.timeseries.varx import VarxPrior, draw_varx, simulate_varx, varx_posterior

Array = NDArray[np.float64]

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
    """

    label: str
    reverts: bool
    persistence: float
    prior: VarxPrior


# Two systems, because 30 years of one economy cannot tell them apart and they disagree
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
    values = history.rates[list(VARIABLES)].to_numpy(copy=True)
    driver = history.rates["growth"].to_numpy()
    today = values[-1, REAL_RATE]
    if not system.reverts:
        values[:, REAL_RATE] = np.diff(values[:, REAL_RATE], prepend=0.0)
    persistence = np.zeros(len(VARIABLES))
    persistence[REAL_RATE] = system.persistence
    posterior = varx_posterior(values, driver, system.prior, persistence)
    parameters = draw_varx(posterior, len(growth), parameter_rng)
    paths = simulate_varx(parameters, values[-1], float(driver[-1]), growth, shock_rng)
    if not system.reverts:
        paths[:, :, REAL_RATE] = today + np.cumsum(paths[:, :, REAL_RATE], axis=1)
    return paths, parameters.rejected
