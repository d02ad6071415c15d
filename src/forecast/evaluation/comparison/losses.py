"""Losses by origin and model, which tests of equal accuracy take."""

from __future__ import annotations

import pandas as pd


def losses_by_origin(cases: pd.DataFrame, loss: str, horizon: int) -> pd.DataFrame:
    """Return the mean loss over countries (origins by models), in the order of the models.

    Parameters
    ----------
    cases : pandas.DataFrame
        ``model, origin, horizon, country`` and the column ``loss``.
    loss : str
        Name of the column; lower is better.
    horizon : int
        Whose cases are taken.

    Returns
    -------
    pandas.DataFrame
        One row an origin, in time order. Only cases that every model has. The average takes the
        dependence between countries in: what is left are the origins, of which neighbours share
        years wherever the horizon is longer than one.
    """
    rows = cases[cases["horizon"] == horizon]
    wide = rows.pivot(index=["origin", "country"], columns="model", values=loss).dropna()
    mean = wide.groupby("origin").mean().sort_index()
    return mean[list(dict.fromkeys(rows["model"]))]
