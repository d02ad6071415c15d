"""How common each scenario's changes are, one row a scenario, and a caveat on extrapolation."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.projection.precedent.precedent import TWO_TOGETHER
from forecast.reporting.wording import listed, percent

NAMED = 2


def precedent_rows(
    shares: pd.DataFrame,
    nearest: pd.DataFrame,
    labels: Mapping[str, str],
    economies: Mapping[str, str],
) -> list[dict[str, str]]:
    """Return each scenario's changes over the whole of its ramp beside those on record.

    Parameters
    ----------
    shares : pandas.DataFrame
        ``precedents.csv``.
    nearest : pandas.DataFrame
        ``precedents_nearest.csv``.
    labels : mapping of scenario to label
    economies : mapping of code to name
    """
    together = shares[shares["driver"] == TWO_TOGETHER]
    whole = together.loc[together.groupby("scenario", sort=False)["years"].idxmax()]
    rows = []
    for row in whole.to_dict("records"):
        close = nearest[
            (nearest["scenario"] == row["scenario"]) & (nearest["years"] == row["years"])
        ].drop_duplicates("rank")
        said = [
            f"{economies.get(one['country'], one['country'])} {one['since']}-{one['until']}"
            for one in close.head(NAMED).to_dict("records")
        ]
        rows.append(
            {
                "label": labels.get(row["scenario"], row["scenario"]),
                "years": str(row["years"]),
                "windows": str(row["windows"]),
                "as_large": percent(row["share"]),
                "as_far": percent(row["distance_share"]),
                "nearest": listed(said) or "-",
            }
        )
    return rows


def range_caveat(ranges: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Return whose paths leave the samples of the models that turn them into growth, if any do.

    Parameters
    ----------
    ranges : pandas.DataFrame
        ``sample_ranges.csv``.
    labels : mapping of scenario to label
    """
    outside = ranges["outside"].astype(bool)
    here = ranges["baseline_outside"].astype(bool)
    left = ranges[outside & ~here]
    said = []
    if not left.empty:
        names = [f"'{labels.get(one, one)}'" for one in left["scenario"].drop_duplicates()]
        said.append(
            "Coefficients are used outside the values that they were estimated on, from "
            f"{left['first_year'].min()} on at the earliest, in {listed(names)}."
        )
    if here.any():
        terms = listed(list(ranges.loc[here, "term"].drop_duplicates()))
        said.append(f"The country is outside them without any departure in: {terms}.")
    return said
