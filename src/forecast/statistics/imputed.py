"""Runs of one repeated value: the mark that a publisher's imputation leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.statistics.periods import Periods, period_means

IMPUTED = "imputed"  # the flag of such a value
LEAST_RUN = 4
HALF = 0.5
# Shares that a publisher computes from carried-forward parts differ in their tenth digit.
EQUAL = 1e-6


def flat_runs(
    annual: pd.DataFrame, *, least: int = LEAST_RUN, natural: Collection[str] = ()
) -> pd.DataFrame:
    """Return whether each value is part of a run of equal values in successive years.

    A statistic that is measured does not repeat itself to the sixth digit for years; one that is
    carried forward does. Equal means: within a millionth.

    Parameters
    ----------
    annual : pandas.DataFrame
        Columns of numbers on the index (country, year), one row a year.
    least : int
        Years that make a run. A missing year ends it.
    natural : collection of str
        Columns that may repeat themselves for good reason, such as a pegged exchange rate.

    Returns
    -------
    pandas.DataFrame
        Booleans of the same shape.
    """
    index = annual.index
    order = annual.sort_index()
    country = pd.factorize(order.index.get_level_values("country"))[0]
    year = order.index.get_level_values("year").to_numpy()
    marks = {
        str(name): np.zeros(len(order), dtype=bool)
        if name in natural
        else _in_run(country, year, order[name].to_numpy(dtype=float), least)
        for name in order.columns
    }
    return pd.DataFrame(marks, index=order.index).reindex(index)


def imputed_shares(annual: pd.DataFrame, runs: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Return, by period, the share of the years behind each mean that are part of a run.

    Parameters
    ----------
    annual, runs : pandas.DataFrame
        Values and their marks (`flat_runs`) on the index (country, year).
    periods : Periods
        Those of the means.

    Returns
    -------
    pandas.DataFrame
        0 to 1 on the index (country, last year); missing where the mean is.
    """
    return period_means(runs.astype(float).where(annual.notna()), periods)


def without_imputed(panel: Panel, most: float = HALF) -> Panel:
    """Return the panel with imputed values taken out (missing).

    In an annual panel a value goes where it is part of a run; in a panel of period means where
    the share ``most`` or more of its years are.

    Raises
    ------
    DataError
        If the panel does not say which values are imputed.
    """
    if panel.imputed is None:
        raise DataError(
            f"{panel.source}: does not say which values are imputed, so they cannot be excluded"
        )
    shares = panel.imputed.reindex(panel.frame.index)
    known = [c for c in panel.frame.columns if c in shares.columns]
    kept: Mapping[str, pd.Series] = {
        c: panel.frame[c].mask(shares[c].fillna(0.0).to_numpy(dtype=float) >= most) for c in known
    }
    return replace(panel, frame=panel.frame.assign(**kept))


def _in_run(country: np.ndarray, year: np.ndarray, values: np.ndarray, least: int) -> np.ndarray:
    """Return the marks of one column, rows sorted by country and year."""
    if not len(values):
        return np.zeros(0, dtype=bool)
    same = np.zeros(len(values), dtype=bool)
    equal = np.abs(values[1:] - values[:-1]) <= EQUAL * np.abs(values[:-1])
    same[1:] = equal & (country[1:] == country[:-1]) & (year[1:] == year[:-1] + 1)
    run = np.cumsum(~same) - 1
    marks: np.ndarray = (np.bincount(run)[run] >= least) & ~np.isnan(values)
    return marks
