"""Two-stage least squares with fixed effects swept out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from forecast.arrays import Matrix
from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import Fit, beyond, least_squares
from forecast.estimation.algebra.sweeping import swept_regression
from forecast.estimation.inference.covariance import Covariance, covariance
from forecast.estimation.problem import Regression, Sample, Solution, unweighted
from forecast.specs.model import ModelSpec
from forecast.statistics.significance.tails import chi2_sf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stages:
    """The structural problem, and its regressors projected on instruments and exogenous drivers.

    ``endogenous``, ``exogenous`` (constant included) are columns of x; ``z`` (m, l) the excluded
    instruments, swept likewise.
    """

    problem: Regression
    z: Matrix
    endogenous: list[int]
    exogenous: list[int]


def iv(rows: Sample, spec: ModelSpec) -> Solution:
    """Return two-stage least squares of the outcome on the drivers.

    Effects are swept out of outcome, drivers and instruments alike. Covariances are those of least
    squares on the fitted drivers with the structural residuals (Wooldridge 2010, section 5.2);
    ``classical`` divides by rows less coefficients less effects.

    Returns
    -------
    Solution
        ``stats``: ``first_stage_f`` (``first_stage_f_<driver>`` where several), the classical F of
        the excluded instruments; ``effective_f`` with one endogenous driver, Montiel Olea and
        Pflueger's (2013) by the model's covariance (below about 10 weak; critical values depend on
        the number of instruments); ``sargan``, ``sargan_p`` where over-identified.

    Raises
    ------
    EstimationError
        If a driver or instrument is absorbed or collinear, or the instruments explain nothing.
    """
    assert spec.iv is not None
    stages = _stages(rows, spec)
    problem = stages.problem
    basis = _basis(np.column_stack([problem.x[:, stages.exogenous], stages.z]))
    _, fit, found = second_stage(problem, basis, spec, stages.endogenous)
    extra = stages.z.shape[1] - len(stages.endogenous)
    return Solution(
        terms=problem.terms,
        params=fit.params,
        cov=found.matrix,
        df_resid=found.df,
        residuals=unweighted(fit.residuals, problem),
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(fit.rss / fit.df_resid)),
        stats={**_strength(stages, spec), **sargan_test(fit, basis, extra), **found.stats},
        notes=found.notes,
    )


def second_stage(
    problem: Regression, basis: Matrix, spec: ModelSpec, endogenous: Sequence[int] | None = None
) -> tuple[Regression, Fit, Covariance]:
    """Return least squares on what instruments fit of the regressors, its covariance with it.

    Parameters
    ----------
    problem : Regression
    basis : (m, l) orthonormal columns that span the instruments.
    spec : ModelSpec
    endogenous : columns of x to fit; None: all, those among the instruments come out unchanged.

    Returns
    -------
    tuple
        The problem with fitted regressors; its solution, with the structural residuals; covariance.
    """
    taken = list(range(problem.x.shape[1])) if endogenous is None else list(endogenous)
    fitted = problem.x.copy()
    fitted[:, taken] = basis @ (basis.T @ problem.x[:, taken])
    second = replace(problem, x=fitted)
    fit = least_squares(second)
    residuals = problem.y - problem.x @ fit.params
    fit = replace(fit, residuals=residuals, rss=float(residuals @ residuals))
    return second, fit, covariance(fit, second, spec)


def _stages(rows: Sample, spec: ModelSpec) -> _Stages:
    assert spec.iv is not None
    columns = rows.history.frame.loc[rows.index, spec.iv.instruments].to_numpy(dtype=float)
    wide = replace(
        rows,
        x=np.column_stack([rows.x, columns]),
        terms=(*rows.terms, *spec.iv.instruments),
    )
    swept = swept_regression(
        wide, spec.effects, constant=spec.constant and spec.effects in ([], ["year"])
    )
    kept = len(swept.terms) - columns.shape[1]
    least_squares(swept)  # refuses instruments collinear with drivers or with one another
    problem = replace(swept, x=swept.x[:, :kept], terms=swept.terms[:kept])
    endogenous = [problem.terms.index(name) for name in spec.iv.endogenous]
    return _Stages(
        problem=problem,
        z=swept.x[:, kept:],
        endogenous=endogenous,
        exogenous=[j for j in range(kept) if j not in endogenous],
    )


def _basis(columns: Matrix) -> Matrix:
    basis: Matrix = linalg.qr(
        columns / np.linalg.norm(columns, axis=0), mode="economic", check_finite=False
    )[0]
    return basis


def _strength(stages: _Stages, spec: ModelSpec) -> dict[str, float]:
    """Return the F statistics of the first stages, exogenous drivers partialled out."""
    problem = stages.problem
    z, endogenous = stages.z, problem.x[:, stages.endogenous]
    if stages.exogenous:
        basis = _basis(problem.x[:, stages.exogenous])
        z, endogenous = beyond(basis, z), beyond(basis, endogenous)
    z = _basis(z)  # every F is that of the instruments' span
    names = [problem.terms[j] for j in stages.endogenous]
    out: dict[str, float] = {}
    for column, name in enumerate(names):
        first = replace(
            problem,
            y=endogenous[:, column],
            x=z,
            terms=tuple(f"instrument {j + 1}" for j in range(z.shape[1])),
            absorbed=problem.absorbed + len(stages.exogenous),
        )
        fit = least_squares(first)
        explained = float(first.y @ first.y) - fit.rss
        if explained <= 1e-20 * float(first.y @ first.y):
            raise EstimationError(f"iv: the instruments explain nothing of {name!r}")
        key = "first_stage_f" if len(names) == 1 else f"first_stage_f_{name}"
        out[key] = explained / z.shape[1] / (fit.rss / fit.df_resid)
        if len(names) == 1:
            spread = covariance(fit, first, spec).matrix
            out["effective_f"] = explained / float(np.trace(spread))
    return out


def sargan_test(fit: Fit, basis: Matrix, extra: int) -> dict[str, float]:
    """Return Sargan's (1958) test: rows times R^2 of the residuals on all instruments.

    Empty where no instrument is ``extra``, beyond those needed.
    """
    if extra < 1:
        return {}
    explained = basis.T @ fit.residuals
    statistic = len(fit.residuals) * float(explained @ explained) / fit.rss
    return {
        "sargan": statistic,
        "sargan_df": float(extra),
        "sargan_p": float(chi2_sf(statistic, extra)),
    }
