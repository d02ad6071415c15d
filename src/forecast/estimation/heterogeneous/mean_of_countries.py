"""The mean of countries' own coefficients, and what its spread says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Matrix
from forecast.estimation.heterogeneous.unit_regressions import UnitRegressions
from forecast.estimation.problem import Sample, Solution


def mean_of_countries(
    rows: Sample,
    each: UnitRegressions,
    terms: tuple[str, ...],
    *,
    stats: Mapping[str, float] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Solution:
    """Return the mean of the last coefficients of each country, those of ``terms``.

    Covariance: that of the countries' coefficients over their number, N - 1 degrees of freedom
    (Pesaran, Smith and Im 1996).
    """
    kept: Matrix = each.params[:, each.params.shape[1] - len(terms) :]
    countries = len(kept)
    return Solution(
        terms=terms,
        params=kept.mean(axis=0),
        cov=np.atleast_2d(np.cov(kept, rowvar=False)) / countries,
        df_resid=countries - 1,
        residuals=each.residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(each.residuals @ each.residuals / each.df)),
        stats={"countries": float(countries), **(stats or {})},
        tables={"by_country": each.table(("const", *rows.terms)), **(tables or {})},
    )


def table_of_means(terms: Sequence[str], each: Matrix) -> pd.DataFrame:
    """Return the means of countries' coefficients (N, p) with standard errors, one row a term."""
    errors = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    return pd.DataFrame({"term": list(terms), "estimate": each.mean(axis=0), "std_error": errors})
