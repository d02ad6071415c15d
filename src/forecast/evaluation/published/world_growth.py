"""The world's mean growth by year, as a rival's memory."""

from __future__ import annotations

import pandas as pd

from forecast.panel import Panel


def mean_growth(panel: Panel) -> pd.DataFrame:
    """Return the mean over economies of annual growth, % a year, each economy counting alike.

    Parameters
    ----------
    panel : Panel
        A Penn World Table: annual, with ``rgdpna``, ``pop`` and ``emp``.

    Returns
    -------
    pandas.DataFrame
        Index year; ``gdp_growth``, ``gdp_per_capita_growth``, ``labour_productivity_growth``.

    Raises
    ------
    DataError
        If a column is missing.
    """
    frame = panel.require(["rgdpna", "pop", "emp"])
    levels = {
        "gdp_growth": frame["rgdpna"],
        "gdp_per_capita_growth": frame["rgdpna"] / frame["pop"],
        "labour_productivity_growth": frame["rgdpna"] / frame["emp"],
    }
    return pd.DataFrame(
        {
            name: 100 * level.unstack("country").pct_change(fill_method=None).mean(axis=1)
            for name, level in levels.items()
        }
    ).dropna(how="all")
