"""Which group a backtest's cases belong to: by income, region or decade."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.specs.choices import GROUPINGS

THIRDS = ("1 poorest third", "2 middle third", "3 richest third")
UNKNOWN = "unknown"


def case_groups(cases: pd.DataFrame, by: str, regions: Mapping[str, str]) -> pd.Series:
    """Return the group's name of each row of ``cases``.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_growth`` or ``backtest_income``.
    by : str
        ``group``: third of the origin's economies by income relative to the United States then;
        ``region``: the World Bank's; ``decade``: of the origin.
    regions : mapping of country to region

    Returns
    -------
    pandas.Series
        Of text; ``unknown`` where region or income is not known.

    Raises
    ------
    DataError
        If ``by`` is none of these.
    """
    if by == "decade":
        return cases["origin"].map(lambda year: f"{year // 10 * 10}s").astype(str)
    if by == "region":
        return cases["country"].map(lambda code: regions.get(code) or UNKNOWN).astype(str)
    if by != "group":
        raise DataError(f"by: found {by!r}, must be one of {', '.join(GROUPINGS)}")
    economies = cases.drop_duplicates(["origin", "country"])
    rank = economies.groupby("origin")["relative_income"].rank(pct=True)
    third = np.clip(np.ceil(3 * rank.to_numpy(dtype=np.float64)) - 1, 0, 2)
    named = [UNKNOWN if np.isnan(k) else THIRDS[int(k)] for k in third]
    place = pd.MultiIndex.from_frame(economies[["origin", "country"]])
    told = pd.Series(named, index=place)
    asked = pd.MultiIndex.from_frame(cases[["origin", "country"]])
    return pd.Series(told.reindex(asked).to_numpy(), index=cases.index)
