"""Growth per head as an edition of the IMF's World Economic Outlook sees it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError

PER_HEAD, OUTPUT, PEOPLE = "NGDPRPC", "NGDP_R", "LP"


def growth_per_head(table: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """Return growth of real GDP per head, % of the year before: country x year.

    Of real GDP per head where the edition gives it for both years, else of real GDP over
    population. Growth inside one edition does not depend on its units or base year.

    Parameters
    ----------
    table : pandas.DataFrame
        country, subject, year, value, of one edition (`sources.readers.weo_file`); subjects
        ``NGDPRPC``, ``NGDP_R`` and ``LP`` are used.
    first_year : int
        First year wanted: the edition's own for its view of the present year and what follows.

    Returns
    -------
    pandas.DataFrame
        Index ``country``, columns whole years from ``first_year`` on; NaN where neither is known;
        economies and years without any are left out.

    Raises
    ------
    DataError
        If a key occurs twice, or there is no growth from ``first_year`` on.
    """
    used = table[table["subject"].isin([PER_HEAD, OUTPUT, PEOPLE])]
    if used.duplicated(["country", "subject", "year"]).any():
        raise DataError("the edition gives a country, subject and year twice")
    own = _growth(_wide(used, PER_HEAD))
    output, people = _wide(used, OUTPUT), _wide(used, PEOPLE)
    made = _growth(output / people.reindex(index=output.index, columns=output.columns))
    both = own.combine_first(made)
    wanted = [year for year in both.columns if int(year) >= first_year]
    ahead = both[wanted].dropna(how="all").dropna(how="all", axis=1)
    if ahead.empty:
        raise DataError(
            f"no growth per head from {first_year} on: {PER_HEAD}, or {OUTPUT} and {PEOPLE}, must "
            "be given for two years in a row"
        )
    return ahead.rename_axis(index="country", columns="year").astype(np.float64)


def _wide(table: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Return a subject's levels above zero, country x every year of its span."""
    rows = table[(table["subject"] == subject) & (table["value"] > 0)]
    wide = rows.pivot(index="country", columns="year", values="value")
    years = rows["year"].to_numpy(dtype=np.int64)
    span = np.arange(years.min(), years.max() + 1) if len(years) else years
    reindexed: pd.DataFrame = wide.reindex(columns=span)
    return reindexed


def _growth(levels: pd.DataFrame) -> pd.DataFrame:
    return 100.0 * (levels / levels.shift(axis=1) - 1.0)
