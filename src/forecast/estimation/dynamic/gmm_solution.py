"""From moment conditions to the finished record of a GMM estimate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.arrays import Codes, Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.dynamic.arellano_bond import serial_correlation
from forecast.estimation.dynamic.gmm import (
    GmmFit,
    classical,
    error_variance,
    gmm,
    robust,
    windmeijer,
)
from forecast.estimation.dynamic.moments import Moments
from forecast.estimation.dynamic.overidentification import (
    LEVEL,
    difference_in_hansen,
    jointly_zero,
    overidentification,
)
from forecast.estimation.problem import Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.gmm import GmmSpec

# A p of Hansen's test near 1 is the telltale sign of too many instruments (Roodman 2009, "A note on
# the theme of too many instruments"); where it begins is our choice.
TOO_GOOD = 0.99


def gmm_solution(problem: Moments, spec: ModelSpec, options: GmmSpec) -> Solution:
    """Return coefficients, covariance and tests of a dynamic panel estimated by GMM.

    Year effects are estimated and tested, and left out of the coefficients. The covariance:
    ``clustered``, one step: robust to any errors within countries; two steps: with Windmeijer's
    correction, or without; each with G/(G-1) x (n-1)/(n-p) where ``small_sample`` says so
    (xtabond2's ``small``), and a t distribution of G - 1 degrees of freedom. ``classical``, one
    step: errors in levels independent with one variance; n - p degrees.

    Returns
    -------
    Solution
        Residuals of the level equations where there are, of the transformed ones otherwise; the n
        rows are theirs. ``stats``: ``n_instruments`` (independent ones), ``n_groups``,
        ``weights_rank`` (lower where the two-step weights are singular), and the tests, those of
        the level equation's lags as ``diff_hansen``. ``tables``: ``difference_in_hansen``.
        ``notes`` where weights are singular or instruments many.

    Raises
    ------
    EstimationError
        If there are too few instruments or countries.
    """
    fit = gmm(problem, options.initial_weights)
    step = fit.two if options.steps == 2 else fit.one
    shown = problem.exists[:, -problem.transformed :]
    country, period = np.nonzero(shown)
    groups = len(np.unique(country))
    columns = len(problem.terms)
    rows = len(country)
    if groups < 2 or rows <= columns:
        raise EstimationError(
            f"{rows} rows of {groups} countries are too few for {columns} coefficients"
        )
    large = cov = _covariance(fit, spec, options)
    if spec.covariance == "clustered" and spec.small_sample:
        cov = cov * (groups / (groups - 1) * (rows - 1) / (rows - columns))
    kept = columns - problem.years
    differences = difference_in_hansen(problem, fit, options)
    counts = {"n_instruments": fit.rank, "n_groups": groups, "weights_rank": fit.two.root.shape[1]}
    tests = counts | overidentification(problem, fit) | _of_level_equation(differences)
    tests |= serial_correlation(problem, fit, step, large, assumed=spec.covariance == "classical")
    slopes = [j for j in range(kept) if problem.terms[j] != "const"]
    tests |= jointly_zero(step.params[slopes], cov[np.ix_(slopes, slopes)], "wald")
    if problem.years:
        tests |= jointly_zero(step.params[kept:], cov[kept:, kept:], "wald_years")
    params, cov = _uncentred(problem, step.params, cov)
    return Solution(
        terms=problem.terms[:kept],
        params=params[:kept],
        cov=cov[:kept, :kept],
        df_resid=groups - 1 if spec.covariance == "clustered" else rows - columns,
        residuals=step.residuals[:, -problem.transformed :][shown],
        index=_index(problem, country, period),
        country=np.unique(country, return_inverse=True)[1].astype(np.int64),
        resid_std=float(np.sqrt(error_variance(problem, step))),
        stats={name: float(number) for name, number in tests.items()},
        tables={"difference_in_hansen": differences},
        notes=_notes(tests),
    )


def _uncentred(problem: Moments, params: Vector, cov: Matrix) -> tuple[Vector, Matrix]:
    """Return coefficients and covariance with the constant of regressors that keep their means."""
    if not problem.means.any():
        return params, cov
    back = np.eye(len(params))
    back[problem.terms.index("const")] -= problem.means
    return back @ params, back @ cov @ back.T


def _of_level_equation(differences: pd.DataFrame) -> dict[str, float]:
    """Return the test of all lags for the level equation, where there is one."""
    rows = differences[(differences["group"] == LEVEL) & differences["statistic"].notna()]
    names = {"statistic": "diff_hansen", "df": "diff_hansen_df", "p": "diff_hansen_p"}
    return {names[k]: float(rows.iloc[0][k]) for k in names} if len(rows) else {}


def _notes(found: Mapping[str, float]) -> tuple[str, ...]:
    """Return what xtabond2 warns of, and a p-value that Roodman (2009) calls too good."""
    instruments, groups = int(found["n_instruments"]), int(found["n_groups"])
    rank, p = int(found["weights_rank"]), found.get("hansen_p", 0.0)
    notes = []
    if instruments > groups:
        notes.append(
            f"{instruments} instruments are more than the {groups} countries: limit 'lags' or set "
            f"'collapse'."
        )
    if rank < instruments:
        notes.append(
            f"The two-step covariance matrix of the moments is singular (rank {rank} of "
            f"{instruments}): a generalised inverse weighs in its place, and difference-in-Hansen "
            f"statistics may be negative."
        )
    if p > TOO_GOOD:
        notes.append(
            f"Hansen's test has p = {p:.3f}: so near 1 it speaks of too many instruments, "
            f"not of their validity (Roodman 2009)."
        )
    return tuple(notes)


def _covariance(fit: GmmFit, spec: ModelSpec, options: GmmSpec) -> Matrix:
    if options.steps == 2:
        return windmeijer(fit) if options.windmeijer else fit.two.spread
    if spec.covariance == "clustered":
        return robust(fit)
    return classical(fit)


def _index(problem: Moments, country: Codes, period: Codes) -> pd.MultiIndex:
    first = np.unique(problem.grid.country, return_index=True)[1]
    labels = problem.grid.index[first].get_level_values("country")
    return pd.MultiIndex.from_arrays(
        [labels[country], problem.grid.years[period]], names=problem.grid.index.names
    )
