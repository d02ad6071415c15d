"""Years of passage that others named for many economies: ``data/published_passages.csv``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.readers.published_forecasts import SOURCE_KINDS

COLUMNS = ["made", "by", "country", "year", "source_kind", "source", "licence"]


def read_published_passages(path: Path) -> pd.DataFrame:
    """Return the named years, one row an economy and forecaster.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    pandas.DataFrame
        ``made`` (YYYY-MM); ``by``; ``country``, ISO 3166 alpha-3; ``year``, the first year of data
        with which the economy is high income; ``source_kind``; ``source``; ``licence``.

    Raises
    ------
    DataError
        Naming file, row, what was found and what is allowed.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(f"{path.name}: cannot be read: {error}") from None
    if list(table.columns) != COLUMNS:
        raise DataError(
            f"{path.name}: columns are {', '.join(map(str, table.columns))}; must be "
            f"{', '.join(COLUMNS)}"
        )
    year = pd.to_numeric(table["year"], errors="coerce")
    checks = {
        "made": (table["made"].str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])"), "YYYY-MM"),
        "country": (table["country"].str.fullmatch(r"[A-Z]{3}"), "three capital letters"),
        "year": (year.between(1900, 2200) & (year % 1 == 0), "a year"),
        "source_kind": (table["source_kind"].isin(SOURCE_KINDS), ", ".join(SOURCE_KINDS)),
        "by": (~table.duplicated(["by", "country", "made"]) & (table["by"] != ""), "a name, once"),
    }
    for name, (good, allowed) in checks.items():
        if not good.all():
            row = int((~good).to_numpy().argmax())
            raise DataError(
                f"{path.name}: row {row + 2}: {name} is {table[name].iloc[row]!r}, must be "
                f"{allowed}"
            )
    return table.assign(year=year.astype(int))
