"""Editions of the World Development Indicators, as the long file of raw statistics has them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.text_table import read_text, to_floats, to_integers
from forecast.sources.readers.raw import one

EDITIONS = "editions_wdi.csv.gz"
INCOME = "NY.GNP.PCAP.CD"
_COLUMNS = ["vintage", "iso3", "indicator", "year", "value"]


def read_wdi_editions(folder: Path, indicator: str = INCOME) -> pd.DataFrame:
    """Return one indicator as each edition gave it.

    Parameters
    ----------
    folder : pathlib.Path
        Of raw statistics, with ``EDITIONS``.
    indicator : str
        Code of the World Bank; GNI per capita (Atlas method) if not given.

    Returns
    -------
    pandas.DataFrame
        ``vintage`` (YYYY-MM), ``country, year, value``.

    Raises
    ------
    DataError
        If the file, a column or the indicator is missing, or a cell is not what its column holds.
    """
    path = one(folder, EDITIONS)
    text = read_text(path, str(path))
    missing = [c for c in _COLUMNS if c not in text.columns]
    if missing:
        raise DataError(f"{path}: column {missing[0]!r} is missing; found {list(text.columns)}")
    rows = text[text["indicator"] == indicator]
    if rows.empty:
        raise DataError(f"{path}: indicator {indicator!r} is not in it")
    return pd.DataFrame({
        "vintage": rows["vintage"],
        "country": rows["iso3"],
        "year": to_integers(rows["year"], str(path)),
        "value": to_floats(rows["value"], str(path)),
    }).reset_index(drop=True)  # fmt: skip
