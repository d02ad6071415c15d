"""Tests of the instruments of GMM: Sargan, Hansen, difference-in-Hansen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Mask, Matrix, Vector
from forecast.errors import EstimationError, unknown
from forecast.estimation.dynamic.gmm import SINGULAR, GmmFit, GmmStep, half_inverse, projected
from forecast.estimation.dynamic.moments import Moments
from forecast.specs.options.gmm import GmmSpec
from forecast.statistics.significance.tails import chi2_sf

LEVEL = "level equation"


def overidentification(problem: Moments, fit: GmmFit) -> dict[str, float]:
    """Return the tests that the instruments are uncorrelated with the errors.

    ``sargan``: one-step moments weighed by the first step's matrix over the error variance, valid
    for independent errors of one variance only (Sargan 1958). ``hansen``: two-step moments weighed
    by the second step's, valid without that (Hansen 1982), weak where instruments are many beside
    countries.

    Returns
    -------
    dict
        ``sargan`` and ``hansen``, each with ``_df`` and ``_p``; empty where there are as many
        instruments as coefficients.
    """
    df = fit.rank - problem.x.shape[2]
    if df == 0:
        return {}
    found = _chi_squared("sargan", _statistic(fit.one) / fit.sigma2, df)
    return found | _chi_squared("hansen", _statistic(fit.two), df)


def difference_in_hansen(problem: Moments, fit: GmmFit, options: GmmSpec) -> pd.DataFrame:
    """Return, for every group of instruments, how much of Hansen's statistic it adds.

    Groups: the lags of each column, in all equations and in each; columns that instrument
    themselves; year effects; all lags for the level equation; the sets in ``options.subsets``. The
    model without a group is estimated with the part of the larger one's second-step matrix that
    belongs to it, so the difference cannot be negative unless that matrix is singular; xtabond2
    does the same (Roodman 2009, section 4.1).

    Returns
    -------
    pandas.DataFrame
        ``group``, ``equation`` (of lags), ``excluding``, ``excluding_df``, ``excluding_p``
        (Hansen's test without the group), ``statistic``, ``df``, ``p``. NaN where the rest does not
        identify the coefficients. No row where there are as many instruments as coefficients.

    Raises
    ------
    EstimationError
        If a subset names what is no group.
    """
    rows = []
    if fit.rank > problem.x.shape[2]:
        for (group, equation), members in _groups(problem, options).items():
            rows.append({"group": group, "equation": equation, **_without(problem, fit, members)})
    columns = ["group", "equation", "excluding", "excluding_df", "excluding_p"]
    return pd.DataFrame(rows, columns=[*columns, "statistic", "df", "p"])


def jointly_zero(params: Vector, cov: Matrix, name: str) -> dict[str, float]:
    """Return the test that all of ``params`` (p,) are zero, chi-squared with p degrees.

    Of a singular covariance the generalised inverse is taken with the diagonal scaled to 1.
    """
    size = np.sqrt(np.diag(cov))
    size = np.where(size > 0, size, 1.0)
    values, vectors = np.linalg.eigh(cov / np.outer(size, size))
    kept = values > SINGULAR * values[-1]
    along = (params / size) @ vectors[:, kept]
    return _chi_squared(name, float(np.sum(along**2 / values[kept])), int(kept.sum()))


def _groups(problem: Moments, options: GmmSpec) -> dict[tuple[str, str], Mask]:
    """Return which instruments (L,) are in a group, by its name and equation."""
    groups, lags = problem.groups, problem.lags
    found: dict[tuple[str, str], Mask] = {}
    names = [name for name in dict.fromkeys(groups.tolist()) if name != "const"]
    for name in names:
        equations = dict.fromkeys(lags[groups == name].tolist())
        if len(equations) > 1:
            found[name, ""] = groups == name
        found |= {(name, equation): (groups == name) & (lags == equation) for equation in equations}
    if (lags == "level").any():
        found[LEVEL, "level"] = lags == "level"
    for subset, members in options.subsets.items():
        if (subset, "") in found:
            raise EstimationError(f"gmm.subsets.{subset}: has a test under this name already")
        for name in members:
            if name not in names:
                raise EstimationError(f"gmm.subsets.{subset}: {unknown(name, names, 'instrument')}")
        found[subset, ""] = np.isin(groups, members)
    return found


def _without(problem: Moments, fit: GmmFit, members: Mask) -> dict[str, float]:
    """Return Hansen's test without some instruments (L,), and the difference that they make."""
    rest, columns = ~members, problem.x.shape[2]
    root = half_inverse(fit.one.scores[:, rest])
    zx = fit.zx_sum[rest]
    zy = fit.two.scores.sum(axis=0)[rest] + zx @ fit.two.params
    half, _, left = projected(root.T @ zx, root.T @ zy)
    df = half_inverse(fit.initial[:, rest]).shape[1] - columns
    if df < 0 or half.shape[1] < columns:
        return {}
    smaller = float(left @ left)
    return _chi_squared("excluding", smaller, df) | {
        name.removeprefix("statistic_"): value
        for name, value in _chi_squared(
            "statistic", _statistic(fit.two) - smaller, fit.rank - columns - df
        ).items()
    }


def _statistic(step: GmmStep) -> float:
    return float(np.sum((step.root.T @ step.scores.sum(axis=0)) ** 2))


def _chi_squared(name: str, statistic: float, df: int) -> dict[str, float]:
    return {
        name: statistic,
        f"{name}_df": float(df),
        f"{name}_p": float(chi2_sf(statistic, df)) if df else float("nan"),
    }
