"""The usual range of manufacturing at an income: quantile curves, and where an economy stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Matrix, Vector
from forecast.structure.quantile_regression import quantile_regression

PATHS = ("CHN", "JPN", "KOR", "DEU", "ARG", "BRA")
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
GRID = 25  # incomes shown
SEED = 20261128
LEVELS = (0.1, 0.9)


def quantile_curves(frame: pd.DataFrame, draws: int = 200) -> pd.DataFrame:
    """Return quantiles of the manufacturing share by income, with intervals over economies.

    Each quantile is linear in log income and its square; economies are drawn anew, whole, to see
    how far the curve moves (on every fifth year of an annual table, which holds as much).

    Parameters
    ----------
    frame : pandas.DataFrame
        ``income`` (US$ per head, above zero) and ``share`` (%) on (country, year).
    draws : int
        Samples of economies; 0: no intervals.

    Returns
    -------
    pandas.DataFrame
        ``income, quantile, share, low, high`` on a grid of incomes from the 5th to the 95th
        percentile of the rows.
    """
    x, y = _design(frame["income"].to_numpy(dtype=float)), frame["share"].to_numpy(dtype=float)
    low, high = np.quantile(np.log(frame["income"]), (0.05, 0.95))
    incomes = np.exp(np.linspace(low, high, GRID))
    grid = _design(incomes)
    years = frame.index.get_level_values("year").to_numpy()
    thin = frame[(years % 5 == years.max() % 5)] if len(set(years)) > 20 else frame
    resampled = _resampled(thin, grid, draws)
    rows = []
    for place, quantile in enumerate(QUANTILES):
        curve = grid @ quantile_regression(y, x, quantile)
        low, high = (
            np.quantile(resampled[:, place], LEVELS, axis=0)
            if draws
            else np.full((2, GRID), np.nan)
        )
        rows.append(
            pd.DataFrame(
                {"income": incomes, "quantile": quantile, "share": curve, "low": low, "high": high}
            )
        )
    return pd.concat(rows, ignore_index=True)


def standing(frame: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Return each economy's last share beside what is usual at its income.

    Returns
    -------
    pandas.DataFrame
        ``country, year, income, share, usual`` (the median of the curves at its income) and
        ``rank``, % of conditional quantiles at or below its share, by quantile regressions at
        every fifth per cent: 5 is 5 or less, 95 is 95 or more.
    """
    levels = np.arange(0.05, 0.96, 0.05)
    x, y = _design(frame["income"].to_numpy(dtype=float)), frame["share"].to_numpy(dtype=float)
    slopes = np.array([quantile_regression(y, x, level) for level in levels])
    rows = []
    for country in countries:
        if country not in frame.index.get_level_values("country"):
            continue
        own = frame.xs(country, level="country").sort_index()
        last = own.iloc[-1]
        curve = (_design(np.array([last["income"]])) @ slopes.T)[0]
        rows.append(
            {
                "country": country,
                "year": int(own.index[-1]),
                "income": last["income"],
                "share": last["share"],
                "usual": curve[len(levels) // 2],
                "rank": 100 * float(np.interp(last["share"], np.sort(curve), levels)),
            }
        )
    return pd.DataFrame(rows)


def _design(income: Vector) -> Matrix:
    logs = np.log(income)
    return np.column_stack([np.ones_like(logs), logs, logs**2])


def _resampled(frame: pd.DataFrame, grid: Matrix, draws: int) -> np.ndarray:
    """Return curves (draws, quantiles, grid) of economies drawn anew."""
    rng = np.random.default_rng(SEED)
    country = pd.factorize(frame.index.get_level_values("country"))[0]
    rows = [np.flatnonzero(country == c) for c in range(int(country.max()) + 1)]
    x, y = _design(frame["income"].to_numpy(dtype=float)), frame["share"].to_numpy(dtype=float)
    found = np.empty((draws, len(QUANTILES), len(grid)))
    for draw in range(draws):
        at = np.concatenate([rows[c] for c in rng.integers(0, len(rows), len(rows))])
        for place, quantile in enumerate(QUANTILES):
            found[draw, place] = grid @ quantile_regression(y[at], x[at], quantile)
    return found
