"""Who was middle income relative to the United States, and who rose above the upper bound."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
import pandas as pd

from forecast.errors import DataError, unknown

MEASURES = ("rgdpo", "rgdpna")
FRONTIER = "USA"
LOW, MIDDLE, HIGH = "low", "middle", "high"


def relative_to_frontier(pwt: pd.DataFrame, measure: str = "rgdpo") -> pd.DataFrame:
    """Return GDP per head over that of the United States, years by countries.

    Parameters
    ----------
    pwt : pandas.DataFrame
        ``country, year, pop`` and ``measure``.
    measure : {"rgdpo", "rgdpna"}
        rgdpo: output at PPPs of each year, made to compare levels; rgdpna: PPPs of one year and
        the growth of national accounts.

    Raises
    ------
    DataError
        If there is no such measure, or nothing of the United States.
    """
    if measure not in MEASURES:
        raise DataError(unknown(measure, MEASURES, "measure"))
    wide = pwt.assign(income=pwt[measure] / pwt["pop"]).pivot(
        index="year", columns="country", values="income"
    )
    if FRONTIER not in wide:
        raise DataError(f"relative income: the table has nothing of {FRONTIER}")
    return wide.div(wide[FRONTIER], axis=0)


def relative_groups(
    relative: pd.DataFrame, first: int, last: int, low: float, high: float
) -> pd.DataFrame:
    """Return each economy's group in two years, where both are known.

    Parameters
    ----------
    relative : pandas.DataFrame
        Of `relative_to_frontier`.
    first, last : int
    low, high : float
        Bounds of the middle, shares of the United States: middle income is above ``low`` and
        below ``high``.

    Returns
    -------
    pandas.DataFrame
        ``country, first, last`` (shares); ``group_first, group_last``; ``faster``, growth above
        that of the United States, points a year (log changes). The United States are left out.

    Raises
    ------
    DataError
        If bounds or years are not in order, or no economy is known in both years.
    """
    if not 0 < low < high:
        raise DataError(f"relative income: low {low:g} must be above 0 and below high {high:g}")
    if not first < last:
        raise DataError(f"relative income: first year {first} must be before the last, {last}")
    both = relative.drop(columns=FRONTIER).reindex([first, last]).dropna(axis=1)
    if both.empty or not both.shape[1]:
        raise DataError(f"relative income: no economy is known in {first} and in {last}")
    start, end = both.iloc[0], both.iloc[1]
    return pd.DataFrame({
        "country": both.columns,
        "first": start.to_numpy(),
        "last": end.to_numpy(),
        "group_first": _groups(start, low, high),
        "group_last": _groups(end, low, high),
        "faster": 100 * np.log((end / start).to_numpy()) / (last - first),
    })  # fmt: skip


def group_counts(groups: pd.DataFrame, progress: float) -> dict[str, int]:
    """Return how many were middle income, and what became of them.

    Parameters
    ----------
    groups : pandas.DataFrame
        Of `relative_groups`.
    progress : float
        Points a year by which an economy must outgrow the United States to count as
        ``gaining``, where it did not become high.

    Returns
    -------
    dict
        ``known``, economies with data in both years; ``middle``; of these ``became_high``,
        ``gaining``, ``others`` (which sum to middle) and, within the last two, ``fell_low``.
    """
    middle = groups[groups["group_first"] == MIDDLE]
    rose = middle["group_last"] == HIGH
    gaining = ~rose & (middle["faster"] >= progress)
    return {
        "known": len(groups),
        "middle": len(middle),
        "became_high": int(rose.sum()),
        "gaining": int(gaining.sum()),
        "others": int((~rose & ~gaining).sum()),
        "fell_low": int((middle["group_last"] == LOW).sum()),
    }


def counts_by_definition(
    pwt: pd.DataFrame,
    years: Iterable[tuple[int, int]],
    bounds: Iterable[tuple[float, float]],
    progress: float,
) -> pd.DataFrame:
    """Return the counts under each measure, pair of years and pair of bounds.

    Returns
    -------
    pandas.DataFrame
        ``measure, first, last, low, high`` and the counts of `group_counts`.
    """
    rows = []
    relative = {measure: relative_to_frontier(pwt, measure) for measure in MEASURES}
    for measure, (first, last), (low, high) in product(MEASURES, years, bounds):
        groups = relative_groups(relative[measure], first, last, low, high)
        said = {"measure": measure, "first": first, "last": last, "low": low, "high": high}
        rows.append(said | group_counts(groups, progress))
    return pd.DataFrame(rows)


def growth_by_group(
    pwt: pd.DataFrame, groups: pd.DataFrame, first: int, last: int, *, whole: bool = True
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return growth of output per worker of those who passed the upper bound and those who did not.

    Parameters
    ----------
    pwt : pandas.DataFrame
        ``country, year, rgdpna, emp``.
    groups : pandas.DataFrame
        Of `relative_groups`: only those in the middle in its first year count.
    first, last : int
        Of the growth rates.
    whole : bool
        Whether an economy must have ``first`` on record; else it grows from its first year in
        these. All must have ``last``.

    Returns
    -------
    tuple of two pandas.DataFrame
        A row a group: ``group`` (passed, did not pass), ``economies, mean, median, lowest,
        highest``, % a year (compound); and a row an economy: ``country, group, begun`` (its
        first year), ``growth``.

    Raises
    ------
    DataError
        If no economy of the middle has output and employment in these years.
    """
    return grouped_growth(output_spans(pwt, first, last), groups, first, last, whole=whole)


def output_spans(pwt: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return each economy's first and last year on record, ``begun, ended``, and output in them.

    Output per worker, ``start, end``, of those that have ``last`` and a year before it; index
    country. ``pwt, first, last`` are those of `growth_by_group`.
    """
    rows = pwt[pwt["year"].between(first, last)].dropna(subset=["rgdpna", "emp"])
    rows = rows.sort_values("year", ignore_index=True)
    rows["output"] = rows["rgdpna"] / rows["emp"]
    spans = rows.groupby("country").agg(
        begun=("year", "first"), ended=("year", "last"),
        start=("output", "first"), end=("output", "last"),
    )  # fmt: skip
    return spans[(spans["ended"] == last) & (spans["begun"] < last)]


def grouped_growth(
    spans: pd.DataFrame, groups: pd.DataFrame, first: int, last: int, *, whole: bool = True
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `growth_by_group` of economies' `output_spans`, which many groups can share."""
    if whole:
        spans = spans[spans["begun"] == first]
    middle = groups[groups["group_first"] == MIDDLE].set_index("country")
    spans = spans.join(middle["group_last"], how="inner")
    if spans.empty:
        raise DataError(
            f"growth by group: no middle-income economy is known from {first} to {last}"
        )
    years = spans["ended"] - spans["begun"]
    each = pd.DataFrame({
        "country": spans.index,
        "group": np.where(spans["group_last"] == HIGH, "passed", "did not pass"),
        "begun": spans["begun"].to_numpy(),
        "growth": 100 * ((spans["end"] / spans["start"]) ** (1 / years) - 1).to_numpy(),
    }).sort_values(["group", "growth"], ascending=False, ignore_index=True)  # fmt: skip
    summary = each.groupby("group", sort=False)["growth"].agg(
        economies="size", mean="mean", median="median", lowest="min", highest="max"
    )
    return summary.reset_index(), each


def _groups(shares: pd.Series, low: float, high: float) -> list[str]:
    return [LOW if s <= low else HIGH if s >= high else MIDDLE for s in shares]
