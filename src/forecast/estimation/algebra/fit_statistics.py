"""Shares of variation explained: of the problem solved, within, between, overall."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.estimation.algebra.grouping import group_count, group_means, group_sums
from forecast.estimation.algebra.least_squares import Fit
from forecast.estimation.problem import Regression, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class FitStatistics:
    """Four measures of fit, each between 0 and 1, NaN where undefined.

    Attributes
    ----------
    r2 : squared correlation of outcome and fitted values of the least-squares problem solved
        (plm's; 1 - rss/tss wherever there is a constant). Effects swept out before do not count.
    within, between, overall : squared correlations of the outcome with x'b of the untransformed
        sample: deviations from country means, country means, all rows (Stata's ``xtreg``).
    """

    r2: float
    within: float
    between: float
    overall: float


def fit_statistics(fit: Fit, regression: Regression, rows: Sample) -> FitStatistics:
    """Return the measures of fit of an estimate; effects are no part of x'b."""
    slopes = fit.params[[regression.terms.index(term) for term in rows.terms]]
    solved = np.stack([regression.y, regression.y - fit.residuals])
    weights = regression.weights
    solved = solved if weights is None else solved / np.sqrt(weights)
    r2 = _squared_correlation(solved, _lengths(solved), weights)
    return replace(slope_fit(slopes, rows), r2=r2)


def slope_fit(slopes: Vector, rows: Sample) -> FitStatistics:
    """Return the three measures that slopes (k,) alone give; ``r2`` is NaN."""
    pair, size, weights = np.stack([rows.y, rows.x @ slopes]), group_count(rows.country), None
    if rows.weights is None:
        means = group_means(pair.T, rows.country, size).T
    else:
        weights = group_sums(rows.weights[:, None], rows.country, size)[:, 0]
        means = group_sums((pair * rows.weights).T, rows.country, size).T / weights
    lengths = _lengths(pair)
    return FitStatistics(
        r2=float("nan"),
        within=_squared_correlation(pair - means[:, rows.country], lengths, rows.weights),
        between=_squared_correlation(means, lengths, weights),
        overall=_squared_correlation(pair, lengths, rows.weights),
    )


def _lengths(pair: Matrix) -> Vector:
    return np.asarray(np.sqrt(np.einsum("in,in->i", pair, pair)))


def _squared_correlation(pair: Matrix, size: Vector, weights: Vector | None = None) -> float:
    """Return the squared correlation of two rows, NaN where one is rounding of its ``size``."""
    if weights is None:
        centred = pair - pair.mean(axis=1, keepdims=True)
        other = centred
    else:
        centred = pair - (pair @ weights / weights.sum())[:, None]
        other = centred * weights
    spread = np.einsum("in,in->i", centred, other)
    least = (1e-12 * size) ** 2 * (1.0 if weights is None else weights.max())
    if pair.shape[1] < 2 or (spread <= least).any():
        return float("nan")
    return float(centred[0] @ other[1]) ** 2 / float(spread[0] * spread[1])
