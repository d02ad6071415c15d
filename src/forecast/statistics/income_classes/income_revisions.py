"""How published income is revised from edition to edition, and whether it changes side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from forecast.statistics.income_classes.class_lines import class_line

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def income_revisions(
    editions: pd.DataFrame, thresholds: pd.DataFrame, before: str, after: str
) -> pd.DataFrame:
    """Return the revision of every economy-year that two editions have.

    Parameters
    ----------
    editions : pandas.DataFrame
        ``vintage, country, year, value``: GNI per capita, Atlas method, current US$.
    thresholds : pandas.DataFrame
        ``year`` and ``high_above``: the line is announced, and not revised.
    before, after : str
        Vintages.

    Returns
    -------
    pandas.DataFrame
        ``country, year``; ``age``, years before the last of the earlier edition; ``margin`` and
        ``margin_after``, log income over the line in both; ``revision``, log.
    """
    line = class_line(thresholds)
    one, other = (
        editions[editions["vintage"] == v].set_index(["country", "year"])["value"]
        for v in (before, after)
    )
    both = pd.DataFrame({"before": one, "after": other}).dropna().reset_index()
    both = both[both["year"].isin(line.index)]
    logs = np.log(both[["before", "after"]].div(both["year"].map(line), axis=0))
    return both[["country", "year"]].assign(
        age=int(one.index.get_level_values("year").max()) - both["year"],
        margin=logs["before"],
        margin_after=logs["after"],
        revision=logs["after"] - logs["before"],
    )


def revision_statistics(revisions: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Return quantiles of revisions by group, and how many economy-years changed side.

    Parameters
    ----------
    revisions : pandas.DataFrame
        Of ``income_revisions``.
    group : pandas.Series
        On its index; rows without a group are left out.

    Returns
    -------
    pandas.DataFrame
        ``group, n, economies``; ``q10, q25, q50, q75, q90`` of the revision, %; ``to_below`` and
        ``to_above``, economy-years that changed side.
    """
    told = revisions.assign(group=group).dropna(subset=["group"])
    rows = []
    for name, own in told.groupby("group", sort=True, observed=True):
        was, now = own["margin"] > 0, own["margin_after"] > 0
        spread = 100 * np.quantile(own["revision"], QUANTILES)
        rows.append({
            "group": name,
            "n": len(own),
            "economies": own["country"].nunique(),
            **{f"q{round(100 * q)}": v for q, v in zip(QUANTILES, spread, strict=True)},
            "to_below": int((was & ~now).sum()),
            "to_above": int((~was & now).sum()),
        })  # fmt: skip
    return pd.DataFrame(rows)


def revised_away(revisions: pd.DataFrame, edges: Sequence[float]) -> pd.DataFrame:
    """Return how often an income first seen above the line is below it in the later edition.

    Parameters
    ----------
    revisions : pandas.DataFrame
        Of ``income_revisions``.
    edges : sequence of float
        Of the bands of the first margin (log), the last closed.

    Returns
    -------
    pandas.DataFrame
        ``low, high, n, economies, away, share``.
    """
    rows = []
    for low, high in pairwise(edges):
        own = revisions[(revisions["margin"] > low) & (revisions["margin"] <= high)]
        away = int((own["margin_after"] <= 0).sum())
        rows.append({
            "low": low, "high": high, "n": len(own), "economies": own["country"].nunique(),
            "away": away, "share": away / len(own) if len(own) else np.nan,
        })  # fmt: skip
    return pd.DataFrame(rows)
