"""Editions of the IMF's World Economic Outlook, as the long files of raw statistics carry them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.text_table import read_text, to_floats, to_integers
from forecast.sources.readers.raw import one

HISTORY = "editions_weo_history.csv.gz"
WHOLE_EDITIONS = "editions_weo.csv.gz"
GROWTH, LEVEL = "ngdp_rpch", "NGDP_R"
_OWN_CODES = {"UVK": "XKX", "WBG": "PSE"}  # Kosovo, West Bank and Gaza
_SEASON = {"04": "S", "10": "F"}


def read_weo_editions(folder: Path) -> pd.DataFrame:
    """Return real GDP as each edition gave it and forecast it.

    Parameters
    ----------
    folder : pathlib.Path
        Of raw statistics, with ``HISTORY`` (1990-2024, growth) and ``WHOLE_EDITIONS`` (2019 on,
        levels).

    Returns
    -------
    pandas.DataFrame
        ``edition_year, season`` (S of April, F of October), ``country, year, indicator`` (`GROWTH`,
        % a year, or `LEVEL`, national currency at constant prices), ``value``.

    Raises
    ------
    DataError
        If a file or column is missing, or a cell is not what its column holds.
    """
    history = _table(folder, HISTORY, ["edition_year", "season"], GROWTH)
    whole = _table(folder, WHOLE_EDITIONS, ["edition"], LEVEL)
    month = whole["edition"].str[5:]
    unknown = sorted(set(month) - set(_SEASON))
    if unknown:
        raise DataError(f"{WHOLE_EDITIONS}: edition month {unknown[0]!r}, must be 04 or 10")
    whole = whole.assign(edition_year=whole["edition"].str[:4], season=month.map(_SEASON))
    told = pd.concat([history, whole.drop(columns="edition")], ignore_index=True)
    where = f"{folder}: editions of the World Economic Outlook"
    return told.assign(
        edition_year=to_integers(told["edition_year"], where),
        year=to_integers(told["year"], where),
        value=to_floats(told["value"], where),
        country=told["country"].replace(_OWN_CODES),
    )


def _table(folder: Path, name: str, keys: list[str], indicator: str) -> pd.DataFrame:
    """Return the rows of one indicator, every cell as text."""
    path = one(folder, name)
    text = read_text(path, str(path))
    columns = [*keys, "iso3", "year", "indicator", "value"]
    missing = [c for c in columns if c not in text.columns]
    if missing:
        raise DataError(f"{path}: column {missing[0]!r} is missing; found {list(text.columns)}")
    rows = text.loc[text["indicator"] == indicator, columns]
    return rows.rename(columns={"iso3": "country"})
