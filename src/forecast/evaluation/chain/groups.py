"""Which group a case of the income chain's backtest belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.evaluation.growth.case_groups import case_groups
from forecast.specs.choices import CHAIN_GROUPINGS, GROUPINGS

FAST, CALM, WILD = 0.035, 0.03, 0.1
"""Mean growth, its volatility, and the exchange rate's, ten years, log points a year."""
_EDGES = (0.4, 0.6, 0.8)
_DISTANCES = ("20-40 % of the line", "40-60 %", "60-80 %", "80-100 %")


def chain_groups(cases: pd.DataFrame, by: str, regions: Mapping[str, str]) -> pd.Series:
    """Return the group's name of each row of ``cases``, all as known at the origin.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_chain``.
    by : str
        ``group``, ``region``, ``decade`` as ``case_groups``; ``distance``: income over the line;
        ``kind``: ``fast and calm`` (ten-year growth per head above 3.5 %, its volatility under 3
        points), else ``wild exchange rate`` (volatility above 10 points), else ``other``.
    regions : mapping of country to region

    Raises
    ------
    DataError
        If ``by`` is none of these.
    """
    if by in GROUPINGS:
        return case_groups(cases, by, regions)
    if by == "distance":
        place = np.searchsorted(np.log(_EDGES), cases["relative_income"].to_numpy(), side="right")
        return pd.Series([_DISTANCES[k] for k in place], index=cases.index)
    if by == "kind":
        fast = (cases["growth_mean"] > FAST) & (cases["volatility_growth"] < CALM)
        wild = cases["volatility_exchange"] > WILD
        named = np.select([fast, wild], ["fast and calm", "wild exchange rate"], "other")
        return pd.Series(named, index=cases.index)
    raise DataError(f"by: found {by!r}, must be one of {', '.join(CHAIN_GROUPINGS)}")
