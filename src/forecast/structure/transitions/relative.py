"""Passages by income relative to the United States, between two years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import DataError

GROUPS = ("low", "middle", "high")


def relative_income_pwt(pwt: pd.DataFrame, measure: str, frontier: str = "USA") -> pd.DataFrame:
    """Return GDP per head over the frontier's, years by economies.

    Parameters
    ----------
    pwt : pandas.DataFrame
        ``country, year, pop`` and ``measure`` (``rgdpo`` or ``rgdpna``, million US$).
    """
    table = pwt.assign(income=pwt[measure] / pwt["pop"])
    wide = table.pivot(index="year", columns="country", values="income")
    if frontier not in wide:
        raise DataError(f"relative income: {frontier} is not in the table")
    return wide.div(wide[frontier], axis=0)


def relative_passages(
    relative: pd.DataFrame, first: int, last: int, low: float, high: float
) -> pd.DataFrame:
    """Return each economy's group in two years, by shares of the frontier's income.

    Middle income is from ``low`` up to ``high``; high is above.

    Returns
    -------
    pandas.DataFrame
        ``country, share_first, share_last, group_first, group_last`` of economies known in both
        years; groups are of `GROUPS`.

    Raises
    ------
    DataError
        If a year has no row, or the thresholds are not in order.
    """
    for year in (first, last):
        if year not in relative.index:
            raise DataError(f"relative passages: no income is known in {year}")
    if not 0 < low < high:
        raise DataError(f"relative passages: thresholds {low:g} and {high:g} must rise from 0")
    shares = relative.loc[[first, last]].T.dropna()
    shares.columns = pd.Index(["share_first", "share_last"])
    for when in ("first", "last"):
        at = np.searchsorted([low, high], shares[f"share_{when}"].to_numpy(), side="right")
        shares[f"group_{when}"] = np.array(GROUPS)[at]
    return shares.rename_axis("country").reset_index()


def counts_by_definition(
    tables: Sequence[tuple[str, pd.DataFrame]],
    first: int,
    last: int,
    lines: Sequence[tuple[float, float]],
) -> pd.DataFrame:
    """Return how many were middle income at first, and high, middle or low at last, by definition.

    Parameters
    ----------
    tables : sequence of (measure, relative incomes)
    first, last : int
    lines : sequence of (low, high)
    """
    rows = []
    for measure, relative in tables:
        for low, high in lines:
            found = relative_passages(relative, first, last, low, high)
            middle = found[found["group_first"] == "middle"]["group_last"]
            rows.append(
                {
                    "measure": measure,
                    "low": low,
                    "high": high,
                    "economies": len(found),
                    "middle_at_first": len(middle),
                    **{f"{group}_at_last": int((middle == group).sum()) for group in GROUPS},
                }
            )
    return pd.DataFrame(rows)


def growth_by_group(pwt: pd.DataFrame, groups: pd.Series, first: int, last: int) -> pd.DataFrame:
    """Return growth of labour productivity by group of economies.

    Parameters
    ----------
    pwt : pandas.DataFrame
        ``country, year, rgdpna, emp``.
    groups : pandas.Series by country
    first, last : int
        Growth is from the first year on record from ``first`` on, to ``last``.

    Returns
    -------
    pandas.DataFrame
        ``group, economies, mean, median, low, high`` (quartiles), % a year, log changes.
    """
    known = pwt.dropna(subset=["rgdpna", "emp"])
    known = known[known["year"].between(first, last)].sort_values("year")
    known = known.assign(output=np.log(known["rgdpna"] / known["emp"]))
    spans = known.groupby("country")[["year", "output"]].agg(["first", "last"])
    years = spans["year"]["last"] - spans["year"]["first"]
    growth = 100 * (spans["output"]["last"] - spans["output"]["first"]) / years
    growth = growth[(years > 0) & (spans["year"]["last"] == last)]
    joined = pd.DataFrame({"growth": growth, "group": groups.reindex(growth.index)}).dropna()
    grouped = joined.groupby("group")["growth"]
    found = grouped.agg(["size", "mean", "median"])
    found["low"], found["high"] = grouped.quantile(0.25), grouped.quantile(0.75)
    return found.rename(columns={"size": "economies"}).rename_axis("group").reset_index()
