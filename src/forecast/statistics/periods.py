"""From an annual panel to five-year periods: growth, gaps at the start, means of determinants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.derive.apply import shift
from forecast.derive.initial import WINDOW
from forecast.errors import DataError, unknown
from forecast.panel import INDEX, Panel
from forecast.variables import INITIAL

GROWTH: Mapping[str, str] = {"growth_output_per_worker": "output_per_worker", "growth_tfp": "tfp"}
GAPS: Mapping[str, str] = {"gap_output_per_worker": "output_per_worker", "gap_tfp": "tfp_level"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Which periods there are and when a mean counts.

    Attributes
    ----------
    ends : tuple of int
        Last year of each period.
    length : int
        Years in a period; the period ending in e holds e - length + 1 to e.
    least : int
        Years with a value that a mean needs.
    """

    ends: tuple[int, ...] = tuple(range(1999, 2025, 5))
    length: int = 5
    least: int = 2


def growth_panel(
    annual: Panel,
    determinants: Sequence[str],
    *,
    periods: Periods | None = None,
    frontier: str = "USA",
    growth: Mapping[str, str] = GROWTH,
    gaps: Mapping[str, str] = GAPS,
    initial: Sequence[str] = (),
) -> Panel:
    """Return the five-year growth panel of an annual panel.

    For a period that ends in e and has n years: growth is 100 (log y_e - log y_{e-n}) / n, in
    percent a year; a gap is log y_{e-n} - log y*_{e-n}, y* the frontier's (both after Islam 1995,
    equation 11, the distance replacing initial income); a determinant is the mean of the years
    with a value, missing where fewer than ``periods.least`` have one.

    Parameters
    ----------
    annual : Panel
        Step 1, with the columns named by ``growth``, ``gaps`` and ``determinants``.
    determinants : sequence of str
        Columns averaged, unit unchanged.
    periods : Periods or None
        Default: five years, ending 1999, 2004, ..., 2024, two years for a mean.
    frontier : str
        Economy that gaps are measured against.
    growth, gaps : mapping of new column to annual column
        Levels, positive where known.
    initial : sequence of str
        Columns of which ``<name>_initial`` is added (`initial_values`).

    Returns
    -------
    Panel
        Step ``periods.length``; columns: growth, gaps, determinants; rows without any value are
        left out.

    Raises
    ------
    DataError
        If a column or the frontier is missing, or a level is not positive.
    """
    periods = periods or Periods()
    levels = _logs(annual, [*growth.values(), *gaps.values()])
    columns: dict[str, pd.Series] = {}
    for name, level in growth.items():
        change = levels[level] - shift(levels[level], periods.length)
        columns[name] = 100.0 * change / periods.length
    for name, level in gaps.items():
        columns[name] = shift(_distance(levels[level], frontier, annual.source), periods.length)
    ends = levels.index.get_level_values("year").isin(periods.ends)
    made = pd.DataFrame(columns).loc[ends]
    means = period_means(annual.require(determinants), periods)
    frame = made.join(means, how="outer")
    if initial:
        begun = initial_values(annual.require(initial), periods)
        frame = frame.join(begun.add_suffix(INITIAL), how="outer")
    frame = frame.dropna(how="all").sort_index()
    return Panel(frame=frame, source=f"{annual.source}, periods", step=periods.length)


def period_means(frame: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Return means over the years of each period, on the index (country, last year).

    A mean needs ``periods.least`` years with a value and is missing otherwise.
    """
    years = frame.index.get_level_values("year").to_numpy()
    ends = np.array(sorted(periods.ends))
    place = np.searchsorted(ends, years)
    inside = place < len(ends)
    end = ends[np.minimum(place, len(ends) - 1)]
    inside &= years > end - periods.length
    countries = frame.index.get_level_values("country")[inside]
    keys = pd.MultiIndex.from_arrays([countries, end[inside]], names=INDEX)
    groups = frame.loc[inside].set_axis(keys).groupby(level=list(INDEX))
    means: pd.DataFrame = groups.mean()
    return means.where(groups.count() >= periods.least)


def initial_values(frame: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Return what each column was as the periods began, on the index (country, last year).

    The mean of the values of the last three years before the period, of one at least: nothing
    that growth in the period could have moved.
    """
    ends = tuple(end - periods.length for end in periods.ends)
    before = period_means(frame, Periods(ends=ends, length=WINDOW, least=1))
    index = before.index
    later = pd.MultiIndex.from_arrays(
        [index.get_level_values(0), index.get_level_values(1) + periods.length], names=INDEX
    )
    return before.set_axis(later).dropna(how="all")


def _logs(annual: Panel, names: Iterable[str]) -> pd.DataFrame:
    """Return logs of levels with every year of every country present, so that shifts reach."""
    levels = annual.require(list(dict.fromkeys(names)))
    wrong = levels <= 0
    if wrong.to_numpy().any():
        row, column = np.argwhere(wrong.to_numpy())[0]
        country, year = levels.index[row]
        raise DataError(
            f"{annual.source}: {levels.columns[column]!r} at ({country}, {year}): found "
            f"{levels.iloc[row, column]}, must be positive"
        )
    index = levels.index
    full = pd.MultiIndex.from_product(
        [index.get_level_values("country").unique(), np.sort(index.unique(level="year"))],
        names=INDEX,
    )
    logs = pd.DataFrame(np.log(levels.to_numpy(dtype=float)), index, levels.columns)
    return logs.reindex(full)


def _distance(log_level: pd.Series, frontier: str, source: str) -> pd.Series:
    countries = log_level.index.get_level_values("country")
    if frontier not in countries:
        raise DataError(f"{source}: {unknown(frontier, set(countries), 'frontier')}")
    leader = log_level.xs(frontier, level="country")
    years = log_level.index.get_level_values("year")
    distance: pd.Series = log_level - leader.reindex(years).to_numpy()
    return distance
