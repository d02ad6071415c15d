"""Weights that densities earn on past cases: equal, inverse CRPS, log-score stacking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import ProjectionError
from forecast.evaluation.weights.stacking import stacking_weights

WEIGHT_RULES = ("equal", "inverse_crps", "stacking")
LEAST_CASES = 50
# A share below this would keep a density in the pool for a handful of draws.
LEAST_WEIGHT = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolWeights:
    """What a backtest says about how densities should be pooled.

    Attributes
    ----------
    weights : pandas.DataFrame
        Densities by rule; each column sums to one.
    scores : pandas.DataFrame
        Index density: ``crps`` (percentage points), ``log_density`` (nats), ``covered_80`` (%),
        means over the cases that all densities have; the row ``pool <rule>`` has ``log_density``.
    cases : int
        (economy, origin, horizon) that all densities have.
    """

    weights: pd.DataFrame
    scores: pd.DataFrame
    cases: int


def earn_weights(cases: pd.DataFrame) -> PoolWeights:
    """Return the weights of the densities in ``cases``, by every rule.

    ``inverse_crps`` is proportional to one over the mean CRPS (Bates and Granger 1969, with the
    CRPS in place of the squared error). ``stacking`` maximises the mean log density of the linear
    pool (Hall and Mitchell 2007; Geweke and Amisano 2011). Both use the cases of all horizons
    alike; a share below half a percent is given to the others.

    Parameters
    ----------
    cases : pandas.DataFrame
        From `backtest_densities`.

    Raises
    ------
    ProjectionError
        If the densities have fewer than ``LEAST_CASES`` cases in common.
    """
    keys = ["origin", "horizon", "country"]
    wide = cases.pivot(index=keys, columns="density", values=["crps", "log_density", "covered_80"])
    wide = wide.dropna()
    if len(wide) < LEAST_CASES:
        raise ProjectionError(
            f"weights: the densities have {len(wide)} cases in common, at least {LEAST_CASES} are "
            "needed"
        )
    names = list(wide["crps"].columns)
    logs = wide["log_density"].to_numpy(dtype=np.float64)
    inverse = 1 / wide["crps"].to_numpy(dtype=np.float64).mean(axis=0)
    weights = pd.DataFrame(
        {
            "equal": 1 / len(names),
            "inverse_crps": inverse / inverse.sum(),
            "stacking": _without_crumbs(stacking_weights(logs)),
        },
        index=pd.Index(names, name="density"),
    )
    own = pd.DataFrame({name: wide[name].mean() for name in ("crps", "log_density", "covered_80")})
    pools = pd.DataFrame(
        {"log_density": [_mixture_score(logs, weights[rule].to_numpy()) for rule in WEIGHT_RULES]},
        index=[f"pool {rule}" for rule in WEIGHT_RULES],
    )
    return PoolWeights(
        weights=weights, scores=pd.concat([own, pools]).rename_axis("density"), cases=len(wide)
    )


def _without_crumbs(weights: np.ndarray) -> np.ndarray:
    kept = np.where(weights < LEAST_WEIGHT, 0.0, weights)
    return np.asarray(kept / kept.sum())


def _mixture_score(logs: np.ndarray, weights: np.ndarray) -> float:
    top = logs.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(logs - top) @ weights) + top[:, 0]))
