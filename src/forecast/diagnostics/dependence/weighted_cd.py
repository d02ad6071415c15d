"""Juodis and Reese's weighted test of dependence between countries."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.statistics.significance.tails import normal_sf


def weighted_cd(
    estimate: Estimate,
    rng: np.random.Generator,
    draws: int = 30,
    *,
    enhanced: bool = False,
) -> TestResult:
    """Return the CD test that stays valid after year effects or common factors are removed.

    CD_W = sqrt(2 / (N (N-1))) sum_{i<j} w_i w_j sqrt(T_ij) rho_ij with w_i = +-1 at random,
    standard normal under the null (Juodis and Reese 2022); ``draws`` of the weights are
    summed and divided by sqrt(draws). Pesaran's CD tends to minus infinity where year effects were
    swept out; the random signs take that bias off. ``enhanced`` adds the sum of |rho_ij| above
    2 sqrt(log N / T_ij) (their CD_W+, after Fan, Liao and Yao 2015), zero under the null, which
    gives back the power that the signs cost.

    Returns
    -------
    TestResult
        Two-sided p-value; right tail where enhanced.

    Raises
    ------
    EstimationError
        If no pair of countries shares three years, or ``draws`` is not positive.
    """
    if draws < 1:
        raise EstimationError(f"draws: found {draws}, must be at least 1")
    rho, common = _correlations(estimate)
    used = np.triu(np.isfinite(rho) & (common >= 3), k=1)
    pairs = int(used.sum())
    if not pairs:
        raise EstimationError(
            f"weighted CD test: model {estimate.spec.name!r}: no two countries share three years "
            f"of residuals"
        )
    scaled = np.where(used, np.sqrt(common) * np.where(used, rho, 0.0), 0.0)
    weights = 2.0 * rng.integers(0, 2, size=(len(rho), draws)) - 1.0
    sums = np.einsum("ig,ij,jg->g", weights, scaled, weights, optimize=True)
    statistic = float(sums.sum() / np.sqrt(pairs * draws))
    p_value = float(2 * normal_sf(abs(statistic)))
    if enhanced:
        bound = 2 * np.sqrt(np.log(len(rho)) / np.where(used, common, 1.0))
        high = used & (np.abs(np.where(used, rho, 0.0)) > bound)
        statistic = abs(statistic) + float(np.abs(rho[high]).sum())
        p_value = float(2 * normal_sf(statistic))
    return TestResult(
        name="Juodis-Reese CDw+" if enhanced else "Juodis-Reese CDw",
        statistic=statistic,
        df=None,
        p_value=p_value,
        null="residuals are uncorrelated between countries",
        note=f"{draws} draws of weights",
    )


def _correlations(estimate: Estimate) -> tuple[Matrix, Matrix]:
    """Return correlations over shared years, about their means there, and the numbers of years."""
    table = estimate.residuals.unstack("country")
    present = table.notna().to_numpy().astype(float)
    resid = (table - table.mean()).fillna(0.0).to_numpy()
    common = present.T @ present
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = resid.T @ present
        spread = (resid**2).T @ present - sums**2 / common
        rho = (resid.T @ resid - sums * sums.T / common) / np.sqrt(spread * spread.T)
    return rho, common
