"""The usual range of manufacturing at an income: quantile curves, and where an economy stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Cube, Matrix, Vector
from forecast.structure.quantile_regression import quantile_regression

PATHS = ("CHN", "JPN", "KOR", "DEU", "ARG", "BRA")
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
GRID = 25  # incomes shown
SPARSE = 5  # years: what resampling reads of an annual table
SEED = 20261128
LEVELS = (0.1, 0.9)
RANKS = np.concatenate([[0.01, 0.02], np.arange(1, 20) / 20, [0.98, 0.99]])


def quantile_curves(frame: pd.DataFrame, draws: int = 200) -> pd.DataFrame:
    """Return quantiles of the manufacturing share by income, with intervals over economies.

    Each quantile is linear in log income and its square. For the intervals economies are drawn
    anew, whole, and what the curve moves is added to the curve; of an annual table with more than
    twenty years every fifth is read for that, which tells nearly as much.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``income`` (US$ per head, above zero) and ``share`` (%) on (country, year).
    draws : int
        Samples of economies; 0: no intervals.

    Returns
    -------
    pandas.DataFrame
        ``income, quantile, share, low, high`` (80 %) on a grid of incomes from the 5th to the 95th
        percentile of the rows.
    """
    x, y = _problem(frame)
    first, last = np.quantile(np.log(frame["income"]), (0.05, 0.95))
    incomes = np.exp(np.linspace(first, last, GRID))
    grid = _design(incomes)
    year = frame.index.get_level_values("year").to_numpy()
    sparse = frame[year % SPARSE == year.max() % SPARSE] if len(set(year)) > 20 else frame
    moves = _moves(sparse, grid, draws)
    curves = []
    for place, quantile in enumerate(QUANTILES):
        share = grid @ quantile_regression(y, x, quantile)
        low, high = np.full((2, GRID), np.nan)
        if draws:
            low, high = share + np.quantile(moves[:, place], LEVELS, axis=0)
        curves.append(
            pd.DataFrame(
                {"income": incomes, "quantile": quantile, "share": share, "low": low, "high": high}
            )
        )
    return pd.concat(curves, ignore_index=True)


def standing(frame: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """Return each economy's last share beside what is usual at its income.

    Returns
    -------
    pandas.DataFrame
        ``country, year, income, share``; ``usual``, the median at its income; ``rank``, the
        conditional quantile at which its share stands, %, between quantile regressions at every
        fifth and the outer per cents (1 is 1 or less, 99 is 99 or more; quantiles that cross are
        put in order, Chernozhukov, Fernandez-Val and Galichon 2010).
    """
    x, y = _problem(frame)
    slopes = np.array([quantile_regression(y, x, level) for level in RANKS])
    median = quantile_regression(y, x, 0.5)
    last = frame.sort_index().groupby(level="country").tail(1).reset_index().set_index("country")
    rows = last.loc[[c for c in countries if c in last.index], ["year", "income", "share"]]
    at = _design(rows["income"].to_numpy(dtype=float))
    curves = np.sort(at @ slopes.T, axis=1)
    places = [
        np.interp(own, curve, RANKS) for own, curve in zip(rows["share"], curves, strict=True)
    ]
    return rows.assign(usual=at @ median, rank=100 * np.array(places)).reset_index()


def _problem(frame: pd.DataFrame) -> tuple[Matrix, Vector]:
    return _design(frame["income"].to_numpy(dtype=float)), frame["share"].to_numpy(dtype=float)


def _design(income: Vector) -> Matrix:
    logs = np.log(income)
    return np.column_stack([np.ones_like(logs), logs, logs**2])


def _moves(frame: pd.DataFrame, grid: Matrix, draws: int) -> Cube:
    """Return curves of economies drawn anew less that of all, (draws, quantiles, grid)."""
    rng = np.random.default_rng(SEED)
    codes = pd.factorize(frame.index.get_level_values("country"))[0]
    rows = [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]
    x, y = _problem(frame)
    found = np.empty((draws, len(QUANTILES), len(grid)))
    for place, quantile in enumerate(QUANTILES):
        found[:, place] = -(grid @ quantile_regression(y, x, quantile))
    for draw in range(draws):
        at = np.concatenate([rows[code] for code in rng.integers(0, len(rows), len(rows))])
        for place, quantile in enumerate(QUANTILES):
            found[draw, place] += grid @ quantile_regression(y[at], x[at], quantile)
    return found
