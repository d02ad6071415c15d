"""From what the sources delivered to a full data package, for files and live clients alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from forecast.sources.countries import Countries
from forecast.sources.origin import Origin
from forecast.sources.package import DataPackage
from forecast.variables import Variables


def assemble(
    frames: Mapping[str, pd.DataFrame],
    origins: Mapping[str, Origin],
    tables: Mapping[str, pd.DataFrame],
    *,
    out_dir: Path,
    vintage: str,
    variables: Variables,
    countries: Countries,
) -> DataPackage:
    """Check everything that was delivered, compute the package's tables and write it.

    The package is written whole or not at all; what was at ``out_dir`` before stays until then.

    Parameters
    ----------
    frames : mapping of source key to pandas.DataFrame
        Long: ``country, year, variable, value``. ``country`` is in the origin's scheme
        (alpha-3, M49 number as text, or name), aggregates included; ``variable`` is a name of
        the dictionary; the row labels are data rows of the origin's file, from 0. A variable
        comes from one source. Keys used by the files' build: ``wdi``, ``wdi-2025``,
        ``pwt-10.01``, ``wpp-2024``, ``wpp-2017``.
    origins : mapping of source key to Origin
        One for each key of ``frames``, and those of ``tables`` (``classification``, ``pwt-9.1``,
        ``pwt-11.0``, ``paper``).
    tables : mapping of table name to pandas.DataFrame
        Needed: ``thresholds`` (year, low_at_most, lower_middle_at_most, high_above) and
        ``classes`` (country, year, income_class). Carried as they are where given: ``pwt91``,
        ``pwt1001``, ``pwt11`` (country, year, PWT's own names), ``paper_tables``.
    out_dir : Path
        The package's folder; its name, ``<name>-<YYYY.MM>``, is the package's.
    vintage : str
        Date ``YYYY-MM-DD`` of the package.
    variables : Variables
    countries : Countries
        The table of countries that every code is checked against.

    Returns
    -------
    DataPackage

    Raises
    ------
    DataError
        If a delivery does not pass the checks at the door: file, row, column and value are named.
    """
    raise NotImplementedError
