"""Passing the line by group of economies or of years: what was said and what came."""

from __future__ import annotations

import pandas as pd


def crossing_by_group(cases: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return what each model said of a group on average, and what came.

    Parameters
    ----------
    cases : pandas.DataFrame
        Of ``backtest_crossing``.
    group : pandas.Series
        Group of each case, on the index of ``cases``; a case without one is left out.

    Returns
    -------
    pandas.DataFrame
        ``model, horizon, group, n, events, said, came, brier, climatology``: mean probability,
        share of events, Brier score, and what the group's own share of events would score. Rows
        in the order of the groups' names.
    """
    known = cases.assign(group=group, squared=(cases["probability"] - cases["event"]) ** 2)
    known = known.dropna(subset=["group"])
    found = known.groupby(["model", "horizon", "group"], sort=False).agg(
        n=("event", "size"),
        events=("event", "sum"),
        said=("probability", "mean"),
        came=("event", "mean"),
        brier=("squared", "mean"),
    )
    found["climatology"] = found["came"] * (1 - found["came"])
    return found.reset_index().sort_values(["model", "horizon", "group"], ignore_index=True)


def origin_class(cases: pd.DataFrame, classes: pd.DataFrame) -> pd.Series:
    """Return each case's published income class (``L, LM, UM, H``) in the year of its origin.

    ``classes`` has ``country, year, income_class``. NaN where none was published.
    """
    known = classes.set_index(["country", "year"])["income_class"].str.rstrip("*")
    keys = pd.MultiIndex.from_arrays([cases["country"], cases["origin"]])
    return pd.Series(known.reindex(keys).to_numpy(), index=cases.index, name="group")


def decade(cases: pd.DataFrame) -> pd.Series:
    """Return each case's decade of origin, such as ``1990s``."""
    tens: pd.Series = (cases["origin"] // 10 * 10).astype(str) + "s"
    return tens.rename("group")
