"""The IMF's view of growth per head, as it stood at each origin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.record import LONGEST
from forecast.errors import DataError

AHEAD = 5  # years ahead that an edition of the World Economic Outlook covers
SEASONS = {"fall": ("F", 0), "spring": ("S", 1)}
"""Edition, and how many years after the origin it appears."""
_BOUNDS = (-60.0, 150.0)  # % a year: growth beyond them counts as this


def edition_growth(editions: pd.DataFrame) -> pd.DataFrame:
    """Return growth of real GDP in each edition: as given, or from its levels.

    Parameters
    ----------
    editions : pandas.DataFrame
        ``edition_year, season, country, year, indicator, value``, with indicator ``ngdp_rpch``
        (growth, %) or ``NGDP_R`` (levels, of one unit within an edition and economy).

    Returns
    -------
    pandas.DataFrame
        ``edition_year, season, country, year, growth`` (% a year). An edition that is there with
        growth is not read from levels.
    """
    given = editions[editions["indicator"] == "ngdp_rpch"].rename(columns={"value": "growth"})
    levels = editions[editions["indicator"] == "NGDP_R"]
    place = ["edition_year", "season", "country"]
    before = levels.assign(year=levels["year"] + 1)
    both = levels.merge(before, on=[*place, "year"], suffixes=("", "_before"))
    both = both.assign(growth=100 * (both["value"] / both["value_before"] - 1))
    there = pd.MultiIndex.from_frame(given[place[:2]].drop_duplicates())
    new = both[~pd.MultiIndex.from_frame(both[place[:2]]).isin(there)]
    columns = [*place, "year", "growth"]
    told = pd.concat([given[columns], new[columns]], ignore_index=True)
    return told.dropna(subset=["growth"])


def imf_view(growth: pd.DataFrame, record: ChainRecord, season: str = "fall") -> pd.DataFrame:
    """Return the IMF's growth per head of the next five years, as known at each origin.

    Growth of GDP as the edition forecasts it, less the population growth of the origin's year
    carried on (the editions before 2019 forecast no population).

    Parameters
    ----------
    growth : pandas.DataFrame
        ``edition_growth``: ``edition_year, season`` (S, F), ``country, year, growth`` (%).
    record : ChainRecord
    season : str
        ``fall``: the edition of the autumn of the origin's year; ``spring``: of the spring after.

    Returns
    -------
    pandas.DataFrame
        Index ``origin, country``; columns 1 to 5: log points, cumulated over the years ahead. Rows
        without a year ahead are left out.

    Raises
    ------
    DataError
        If the season is neither.
    """
    if season not in SEASONS:
        raise DataError(f"season: found {season!r}, must be one of {', '.join(SEASONS)}")
    letter, after = SEASONS[season]
    chosen = growth[growth["season"] == letter]
    origin = chosen["edition_year"] - after
    ahead = chosen["year"] - origin
    kept = chosen.assign(origin=origin, ahead=ahead)[(ahead >= 1) & (ahead <= AHEAD)]
    wide = kept.pivot(index=["origin", "country"], columns="ahead", values="growth")
    wide = wide.reindex(columns=range(1, AHEAD + 1)).dropna(how="all")
    people = pd.DataFrame(record.population, index=record.years, columns=list(record.countries))
    carried = people.stack().reindex(wide.index).fillna(0.0).to_numpy()
    yearly = np.log1p(np.clip(wide.to_numpy(np.float64), *_BOUNDS) / 100) - carried[:, None]
    return pd.DataFrame(np.cumsum(yearly, axis=1), index=wide.index, columns=wide.columns)


def view_ahead(view: pd.DataFrame, record: ChainRecord) -> Array:
    """Return the view (10, T, N) of every origin of the record, its fifth year's rate carried on.

    Parameters
    ----------
    view : pandas.DataFrame
        Index ``origin, country``; columns 1 to 5, log points of growth per head, cumulated, as
        known at the origin: that of ``imf_view``, or of any other forecaster.

    Raises
    ------
    DataError
        If index or columns are others.
    """
    columns: list[object] = list(view.columns)
    if list(view.index.names) != ["origin", "country"] or columns != list(range(1, AHEAD + 1)):
        raise DataError(
            f"view of growth: index {list(view.index.names)}, columns {list(view.columns)}; must "
            "be origin, country and 1 to 5 years ahead"
        )
    grid = pd.MultiIndex.from_product([record.years, record.countries])
    told = view.reindex(grid).to_numpy(np.float64).T
    return carried_on(told.reshape(AHEAD, len(record.years), len(record.countries)))


def carried_on(cumulated: Array) -> Array:
    """Return a view (10, ...) whose first five years are given, the fifth's rate carried on."""
    rate = cumulated[-1] - cumulated[-2]
    more = [cumulated[-1] + k * rate for k in range(1, LONGEST - AHEAD + 1)]
    return np.concatenate([cumulated, np.stack(more)])
