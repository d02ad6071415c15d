"""A cross-section a year, and the mean of their coefficients."""

from __future__ import annotations

import numpy as np

from forecast.estimation.heterogeneous.unit_regressions import unit_regressions
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec


def fama_macbeth(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the mean over years of cross-section coefficients (Fama and MacBeth 1973).

    Covariance: that of the yearly coefficients over their number, T - 1 degrees of freedom; it
    takes the years for independent.

    Raises
    ------
    EstimationError
        If there are fewer than two years, or a year has too few rows or collinear drivers.
    """
    each = unit_regressions(rows, rows.year, "year", np.empty((len(rows.y), 0)))
    years = len(each.params)
    params = each.params.mean(axis=0)
    residuals = rows.y - params[0] - rows.x @ params[1:]
    left = len(residuals) - len(params)
    return Solution(
        terms=("const", *rows.terms),
        params=params,
        cov=np.atleast_2d(np.cov(each.params, rowvar=False)) / years,
        df_resid=years - 1,
        residuals=residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(residuals @ residuals / left)),
        stats={"years": float(years)},
        tables={"by_year": each.table(("const", *rows.terms))},
    )
