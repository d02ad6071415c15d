"""Five-year periods of income, investment and population, as growth regressions take them."""

from __future__ import annotations

import numpy as np
import pandas as pd

LENGTH = 5
DEPRECIATION = 0.05  # and technical progress: Mankiw, Romer and Weil (1992)


def solow_periods(annual: pd.DataFrame, first: int = 1960, last: int = 1985) -> pd.DataFrame:
    """Return income at the end of five-year periods, and what the period had of the rest.

    Parameters
    ----------
    annual : (country, year) with ``rgdpo``, ``pop``, ``csh_i`` of the Penn World Table
    first, last : int
        Ends of the first period and the last.

    Returns
    -------
    pandas.DataFrame
        (country, year), a row a period: ``income`` (``rgdpo`` per head at its end), ``investment``
        (mean share of its five years), ``ngd`` (population growth a year over it, and 0.05).
        Missing where a year of it is.
    """
    wide = annual[["rgdpo", "pop", "csh_i"]].unstack("country").sort_index()
    income = wide["rgdpo"] / wide["pop"]
    investment = wide["csh_i"].rolling(LENGTH, min_periods=LENGTH).mean()
    growth = np.log(wide["pop"]).diff(LENGTH) / LENGTH
    columns = {"income": income, "investment": investment, "ngd": growth + DEPRECIATION}
    made: pd.DataFrame = pd.concat({name: table.stack() for name, table in columns.items()}, axis=1)
    made = made.reorder_levels(["country", "year"]).sort_index()
    ends = made.index.get_level_values("year").isin(range(first, last + 1, LENGTH))
    return made.loc[ends]
