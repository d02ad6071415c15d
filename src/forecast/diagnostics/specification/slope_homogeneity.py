"""Tests that all countries share their slopes: Swamy's, and Pesaran and Yamagata's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.problem import Sample
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.statistics.significance.tails import chi2_sf, normal_sf

Form = Literal["swamy", "delta", "delta_adjusted"]
NAMES = {
    "swamy": "Swamy",
    "delta": "Pesaran-Yamagata delta",
    "delta_adjusted": "Pesaran-Yamagata delta, adjusted",
}


def slope_homogeneity(panel: Panel, spec: ModelSpec, form: Form = "delta_adjusted") -> TestResult:
    """Return the test that the slopes of all countries are equal, intercepts free.

    ``swamy``: S = sum_i (b_i - b)' X_i'M X_i (b_i - b) / s_i^2 with b_i and s_i^2 of each country's
    own regression and b their weighted mean, chi-squared with k(N-1) (Swamy 1970): for long
    series. ``delta``: sqrt(N) (S~/N - k) / sqrt(2k), where s_i^2 are of the within residuals over
    T_i - 1 and b weighs by them; ``delta_adjusted`` divides by sqrt(2k (T-k-1)/(T+1)) instead
    (Pesaran and Yamagata 2008, equations 26, 27 and 29), standard normal, right tail. Countries of
    different length each enter with their own moments.

    Parameters
    ----------
    panel : Panel
    spec : ModelSpec
        Outcome, drivers and sample; its estimator and effects do not enter.
    form : {"swamy", "delta", "delta_adjusted"}

    Returns
    -------
    TestResult
        Countries with k + 2 rows or fewer, or without variation, are left out; the note counts.

    Raises
    ------
    EstimationError
        If the form is unknown or fewer than two countries are left.
    """
    if form not in NAMES:
        raise EstimationError(f"form: found {form!r}, must be one of {', '.join(NAMES)}")
    rows = sample(panel, spec)
    parts, lost = _by_country(rows)
    if len(parts) < 2:
        raise EstimationError(
            f"{NAMES[form]} test: model {spec.name!r}: {len(parts)} countries have more than "
            f"{len(rows.terms) + 2} rows, at least 2 are needed"
        )
    k = len(rows.terms)
    pooled = _solve(_total(x.T @ x for x, _ in parts), _total(x.T @ y for x, y in parts))
    own = [
        np.linalg.lstsq(_unit(x), y, rcond=None)[0] / np.linalg.norm(x, axis=0) for x, y in parts
    ]
    if form == "swamy":
        variances = [_rss(x, y, b) / (len(y) - k - 1) for (x, y), b in zip(parts, own, strict=True)]
    else:
        variances = [_rss(x, y, pooled) / (len(y) - 1) for x, y in parts]
    moments = [x.T @ x / v for (x, _), v in zip(parts, variances, strict=True)]
    mean = _solve(_total(moments), _total(m @ b for m, b in zip(moments, own, strict=True)))
    each = np.array([(b - mean) @ m @ (b - mean) for m, b in zip(moments, own, strict=True)])
    statistic, df, p_value = _distributed(form, each, k, [len(y) for _, y in parts])
    return TestResult(
        name=NAMES[form],
        statistic=statistic,
        df=df,
        p_value=p_value,
        null="slopes are equal in all countries",
        note=f"{lost} countries left out: too few rows or no variation" if lost else "",
    )


def _distributed(
    form: Form, each: Vector, k: int, rows: list[int]
) -> tuple[float, int | None, float]:
    """Return the statistic from the countries' distances, its degrees of freedom, its p-value."""
    if form == "swamy":
        total, df = float(each.sum()), k * (len(each) - 1)
        return total, df, float(chi2_sf(total, df))
    years = np.array(rows, dtype=float)
    shrink = (years - k - 1) / (years + 1) if form == "delta_adjusted" else np.ones(len(years))
    delta = float(np.sum((each - k) / np.sqrt(2 * k * shrink)) / np.sqrt(len(each)))
    return delta, None, float(normal_sf(delta))


def _by_country(rows: Sample) -> tuple[list[tuple[Matrix, Vector]], int]:
    """Return each country's demeaned columns, and how many countries cannot be used."""
    starts = np.flatnonzero(np.diff(rows.country, prepend=-1))
    parts = []
    for part in np.split(np.arange(len(rows.y)), starts[1:]):
        x, y = rows.x[part], rows.y[part]
        spread = x - x.mean(axis=0)
        if len(y) <= x.shape[1] + 2 or np.linalg.matrix_rank(_unit(spread)) < x.shape[1]:
            continue
        parts.append((spread, y - y.mean()))
    return parts, len(starts) - len(parts)


def _unit(x: Matrix) -> Matrix:
    lengths = np.linalg.norm(x, axis=0)
    return x / np.where(lengths > 0, lengths, 1.0)


def _total(arrays: Iterable[Matrix]) -> Matrix:
    total: Matrix = np.sum(list(arrays), axis=0)
    return total


def _rss(x: Matrix, y: Vector, beta: Vector) -> float:
    return float(np.sum((y - x @ beta) ** 2))


def _solve(left: Matrix, right: Vector) -> Vector:
    scale = np.sqrt(np.diag(left))
    return np.asarray(np.linalg.solve(left / np.outer(scale, scale), right / scale) / scale)
