"""From moment conditions to the finished record of a GMM estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Codes, Matrix
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
from forecast.estimation.dynamic.overidentification import overidentification, wald
from forecast.estimation.problem import Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.gmm import GmmSpec


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
        rows are theirs. ``stats``: ``n_instruments`` (independent ones), ``n_groups``, and the
        tests of ``overidentification``, ``serial_correlation`` and ``wald``.

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
    slopes = [j for j in range(kept) if problem.terms[j] != "const"]
    tests = overidentification(problem, fit)
    tests |= serial_correlation(problem, fit, step, large, assumed=spec.covariance == "classical")
    tests |= wald(step.params[slopes], cov[np.ix_(slopes, slopes)], "wald")
    if problem.years:
        tests |= wald(step.params[kept:], cov[kept:, kept:], "wald_years")
    return Solution(
        terms=problem.terms[:kept],
        params=step.params[:kept],
        cov=cov[:kept, :kept],
        df_resid=groups - 1 if spec.covariance == "clustered" else rows - columns,
        residuals=step.residuals[:, -problem.transformed :][shown],
        index=_index(problem, country, period),
        country=np.unique(country, return_inverse=True)[1].astype(np.int64),
        resid_std=float(np.sqrt(error_variance(problem, step))),
        stats={"n_instruments": float(fit.rank), "n_groups": float(groups), **tests},
    )


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
