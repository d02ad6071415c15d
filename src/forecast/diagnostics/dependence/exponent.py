"""How many countries a common factor reaches: the exponent of cross-section dependence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.diagnostics.balanced_block import wide
from forecast.errors import EstimationError
from forecast.panel import Panel
from forecast.statistics.significance.tails import normal_quantile
from forecast.statistics.variation import REMAINDER, varies


@dataclass(frozen=True, slots=True, kw_only=True)
class DependenceExponent:
    """The exponent a: of N countries, N^a have a loading on the strongest factor.

    Attributes
    ----------
    alpha : bias-corrected estimate; near 1 the factor reaches all. It can lie above 1.
    standard_error : of ``alpha``.
    low, high : ends of its normal band.
    level : of the band.
    plain : 1 + log(variance of the countries' mean) / (2 log N), without corrections.
    countries, years : N and T.
    significant : countries whose slope on the mean is not zero by Holm's test.
    note : what a reader must know; empty where there is nothing.
    """

    alpha: float
    standard_error: float
    low: float
    high: float
    level: float
    plain: float
    countries: int
    years: int
    significant: int
    note: str = ""


def dependence_exponent(
    panel: Panel,
    column: str,
    *,
    components: int = 4,
    size: float = 0.1,
    level: float = 0.9,
    standardized: bool = True,
) -> DependenceExponent:
    """Return the exponent of cross-section dependence of a variable, with its band.

    a = 1 + [log s2 - c/(N s2) - log m2] / (2 log N): s2 the variance over years of the countries'
    mean; c that of sqrt(N) times the mean of what the first principal components leave; m2 the
    variance of the mean of those countries whose slope on the overall mean is not zero by Holm's
    test. The variance of a: [V/T + 4 S/N^a] / (2 log N)^2, V the long-run variance of the squared
    standardised mean by an autoregression of order T^(1/3), S the variance of the N^a largest
    slopes (Bailey, Kapetanios and Pesaran 2016, equation 13 and appendix; Stata's ``xtcse2``, whose
    default does not standardise); wide: with one factor estimates spread by a fifth of its root.

    Parameters
    ----------
    panel : Panel
        Balanced.
    column : str
        Stationary; residuals need the authors' other estimator (2019).
    components : int
    size, level : float, of Holm's test and of the band
    standardized : bool
        Whether each country's series is divided by its deviation first.

    Raises
    ------
    EstimationError
        If the panel is unbalanced or small, a country does not vary, or an argument is not allowed.
    """
    table = wide(panel, column).dropna(how="all").to_numpy(dtype=float)
    if not (0 < size < 1 and 0 < level < 1):
        raise EstimationError(f"size and level: found {size} and {level}, must lie between 0 and 1")
    x = _centred(table, column, components, standardized)
    mean, width = x.mean(axis=1), 2 * float(np.log(x.shape[1]))
    variance = float(mean.var(ddof=1))
    left = _without_components(x, components).mean(axis=1)
    plain = 1 + float(np.log(variance)) / width
    chosen = _significant(x, mean, size)
    reached = x[:, chosen].mean(axis=1).var(ddof=1) if chosen.any() else 1.0
    alpha = float(plain - (left.var(ddof=1) / variance + np.log(reached)) / width)
    error = _standard_error(x, mean, alpha)
    reach = float(normal_quantile((1 + level) / 2)) * error
    return DependenceExponent(
        alpha=alpha,
        standard_error=error,
        low=alpha - reach,
        high=alpha + reach,
        level=level,
        plain=plain,
        countries=x.shape[1],
        years=x.shape[0],
        significant=int(chosen.sum()),
        note=_note(alpha, int(chosen.sum())),
    )


def _note(alpha: float, significant: int) -> str:
    notes = [] if significant else ["no country's slope on the mean differs from zero"]
    if alpha <= 0.5:
        notes.append("at or below 1/2 the factor is too weak for the exponent to be identified")
    return "; ".join(notes)


def _centred(x: Matrix, column: str, components: int, standardized: bool) -> Matrix:
    """Return the table of years by countries, checked, about each country's mean."""
    if not x.size or np.isnan(x).any():
        raise EstimationError(
            f"exponent of dependence: {column!r}: needs a balanced panel, every country in the "
            f"same years"
        )
    if not 1 <= components < min(x.shape) or min(x.shape) < 10:
        raise EstimationError(
            f"exponent of dependence: {column!r}: found {x.shape[1]} countries, {x.shape[0]} years "
            f"and {components} components; at least 10 countries and years are needed, and 1 "
            f"component, fewer than either"
        )
    if not all(varies(one) for one in x.T):
        raise EstimationError(f"exponent of dependence: {column!r} of a country does not vary")
    x = x - x.mean(axis=0)
    scaled = x / x.std(axis=0, ddof=1) if standardized else x
    for one in (x, scaled):  # what has no mean gets one where its countries are scaled apart
        if np.sqrt((one.mean(axis=1) ** 2).mean()) <= REMAINDER * np.sqrt((one**2).mean()):
            raise EstimationError(
                f"exponent of dependence: {column!r}: the countries' mean does not vary; are year "
                f"effects taken out?"
            )
    return scaled


def _without_components(x: Matrix, components: int) -> Matrix:
    u = np.linalg.svd(x, full_matrices=False)[0][:, :components]
    return np.asarray(x - u @ (u.T @ x))


def _significant(x: Matrix, mean: Vector, size: float) -> np.ndarray:
    """Return whether each country's slope on the mean is not zero, by Holm's step-down test."""
    square = float(mean @ mean)
    slopes = x.T @ mean / square
    resid = x - np.outer(mean, slopes)
    t = np.abs(slopes) * np.sqrt(square / ((resid**2).sum(axis=0) / (len(x) - 2)))
    order = np.argsort(-t)
    bounds = -normal_quantile(size / (2 * np.arange(len(t), 0, -1)))
    below = np.flatnonzero(t[order] < bounds)
    chosen = np.zeros(len(t), dtype=bool)
    chosen[order[: below[0] if len(below) else len(t)]] = True
    return chosen


def _standard_error(x: Matrix, mean: Vector, alpha: float) -> float:
    years, n = x.shape
    scaled = mean / mean.std(ddof=1)
    square = scaled**2 - (scaled**2).mean()
    order = int(np.ceil(round(years ** (1 / 3), 9)))
    past = np.column_stack([square[order - j : years - j] for j in range(1, order + 1)])
    slopes = np.linalg.lstsq(past, square[order:], rcond=None)[0]
    resid = square[order:] - past @ slopes
    long_run = float(resid @ resid) / len(resid) / (1 - slopes.sum()) ** 2
    loadings = x.T @ scaled / float(scaled @ scaled)
    count = int(np.clip(round(n**alpha), 2, n))
    largest = loadings[np.argsort(-np.abs(loadings))[:count]]
    spread = 4 * float(largest.var(ddof=1)) / n**alpha
    return float(np.sqrt(long_run / years + spread) / (2 * np.log(n)))
