"""Coefficients that are stated, not estimated."""

from __future__ import annotations

import numpy as np

from forecast.estimation.algebra.grouping import group_count, group_means
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec


def calibrated(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the priors of a model as its coefficients: independent normals.

    The sample decides nothing but what is left over: residuals are the outcome less the stated
    part and less its own mean, or the means of the years where ``effects = ["year"]``.

    Returns
    -------
    Solution
        ``params`` are the priors' means, ``cov`` is diagonal with their variances, ``df_resid`` is
        infinite. ``stats["data_estimate_<driver>"]`` is what least squares gives on the rows.
    """
    priors = [spec.prior[term] for term in rows.terms]
    params = np.array([prior.mean for prior in priors])
    codes = rows.year if spec.effects else np.zeros_like(rows.year)
    columns = np.column_stack([rows.y, rows.x])
    left = columns - group_means(columns, codes, group_count(codes))[codes]
    slopes = np.linalg.lstsq(left[:, 1:], left[:, 0], rcond=None)[0]
    residuals = left[:, 0] - left[:, 1:] @ params
    df = len(residuals) - group_count(codes)
    return Solution(
        terms=rows.terms,
        params=params,
        cov=np.diag([prior.sd**2 for prior in priors]),
        df_resid=np.inf,  # type: ignore[arg-type]  # the normal distribution
        residuals=residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(residuals @ residuals / df)),
        stats={
            f"data_estimate_{name}": float(b) for name, b in zip(rows.terms, slopes, strict=True)
        },
        notes=("Calibrated, not estimated: coefficients and their errors are stated beforehand.",),
    )
