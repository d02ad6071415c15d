"""Pesaran's test of dependence between countries."""

from __future__ import annotations

import numpy as np

from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.statistics.significance.tails import normal_sf


def pesaran_cd(estimate: Estimate) -> TestResult:
    """Return the CD test that an estimate's residuals are uncorrelated between countries.

    CD = sqrt(1/P) sum_{i<j} sqrt(T_ij) rho_ij over the P pairs, standard normal under the null;
    rho_ij is the correlation over the T_ij years that both countries have, about their means in
    those years (Pesaran 2004, 2015; R's ``plm::pcdtest``). Pairs with fewer than two common years,
    or without variation in them, are left out and counted in the note.

    Returns
    -------
    TestResult
        Two-sided p-value.

    Raises
    ------
    EstimationError
        If no pair of countries can be compared.
    """
    wide = estimate.residuals.unstack("country")
    present = wide.notna().to_numpy().astype(float)
    residuals = (wide - wide.mean()).fillna(0.0).to_numpy()
    common = present.T @ present
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = residuals.T @ present  # [i, j]: sum of i's residuals in the years it shares with j
        squares = (residuals**2).T @ present
        spread = squares - sums**2 / common
        product = residuals.T @ residuals - sums * sums.T / common
        varies = spread > 1e-14 * np.maximum(squares, np.finfo(float).tiny)
        rho = np.clip(product / np.sqrt(spread * spread.T), -1, 1)
    pairs = np.triu(np.ones_like(common, dtype=bool), k=1)
    used = pairs & (common >= 2) & varies & varies.T
    count = int(used.sum())
    if not count:
        raise EstimationError(
            f"Pesaran CD test: model {estimate.spec.name!r}: no two countries share two years of "
            f"residuals"
        )
    statistic = float(np.sum(np.sqrt(common[used]) * rho[used]) / np.sqrt(count))
    left_out = int(pairs.sum()) - count
    return TestResult(
        name="Pesaran CD",
        statistic=statistic,
        df=None,
        p_value=float(2 * normal_sf(abs(statistic))),
        null="residuals are uncorrelated between countries",
        note=f"{left_out} of {int(pairs.sum())} pairs of countries are left out: fewer than two "
        f"common years, or no variation in them"
        if left_out
        else "",
    )
