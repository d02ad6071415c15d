"""The balanced series that panel cointegration tests stand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Matrix, Vector
from forecast.diagnostics.balanced_block import wide
from forecast.errors import EstimationError
from forecast.panel import Panel
from forecast.statistics.variation import REMAINDER, varies


@dataclass(frozen=True, slots=True, kw_only=True)
class LongSeries:
    """An outcome and its drivers in levels.

    Attributes
    ----------
    countries : labels, N.
    y : (T, N).
    x : (T, N, k).
    """

    countries: tuple[str, ...]
    y: Matrix
    x: Array


def long_series(panel: Panel, outcome: str, drivers: tuple[str, ...], test: str) -> LongSeries:
    """Return the levels of outcome and drivers; ``test`` begins the messages.

    Raises
    ------
    EstimationError
        If there is no driver, one repeats, the panel is unbalanced, has a gap or one country, or a
        series does not vary.
    DataError
        If a column does not exist.
    """
    names = (outcome, *drivers)
    if not drivers or len(set(names)) < len(names):
        raise EstimationError(
            f"{test}: drivers: found {', '.join(drivers) or 'none'}; at least one is needed, each "
            f"once, and none the outcome {outcome!r}"
        )
    tables = [
        wide(panel, name).dropna(how="all").dropna(how="all", axis="columns") for name in names
    ]
    first = tables[0]
    if first.shape[1] < 2:
        raise EstimationError(f"{test}: {outcome!r} is known for fewer than two countries")
    for name, table in zip(names, tables, strict=True):
        same = table.index.equals(first.index) and table.columns.equals(first.columns)
        if not same or table.isna().any(axis=None) or (np.diff(table.index) != panel.step).any():
            raise EstimationError(
                f"{test}: needs a balanced panel without gaps; {name!r} is not known for the same "
                f"successive years of every country"
            )
        for country in table.columns:
            if not varies(table[country].to_numpy(dtype=float)):
                raise EstimationError(
                    f"{test}: {name!r} of {country} does not vary; leave the country out"
                )
    values = [table.to_numpy(dtype=float) for table in tables]
    countries = tuple(str(country) for country in first.columns)
    return LongSeries(countries=countries, y=values[0], x=np.stack(values[1:], axis=2))


def refuse_collinear(design: Matrix, where: str) -> None:
    """Raise EstimationError where drivers are collinear, with each other or with the terms."""
    sizes = np.linalg.svd(design / np.linalg.norm(design, axis=0), compute_uv=False)
    if sizes[-1] <= REMAINDER * sizes[0]:  # what `left_of` would leave out without a word
        raise EstimationError(
            f"{where}: the drivers are collinear, with each other or with the intercept and trend; "
            f"leave one of them out"
        )


def window(bandwidth: int | None, length: int) -> int:
    """Return a Bartlett window, None by Newey and West's (1994) rule: 4 (T/100)^(2/9), rounded.

    Raises
    ------
    EstimationError
        If it is negative.
    """
    if bandwidth is not None and bandwidth < 0:
        raise EstimationError(f"bandwidth: found {bandwidth}, must be 0 or more")
    rule = max(1, round(4 * float((length / 100) ** (2 / 9))))
    return rule if bandwidth is None else bandwidth


def one_sided(w: Matrix, bandwidth: int) -> Matrix:
    """Return the Bartlett sum of the autocovariances at lags 1 to ``bandwidth``: (d, d).

    sum_s (1 - s/(bandwidth + 1)) sum_t w_t w_{t-s}' / n over the n rows of ``w``, uncentred.
    """
    total = np.zeros((w.shape[1], w.shape[1]))
    for lag in range(1, min(bandwidth, len(w) - 1) + 1):
        total += (1 - lag / (bandwidth + 1)) * w[lag:].T @ w[:-lag]
    return total / len(w)


def long_run_variances(w: Matrix, bandwidth: int) -> Vector:
    """Return each column's long-run variance by Bartlett weights, uncentred: (columns,)."""
    total = (w**2).sum(axis=0)
    for lag in range(1, min(bandwidth, len(w) - 1) + 1):
        total += 2 * (1 - lag / (bandwidth + 1)) * (w[lag:] * w[:-lag]).sum(axis=0)
    return np.asarray(total / len(w))
