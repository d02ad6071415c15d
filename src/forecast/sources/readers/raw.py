"""Readers of the raw files: one function a file, no computation beyond reading.

The folder holds the publishers' series as files named ``<what>_<vintage>``; one of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.text_table import read_text, to_floats, to_integers

LONG = ("iso3", "year", "indicator", "value")
WDI = "wdi_*.csv.gz"
MANUFACTURING = "manufacturing_share_*.csv.gz"
THRESHOLDS = "income_thresholds_*.csv"
CLASSES = "income_classes_*.csv"
PWT = "pwt_10.01.csv.gz"
PWT_LEVELS = "pwt_11.0_levels.csv.gz"
POPULATION_TO_COME = "population_wpp2024.csv.gz"
POPULATION_BY_AGE = "ages_wpp2024.csv.gz"
# Guernsey and the Isle of Man, which the file of ages does not write as ISO 3166 does.
AGE_CODES = {"GBG": "GGY", "GBM": "IMN"}
AGES = ("pop_0_14", "pop_15_64", "pop_65_plus")
TEXTS = ("iso3", "countrycode", "indicator", "income_class")
WHOLE = ("year", "country_code", "low_at_most", "lower_middle_at_most", "high_above")


def vintage(folder: Path) -> str:
    """Return the date ``YYYY-MM-DD`` of the World Development Indicators in ``folder``."""
    path = one(folder, WDI)
    found = dated(path)
    if len(found) != len("YYYY-MM-DD"):
        raise DataError(f"{path}: the name must end in _YYYY-MM-DD.csv.gz, the data's vintage")
    return found


def dated(path: Path) -> str:
    """Return the date ``YYYY-MM-DD`` or ``YYYY-MM`` that a file's name ends in, or nothing."""
    found = re.search(r"_(\d{4}-\d{2}(-\d{2})?)\.", path.name)
    return found.group(1) if found else ""


def indicators(folder: Path) -> pd.DataFrame:
    """Return World Development Indicators: country, year, code, value; aggregates included."""
    return _long(one(folder, WDI))


def manufacturing(folder: Path) -> pd.DataFrame:
    """Return NV.IND.MANF.ZS, manufacturing in % of GDP: country, year, code, value."""
    return _long(one(folder, MANUFACTURING))


def thresholds(folder: Path) -> pd.DataFrame:
    """Return the limits of income classes by data year, GNI per capita, Atlas, current US$."""
    limits = ["low_at_most", "lower_middle_at_most", "high_above"]
    return _read(one(folder, THRESHOLDS), ["year", *limits])


def income_classes(folder: Path) -> pd.DataFrame:
    """Return the classification history: country, year, income_class (L, LM, UM, H, LM*)."""
    path = one(folder, CLASSES)
    return _read(path, ["iso3", "year", "income_class"]).rename(columns={"iso3": "country"})


def pwt(folder: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns of Penn World Table 10.01 under its own names, with country and year."""
    path = one(folder, PWT)
    return _read(path, ["iso3", "year", *columns]).rename(columns={"iso3": "country"})


def pwt_levels(folder: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return level columns of Penn World Table 11.0, million 2021 US$, with country and year."""
    path = one(folder, PWT_LEVELS)
    frame = _read(path, ["countrycode", "year", *columns])
    return frame.rename(columns={"countrycode": "country"})


def population_to_come(folder: Path) -> pd.DataFrame:
    """Return UN WPP 2024: country_code (M49), year, pop_med and its bounds, thousands."""
    bounds = ["pop_med", "pop_80l", "pop_80u", "pop_95l", "pop_95u"]
    return _read(one(folder, POPULATION_TO_COME), ["country_code", "year", *bounds])


def population_by_age(folder: Path) -> pd.DataFrame:
    """Return UN WPP 2024, medium variant: country, year, persons of 0-14, 15-64, 65+."""
    path = one(folder, POPULATION_BY_AGE)
    frame = _read(path, ["iso3", "year", *AGES]).rename(columns={"iso3": "country"})
    return frame.assign(country=frame["country"].replace(AGE_CODES))


def one(folder: Path, pattern: str) -> Path:
    """Return the only file of that pattern; raise DataError where there is none or several."""
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder of raw files")
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        names = ", ".join(p.name for p in found) or "none"
        raise DataError(f"{folder}: found {names}; must have exactly one file {pattern}")
    return found[0]


def _long(path: Path) -> pd.DataFrame:
    names = {"iso3": "country", "indicator": "code"}
    return _read(path, LONG).rename(columns=names)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    text = read_text(path, str(path))
    missing = [c for c in columns if c not in text.columns]
    if missing:
        raise DataError(
            f"{path}: column {missing[0]!r} is missing; found {', '.join(text.columns)}"
        )
    return pd.DataFrame({c: _typed(text[c], str(path)) for c in columns})


def _typed(column: pd.Series, where: str) -> pd.Series:
    if column.name in TEXTS:
        return column
    convert = to_integers if column.name in WHOLE else to_floats
    return pd.Series(convert(column, where), index=column.index, name=column.name)
