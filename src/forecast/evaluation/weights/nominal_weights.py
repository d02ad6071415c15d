"""Weights that nominal systems earn on past cases: equal, inverse CRPS, log-score stacking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.evaluation.scores.scores import crps_sample
from forecast.evaluation.weights.kernel_density import log_kernel_density
from forecast.evaluation.weights.nominal_backtest import NominalCases
from forecast.evaluation.weights.stacking import stacking_weights

# Log of the density, per log point, that a case is given at least: the kernels of some hundred
# draws know nothing of tails, and one case far out would decide alone.
LEAST_LOG_DENSITY = float(np.log(1e-6))


def nominal_weights(cases: NominalCases) -> pd.DataFrame:
    """Return the weights of the systems by every rule.

    ``inverse_crps`` is inverse to the mean CRPS, every horizon counting alike (Bates and Granger
    1969, with the CRPS in place of the squared error). ``stacking`` maximises the mean log density
    of the linear pool over all cases (Hall and Mitchell 2007).

    Parameters
    ----------
    cases : NominalCases

    Returns
    -------
    pandas.DataFrame
        Index ``system``, columns ``equal, inverse_crps, stacking``; each column sums to one.
    """
    crps, log_density = nominal_scores(cases)
    names = list(cases.draws)
    return pd.DataFrame(
        {
            "equal": 1 / len(names),
            "inverse_crps": inverse_crps_weights(crps, cases.about["horizon"].to_numpy()),
            "stacking": stacking_weights(log_density),
        },
        index=pd.Index(names, name="system"),
    )


def mean_nominal_scores(cases: NominalCases) -> pd.DataFrame:
    """Return each system's mean scores over all cases.

    Parameters
    ----------
    cases : NominalCases

    Returns
    -------
    pandas.DataFrame
        Index ``system``: ``crps`` (log points), ``log_density`` (nats), ``covered_80`` (% of
        outcomes inside the 80 % interval).
    """
    crps, log_density = nominal_scores(cases)
    bounds = [np.quantile(draws, [0.1, 0.9], axis=1) for draws in cases.draws.values()]
    inside = [np.mean((low <= cases.outcome) & (cases.outcome <= high)) for low, high in bounds]
    return pd.DataFrame(
        {
            "crps": crps.mean(axis=0),
            "log_density": log_density.mean(axis=0),
            "covered_80": 100 * np.array(inside),
        },
        index=pd.Index(list(cases.draws), name="system"),
    )


def nominal_scores(cases: NominalCases) -> tuple[Array, Array]:
    """Return every case's scores by system, in the order of ``cases.draws``.

    Parameters
    ----------
    cases : NominalCases

    Returns
    -------
    crps : (cases, systems) log points; smaller is better.
    log_density : (cases, systems) nats, per log point; larger is better.
        Of a kernel estimate, ``LEAST_LOG_DENSITY`` at least.
    """
    draws = list(cases.draws.values())
    crps = np.column_stack([crps_sample(cases.outcome, d) for d in draws])
    logs = np.column_stack([log_kernel_density(cases.outcome, d) for d in draws])
    return crps, np.maximum(logs, LEAST_LOG_DENSITY)


def inverse_crps_weights(crps: Array, horizon: Integers) -> Array:
    """Return weights inverse to mean scores, every horizon counting alike.

    Parameters
    ----------
    crps : (cases, systems)
    horizon : (cases,)

    Returns
    -------
    weights : (systems,), on the simplex
    """
    means = np.array([crps[horizon == h].mean(axis=0) for h in np.unique(horizon)])
    inverse = (1 / means).mean(axis=0)
    return np.asarray(inverse / inverse.sum())
